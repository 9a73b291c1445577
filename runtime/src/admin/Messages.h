// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace dalate::admin {

/// The operator's message catalogue (`runtime/data/messages.json`): {id: {text, cause, remedy}} in English, and for
/// what stands on pages {text, remedy} again under the tag of another language. Immutable after construction, so
/// safe from any thread.
class Messages {
public:
    /// A missing file is an empty catalogue. Throws `core.json.*` where it cannot be read as one.
    explicit Messages(const std::filesystem::path& file);

    /// The text in `language`, else in English, with `{name}` replaced from `values`; the id with its values when
    /// it is not in the catalogue.
    std::string text(std::string_view id, ValueView values, std::string_view language = {}) const;
    /// What to do about it, likewise; empty when nobody wrote it down.
    std::string remedy(std::string_view id, ValueView values, std::string_view language = {}) const;

private:
    std::string_view find(std::string_view id, std::string_view language, std::string_view part) const;

    Value all_;
};

} // namespace dalate::admin
