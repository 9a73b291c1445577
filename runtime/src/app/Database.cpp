// SPDX-License-Identifier: Apache-2.0
#include "app/Database.h"

#include "base/Log.h"
#include "storage/Migrator.h"

namespace dalate::app {

std::unique_ptr<storage::Pool> openDatabase(const Config& config, std::size_t sessions) {
    namespace fs = std::filesystem;
    const fs::path folder = config.path("data.dir");
    if (!fs::exists(folder)) {
        fs::create_directories(folder);
        fs::permissions(folder, fs::perms::owner_all);
    }
    storage::PoolOptions options;
    options.file = folder / "dalate.db";
    options.sessions = sessions;
    options.busy = std::chrono::milliseconds(config.number("database.busy_ms"));
    return std::make_unique<storage::Pool>(options);
}

void migrateCore(const Config& config, storage::Pool& pool) {
    storage::Migrator migrator(pool);
    for (const storage::MigrationState& done : migrator.run("core", config.path("share.dir") / "migrations"))
        log::info("core.migrate.applied",
                  Value::map([&](MapWriter& m) { m.set("owner", done.owner).set("file", done.name); }));
}

} // namespace dalate::app
