// SPDX-License-Identifier: Apache-2.0
//
// The texts that people read. Each owner (the core, or a plugin) brings one file a language,
// `i18n/<language>.json`: a flat object of id to text. A plugin's ids begin with its own id and a dot, the
// core's with `core.`. A member
// `_meta` may hold an object about the file itself (`"reviewed": "no"` until a reader of the language has
// signed).
//
// A text may name values as `{name}`. Braces have no other use in it.
#pragma once

#include "portal/Problem.h"

#include <dalate/value.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dalate::portal {

/// A language of the portal: its BCP 47 tag and its own name for itself.
struct Language {
    std::string_view tag;
    std::string_view name;
    /// Whether every id must have a text; a language without this falls back text by text.
    bool complete;
};

/// `zh-CN` (first: the fallback of all), `en`, `mn-Mong`.
const std::vector<Language>& languages();

/// Whether `tag` is one of `languages()`.
bool isLanguage(std::string_view tag);

/// The language to speak with somebody who sends this Accept-Language (RFC 9110, 12.5.4); zh-CN when none
/// fits.
std::string_view preferredLanguage(std::string_view acceptLanguage);

/// An immutable set of all texts in force. Safe to read from any thread.
class Translator {
public:
    Translator() = default;

    /// This set with the texts of `owner` (`core` or a plugin id) from `folder` in place of what it had. A
    /// missing folder brings no texts. Faults (not JSON, foreign ids, text that is no text, a stray brace, an
    /// id that zh-CN or en lacks) go to `problems`; then the result must not be used.
    Translator with(std::string_view owner, const std::filesystem::path& folder, Problems& problems) const;

    /// This set without the texts of `owner`.
    Translator without(std::string_view owner) const;

    /// The text of `id`, raw; falls back to zh-CN; null when neither has it.
    const std::string* find(std::string_view language, std::string_view id) const;

    /// Whether `language` has a text of its own for `id`.
    bool speaks(std::string_view language, std::string_view id) const;

    /// The text of `id` with each `{name}` replaced by that member of `values`, unescaped: the template
    /// escapes it later. Falls back to zh-CN, then to the id itself, which is logged once
    /// (`core.text.missing`).
    std::string tr(std::string_view language, std::string_view id, ValueView values = {}) const;
    /// The same, appended to `out`.
    void append(std::string& out, std::string_view language, std::string_view id, ValueView values) const;

    /// The ids of `owner` that the fallback language has and `language` lacks, sorted.
    std::vector<std::string> missing(std::string_view owner, std::string_view language) const;

    /// What the owner's file says about itself in `_meta.reviewed`; empty when it says nothing.
    std::string reviewed(std::string_view owner, std::string_view language) const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
    };
    /// Taken apart once: a page may say hundreds.
    struct Text {
        explicit Text(std::string text);
        struct Gap {
            std::size_t at;        ///< of its brace
            std::string_view name; ///< in `*raw`
        };
        /// On the heap: the names look into it wherever the text moves.
        std::unique_ptr<const std::string> raw;
        std::vector<Gap> gaps;
    };
    struct Texts {
        std::unordered_map<std::string, Text, Hash, std::equal_to<>> byId;
        std::string reviewed;
    };
    /// In the order of `languages()`; no texts where there is no file.
    using ByLanguage = std::vector<std::optional<Texts>>;

    /// The texts of an owner in a language, or null.
    const Texts* texts(std::string_view owner, std::string_view language) const;
    const Text* own(std::string_view language, std::string_view id) const;
    const Text* ownOrFallback(std::string_view language, std::string_view id) const;
    static ByLanguage read(std::string_view owner, const std::filesystem::path& folder, Problems& problems);

    std::map<std::string, std::shared_ptr<const ByLanguage>, std::less<>> owners_;
};

/// The names that stand in braces in `text`, in their order.
std::vector<std::string_view> placeholders(std::string_view text);

} // namespace dalate::portal
