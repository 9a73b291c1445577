// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Context.h"
#include "epcis/Fields.h"

#include <dalate/value.hpp>

#include <string>
#include <string_view>

namespace dalate::traceability::epcis {

/// The one text of a scalar field, by kind: identifiers as GS1 Digital Link, vocabulary as web URIs, times in
/// UTC with milliseconds, numbers in plain digits, truth as `true` and `false`, text without white space
/// around it.
std::string canonicalText(Kind kind, ValueView value, const Context& context);

/// The one text of a scalar in an extension field, whose meaning EPCIS does not know: decimals without
/// trailing zeros (a number in quotes counts as one, since XML has no quotes), GS1 keys as Digital Link,
/// compact IRIs of GS1's own namespaces expanded; any other text as it is, without white space around it.
std::string canonicalExtensionText(ValueView value, const Context& context);

/// `text` without white space around it.
std::string_view trimmed(std::string_view text) noexcept;

} // namespace dalate::traceability::epcis
