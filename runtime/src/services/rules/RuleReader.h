// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Problem.h"
#include "services/rules/Rule.h"

#include <optional>
#include <string_view>
#include <vector>

namespace dalate::services::rules {

/// Reads one `rules/<name>.json` of a plugin against `schema` (sdk/schema/rules.schema.json) and the rules
/// between its keys. Every fault becomes a problem whose place is `rules/fees.json:12
/// $.rules[3].values[0].from`; nothing is returned where there is one. Names that stand in two files of a
/// plugin are `RuleBook`'s to refuse.
std::optional<std::vector<Rule>> readRules(ValueView schema, std::string_view text, std::string_view file,
                                           plugin::Problems& problems);

} // namespace dalate::services::rules
