// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace dalate::admin {

/// The operator's message catalogue (`runtime/data/messages.json`): {id: {text, cause, remedy}}, in English.
/// A line that may stand on a page also has {"zh-CN": {text, remedy, words}}; `words` (optional) translates
/// the values that are fixed English phrases of the runtime. Immutable after construction, so safe from any
/// thread.
class Messages {
public:
    /// A missing file is an empty catalogue. Throws `core.json.*` where it cannot be read as one.
    explicit Messages(const std::filesystem::path& file);

    /// Whether the catalogue has that id, in whatever language.
    bool has(std::string_view id) const noexcept;
    /// The text in `language` (a tag such as `zh-CN`), else in English, with `{name}` replaced from `values`;
    /// the id with its values when it is not in the catalogue.
    std::string text(std::string_view id, ValueView values, std::string_view language = "en") const;
    /// What to do about it, in the same language as the text; empty when nobody wrote it down.
    std::string remedy(std::string_view id, ValueView values, std::string_view language = "en") const;

private:
    ValueView form(std::string_view id, std::string_view language) const noexcept;

    Value all_;
};

} // namespace dalate::admin
