// SPDX-License-Identifier: Apache-2.0
#include "app/Commands.h"
#include "app/Database.h"
#include "storage/Migrator.h"

#include <algorithm>
#include <iostream>

namespace dalate::app {

namespace {

using storage::MigrationState;

const char* word(MigrationState::State state) {
    switch (state) {
    case MigrationState::State::pending: return "pending";
    case MigrationState::State::applied: return "applied";
    case MigrationState::State::changed: return "CHANGED";
    case MigrationState::State::dirty: return "DIRTY";
    case MigrationState::State::missing: return "MISSING";
    }
    return "?";
}

struct Owner {
    std::string id;
    std::filesystem::path folder;
};

/// The core first, then every gathered plugin by name.
std::vector<Owner> owners(const Config& config) {
    namespace fs = std::filesystem;
    std::vector<Owner> all;
    const fs::path plugins = config.path("plugins.dir");
    if (fs::is_directory(plugins))
        for (const auto& entry : fs::directory_iterator(plugins))
            if (fs::exists(entry.path() / "plugin.json"))
                all.push_back({entry.path().filename().string(), entry.path() / "migrations"});
    std::sort(all.begin(), all.end(), [](const Owner& a, const Owner& b) { return a.id < b.id; });
    all.insert(all.begin(), {"core", config.path("share.dir") / "migrations"});
    return all;
}

void print(const MigrationState& state) {
    std::cout << word(state.state) << "\t" << state.owner << "\t" << state.name << "\n";
}

} // namespace

int migrate(const CommandLine& line, const Config& config) {
    line.allow({"status", "dry-run"});
    const auto pool = openDatabase(config, 1);
    storage::Migrator migrator(*pool);
    if (line.has("status")) {
        bool sound = true;
        for (const Owner& owner : owners(config))
            for (const MigrationState& state : migrator.status(owner.id, owner.folder)) {
                print(state);
                sound &= state.state == MigrationState::State::pending || state.state == MigrationState::State::applied;
            }
        return sound ? 0 : 1;
    }
    if (line.has("dry-run")) {
        for (const Owner& owner : owners(config))
            for (const MigrationState& state : migrator.plan(owner.id, owner.folder)) {
                print(state);
                for (const std::string& statement : state.statements) std::cout << statement << ";\n";
            }
        return 0;
    }
    // A plugin's schema is brought up when the plugin is loaded: one that cannot load must not touch it.
    for (const MigrationState& done : migrator.run("core", config.path("share.dir") / "migrations")) print(done);
    return 0;
}

} // namespace dalate::app
