// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace dalate {

/// Length in bytes of the well-formed UTF-8 sequence (Unicode 15, table 3-7) that `text` begins with at `at`;
/// 0 where there is none: a stray or missing continuation, an overlong form, a surrogate, or above U+10FFFF.
std::size_t utf8Sequence(std::string_view text, std::size_t at) noexcept;

/// Where the first ill-formed sequence begins; npos when all of it is UTF-8.
std::size_t findInvalidUtf8(std::string_view text) noexcept;

/// The longest beginning of well-formed `text` of at most `bytes` bytes that ends with a whole character.
/// Callers: a case's title and its subject, the words that a list is searched by.
std::string_view clipped(std::string_view text, std::size_t bytes) noexcept;

} // namespace dalate
