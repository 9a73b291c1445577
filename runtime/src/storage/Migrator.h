// SPDX-License-Identifier: Apache-2.0
//
// A migration is a file `0001_name.sql` in an owner's folder; versions run 1, 2, 3 … without a gap. What was
// applied stands in `schema_migration(owner, version, name, checksum, dirty, applied_at)`. An applied file
// never changes.
#pragma once

#include "base/Clock.h"
#include "storage/Pool.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {

class Tx;

struct MigrationState {
    enum class State {
        pending, ///< a file that was not applied yet
        applied,
        changed, ///< applied, and the file's text is another now
        dirty,   ///< began and did not end: a person must look
        missing  ///< applied, and the file is gone: the database is newer than the program
    };
    std::string owner;
    int version = 0;
    std::string name; ///< file name
    State state = State::pending;
    std::string checksum; ///< SHA-256 of the file (of the applied one where the file is missing)
    Micros appliedAt = 0; ///< 0 while pending
    std::vector<std::string> statements; ///< of a pending file
};

/// Brings the schema forward. `owner` is `core` or a plugin's id; a plugin's migration may only touch tables,
/// indices, triggers and views whose names begin with `<plugin>_`, and reference no table but those.
///
/// Errors (status 500, details: owner, file and what is wrong): `core.migration.name` (a file's name or a
/// gap), `core.migration.changed`, `core.migration.dirty`, `core.migration.newer`, `core.migration.refused`
/// (a statement that its owner may not run), `core.migration.failed`.
class Migrator {
public:
    explicit Migrator(Pool& pool) : pool_(pool) {}

    /// Every migration of the folder and of the database, by version. Changes nothing. A missing folder is
    /// empty.
    std::vector<MigrationState> status(std::string_view owner, const std::filesystem::path& folder);

    /// The pending ones, after the checks that `run` makes. Changes nothing.
    std::vector<MigrationState> plan(std::string_view owner, const std::filesystem::path& folder);

    /// Applies what is pending, each file in one transaction under the writer's lock; answers what it
    /// applied. A file that fails leaves nothing behind, and those before it stay.
    std::vector<MigrationState> run(std::string_view owner, const std::filesystem::path& folder);

private:
    Pool& pool_;
};

} // namespace dalate::storage
