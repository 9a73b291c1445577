// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"
#include "host/CallRequest.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::gateway {

/// What a query or a form may hold at most.
struct FieldLimits {
    std::size_t fields = 200;
    std::size_t nameBytes = 256;
    std::size_t valueBytes = 64 * 1024;
};

/// Reads `application/x-www-form-urlencoded` text (WHATWG URL, 5.1), of a query or of a body: the two are
/// never merged. Names keep the order of their first appearance, duplicates all their values. What a browser
/// would never send is refused, never repaired. Errors: 400 `core.form.encoding` (a percent sign without two
/// digits, text that is not UTF-8, NUL, a control character in a name), 413 `core.form.size` above the
/// limits.
Result<host::Fields> parseFields(std::string_view text, const FieldLimits& limits = {});

/// The first value of a name, or null.
const std::string* firstOf(const host::Fields& fields, std::string_view name) noexcept;

/// Percent-decodes (`+` stays a plus: paths). Nothing for bad digits, NUL or text that is not UTF-8.
std::optional<std::string> decodePercent(std::string_view text);

/// Percent-encodes everything but unreserved characters and `/`, for a value within a query.
std::string encodePercent(std::string_view text);

} // namespace dalate::gateway
