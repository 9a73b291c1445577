// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/CoreParts.h"
#include "services/rules/CountyCalendar.h"

namespace dalate::services::rules {

/// rules/1, about the calling plugin's own rules:
///   - `value {rule, at?, case?} -> {type, value, from, source, textRead, county}`: the value in force at a
///   moment
///     (microseconds), in a case's time (its id: the moment whose rules it keeps), or now;
///   - `due {start?, term | rule, at?, case?} -> {at, unknownYear?}`: when a term that starts then (default:
///   now)
///     ends, by the county's working days; `unknownYear` marks a provisional moment.
/// Callers: traceability (holds), samples/helpdesk (loans). Errors: those of `RulesAt` and `Term::parse`; 400
/// `core.rule.asked` (details: key) for an argument that is missing, of the wrong form or beside another that
/// excludes it; 404 `core.case.unknown`. `calendar` outlives the registry.
void offerRules(const CoreParts& parts, const CountyCalendar& calendar);

} // namespace dalate::services::rules
