// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Manifest.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::plugin {

/// One plugin's folder as it was found on the disk: `plugin.json`, `bin/<triplet>/plugin.so`, assets.
struct Candidate {
    std::string id; ///< the folder's name
    std::filesystem::path folder;
    std::optional<Manifest> manifest; ///< none where it has problems
    Problems problems;
    std::string digest;        ///< of every file's path and content: another digest is another version
    std::string librarySha256; ///< empty where there is no library
};

/// The plugins in some folders. What it finds is verified as far as bytes go: form of plugin.json, the
/// library's ELF (ElfProbe), and, where the folder is an unpacked package, `META/files.json` both ways. Loads
/// nothing.
class Catalog {
public:
    static constexpr std::size_t mostLibraryBytes = std::size_t{256} << 20;

    Catalog(std::vector<std::filesystem::path> folders, const ManifestReader& reader,
            std::vector<std::string> libraries)
        : folders_(std::move(folders)), reader_(reader), libraries_(std::move(libraries)) {}

    /// Every subfolder with a plugin.json, by id. Of two with one id the earlier folder's wins, with
    /// `core.plugin.shadowed` in the log.
    std::vector<Candidate> scan() const;

private:
    Candidate look(const std::filesystem::path& folder) const;
    void judgeLibrary(Candidate& candidate, std::string_view bytes) const;

    std::vector<std::filesystem::path> folders_;
    const ManifestReader& reader_;
    std::vector<std::string> libraries_;
};

/// Where a plugin's library lies in its folder.
std::filesystem::path libraryPath(const std::filesystem::path& folder);

} // namespace dalate::plugin
