// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Ids.h"
#include "storage/Migrator.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <filesystem>

namespace dalate::test {

/// A fresh database with the core's schema in a folder of its own, gone with the object.
class TestDatabase {
public:
    TestDatabase()
        : folder_(std::filesystem::temp_directory_path() / ("dalate-identity-" + randomHex(8))),
          pool_((std::filesystem::create_directories(folder_), storage::PoolOptions{folder_ / "test.db"})) {
        storage::Migrator(pool_).run("core", std::filesystem::path(DALATE_SOURCE_DIR) / "migrations");
    }
    ~TestDatabase() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    storage::Pool& pool() noexcept { return pool_; }
    const std::filesystem::path& folder() const noexcept { return folder_; }

    /// Runs `work` in a write transaction and commits it.
    template <class F>
    auto write(F&& work) {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        if constexpr (std::is_void_v<decltype(work(tx))>) {
            work(tx);
            tx.commit();
        } else {
            auto result = work(tx);
            tx.commit();
            return result;
        }
    }
    template <class F>
    auto read(F&& work) {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        return work(tx);
    }

private:
    std::filesystem::path folder_;
    storage::Pool pool_;
};

} // namespace dalate::test
