// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Problem.h"

#include <filesystem>
#include <map>
#include <string>

namespace dalate::plugin {

/// Every regular file below a folder: path relative to it -> SHA-256.
struct FolderContent {
    std::map<std::string, std::string> files;
    Problems problems; ///< `core.plugin.symlink`, `core.plugin.unreadable`, `core.plugin.too_large`

    /// One digest for all: paths and contents.
    std::string digest() const;
};

/// Reads the whole folder. Symbolic links and special files are problems: what is checked must be what is
/// used.
FolderContent contentOf(const std::filesystem::path& folder);

/// Compares the files with `META/files.json` ({"path": {"sha256": …, "size": …}}) where the folder has one:
/// each file must be listed and each listed one be there, unchanged. `core.plugin.tampered` (details: file,
/// what).
Problems checkSeal(const std::filesystem::path& folder, const FolderContent& content);

} // namespace dalate::plugin
