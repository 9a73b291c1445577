// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::services::forms {

/// What somebody typed, brought into one shape: Unicode NFC, no blanks at its ends, line ends as \n. Nothing
/// where it is not UTF-8 or holds what no one types and what can mislead a reader: control characters (TAB
/// and line ends apart), bidi embeddings, overrides and isolates (Unicode UAX 9), line and paragraph
/// separators, noncharacters, private use. The Mongolian controls (U+180B to U+180E, U+202F, U+200C, U+200D)
/// are letters' parts and stay untouched.
std::optional<std::string> tidy(std::string_view typed);

/// Full-width forms (U+FF01 to U+FF5E, U+3000) as ASCII, and blanks at the ends gone: for what is figures and
/// Latin letters, which a Chinese keyboard types either way.
std::string narrowed(std::string_view typed);

/// Code points of UTF-8 text: what a person counts, roughly, and a field's `max` means.
std::size_t characters(std::string_view text) noexcept;

/// The first `count` code points.
std::string_view firstCharacters(std::string_view text, std::size_t count) noexcept;

} // namespace dalate::services::forms
