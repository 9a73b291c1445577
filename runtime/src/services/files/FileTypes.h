// SPDX-License-Identifier: Apache-2.0
// What people attach to an application, and nothing else: a list of what is taken, since a list of what is
// dangerous is never whole. A type has three witnesses that must agree: the name's extension, by which the
// reader's computer opens it; the content, by libmagic or by the archive's entries; the sender's
// Content-Type, where it says more than "octets".
#pragma once

#include <span>
#include <string_view>

namespace dalate::services::files {

enum class Kind {
    /// JPEG, PNG: drawn anew, so that nothing but pixels is left.
    picture,
    pdf,
    /// A ZIP, with or without a format on top.
    archive,
    text
};

struct FileType {
    /// Short name for `files.types`: `pdf`.
    std::string_view name;
    Kind kind;
    std::string_view mediaType;
    /// Between blanks, lower case, without dots.
    std::string_view extensions;
    /// What libmagic (5.44) calls such content, between blanks.
    std::string_view magic;
    /// Other Content-Types that browsers and systems send for it, between blanks.
    std::string_view aliases;
    /// An entry that the archive must hold; empty: none.
    std::string_view entry;
};

std::span<const FileType> fileTypes() noexcept;

/// The type that a file name's extension stands for, or null.
const FileType* typeByName(std::string_view fileName) noexcept;

/// Whether `word` is one of the words between blanks.
bool hasWord(std::string_view words, std::string_view word) noexcept;

} // namespace dalate::services::files
