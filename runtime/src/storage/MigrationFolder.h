// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {

/// One migration as its file says.
struct MigrationFile {
    int version = 0;
    std::string name;
    std::string checksum; ///< SHA-256 of the bytes, in hexadecimal
    std::vector<std::string> statements;
};

/// The files `0001_name.sql` of a folder in the order of their versions; `0001_name.mysql.sql` is MySQL's own
/// and passed over. A missing folder is empty. Throws `Error` 500 `core.migration.name` for a `.sql` file of
/// another name, a version that stands twice and a gap; `core.migration.failed` for a file that cannot be
/// read or cut.
std::vector<MigrationFile> readMigrations(std::string_view owner, const std::filesystem::path& folder);

} // namespace dalate::storage
