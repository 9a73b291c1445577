// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"

#include <string>
#include <string_view>

namespace dalate::json {

/// What a parse accepts at most.
struct Limits {
    std::size_t bytes = 64u << 20;
    std::size_t depth = 64;
    std::size_t nodes = 4'000'000;
};

/// Parses one JSON text (RFC 8259) into the flat value form. Numbers keep their digits (Tag::number).
/// Refused, with the byte offset in the error's details: anything after the text, a byte order mark, invalid
/// UTF-8, lone surrogates, NaN and infinities, duplicate keys, and what passes the limits.
///
/// Errors (status 400): `core.json.syntax`, `core.json.encoding`, `core.json.duplicate_key` (details: path),
/// `core.json.depth`; status 413: `core.json.size`. Never recurses on the input's depth.
Result<Value> parse(std::string_view text, const Limits& limits = {});

/// JSON text of a value, keys in their order, without spaces. Numbers come out digit for digit; bytes as
/// base64.
std::string write(ValueView value);

/// Same, appended to `out`.
void write(ValueView value, std::string& out);

} // namespace dalate::json
