// SPDX-License-Identifier: Apache-2.0
//
// Where libraries are loaded from: `<data>/cache/<plugin>/<sha256>/plugin.so`. A file is written beside its
// place, synced and renamed, and never touched again, so a mapped library cannot change under its plugin and
// every version is a file of its own. What is mapped stays mapped until the process ends.
#pragma once

#include "base/Result.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace dalate::plugin {

class LibraryCache {
public:
    explicit LibraryCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// The place of these bytes; puts them there where they are not yet, and again, with
    /// `core.plugin.cache_repaired` in the log, where the file there has another content. Throws Error 500
    /// `core.plugin.cache` (details: file, what).
    std::filesystem::path keep(std::string_view plugin, std::string_view sha256,
                               std::span<const std::byte> bytes);

private:
    std::filesystem::path folder_;
};

/// The bytes of a file. Throws Error 500 `core.plugin.unreadable` (details: file, what).
std::string readFile(const std::filesystem::path& file, std::size_t most);

inline std::span<const std::byte> asBytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

} // namespace dalate::plugin
