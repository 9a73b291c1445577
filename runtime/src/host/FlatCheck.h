// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/abi.h>
#include <dalate/value.hpp>

#include <string_view>

namespace dalate::host {

/// Deepest nesting of lists and maps that a value from a plugin may have.
inline constexpr std::size_t flatDepth = 64;

/// The value that a plugin handed over, once it is proved to be one whole node: every size fits its parent
/// exactly, tags are known, integers are 8 bytes, numbers are JSON numbers, keys and texts are UTF-8, keys
/// stand in maps only. So whatever reads it later needs no check of its own. No bytes are null. Throws
/// `Error` 400 `core.host.value` (details: reason), 413 `core.host.value_size` above `Reply::cap`.
ValueView checkedValue(dalate_value value);

/// Bytes that a plugin handed over: a null pointer has no length. Throws `Error` 400 `core.host.text`.
std::string_view checkedBytes(dalate_str bytes);

/// The same for what must be UTF-8.
std::string_view checkedText(dalate_str text);

} // namespace dalate::host
