// SPDX-License-Identifier: Apache-2.0
#include "storage/MigrationFolder.h"

#include "base/Result.h"
#include "base/Sha256.h"
#include "storage/SqlTokens.h"
#include "storage/StorageError.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace dalate::storage {

namespace {

[[noreturn]] void fail(const char* id, std::string_view owner, const std::string& file,
                       std::string_view reason) {
    throw Error(500, id, Value::map([&](MapWriter& m) {
                    m.set("owner", owner).set("file", file).set("reason", reason);
                }));
}

/// The version in `0001_name.sql`; 0 for any other name.
int versionIn(std::string_view stem) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (stem.size() < 6 || !std::all_of(stem.begin(), stem.begin() + 4, digit) || stem[4] != '_') return 0;
    const bool plain = std::all_of(stem.begin() + 5, stem.end(),
                                   [&](char c) { return digit(c) || c == '_' || (c >= 'a' && c <= 'z'); });
    return plain ? std::stoi(std::string(stem.substr(0, 4))) : 0;
}

} // namespace

std::vector<MigrationFile> readMigrations(std::string_view owner, const std::filesystem::path& folder) {
    std::vector<MigrationFile> files;
    if (!std::filesystem::is_directory(folder)) return files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".sql") continue;
        MigrationFile file;
        file.name = entry.path().filename().string();
        std::filesystem::path stem = entry.path().stem();
        const bool foreign = stem.extension() == ".mysql";
        file.version = versionIn(foreign ? stem.stem().string() : stem.string());
        if (file.version == 0)
            fail("core.migration.name", owner, file.name, "a migration is named 0001_name.sql");
        if (foreign) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        if (!in) fail("core.migration.failed", owner, file.name, "cannot be read");
        file.checksum = sha256Hex(text);
        try {
            for (const std::string_view piece : splitScript(text))
                file.statements.emplace_back(piece);
        } catch (const StorageError& error) {
            fail("core.migration.failed", owner, file.name, error.details()["reason"].text());
        }
        files.push_back(std::move(file));
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.version < b.version; });
    for (std::size_t i = 0; i < files.size(); ++i)
        if (files[i].version != static_cast<int>(i) + 1)
            fail("core.migration.name", owner, files[i].name,
                 fmt::format("versions run 1, 2, 3 …: {} is expected here", i + 1));
    return files;
}

} // namespace dalate::storage
