// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Ids.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/StorageError.h"
#include "storage/Tx.h"

#include <cppunit/TestAssert.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::storage {

/// A database in a folder of its own, gone at the end.
class Database {
public:
    explicit Database(PoolOptions options = {}) {
        folder_ = std::filesystem::temp_directory_path() / ("dalate-storage-" + randomHex(8));
        std::filesystem::create_directories(folder_);
        options.file = folder_ / "test file.db";
        pool.emplace(options);
    }
    ~Database() {
        pool.reset();
        std::filesystem::remove_all(folder_);
    }

    /// Runs statements as the core in one transaction.
    void run(std::initializer_list<std::string_view> statements) {
        const auto lease = pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        for (const std::string_view sql : statements)
            tx.exec(sql);
        tx.commit();
    }

    std::int64_t number(std::string_view sql) {
        const auto lease = pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        auto rows = tx.query(sql);
        CPPUNIT_ASSERT(rows.next());
        return rows.integer(0);
    }

    const std::filesystem::path& folder() const { return folder_; }

    std::optional<Pool> pool;

private:
    std::filesystem::path folder_;
};

/// The kind of StorageError that `call` throws; fails the test when it throws none.
template <class F>
StorageError caught(F&& call) {
    try {
        call();
    } catch (const StorageError& error) {
        return error;
    }
    CPPUNIT_FAIL("no StorageError was thrown");
    throw 0;
}

/// The id of the Error that `call` throws.
template <class F>
std::string caughtId(F&& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.id();
    }
    return "nothing thrown";
}

} // namespace dalate::storage
