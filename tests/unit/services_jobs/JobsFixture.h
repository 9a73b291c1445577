// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "base/Ids.h"
#include "services/jobs/DeadJobs.h"
#include "services/jobs/JobThreads.h"
#include "services/jobs/JobView.h"
#include "services/jobs/Jobs.h"
#include "storage/Migrator.h"
#include "storage/Session.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace dalate::test {

/// A fresh database with the core's schema, and a clock that stands until a test moves it.
class JobsFixture {
public:
    /// 2026-11-23T00:00 in China, a Monday.
    static constexpr Micros monday = 1'795'363'200'000'000;
    static constexpr Micros second = 1'000'000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

    JobsFixture()
        : folder(std::filesystem::temp_directory_path() / ("dalate-jobs-" + randomHex(8))),
          pool((std::filesystem::create_directories(folder),
                storage::PoolOptions{.file = folder / "test.db"})) {
        storage::Migrator(pool).run("core", std::filesystem::path(DALATE_SOURCE_DIR) / "migrations");
    }
    ~JobsFixture() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }

    /// Options under the standing clock.
    services::jobs::Jobs::Options standing() {
        services::jobs::Jobs::Options options;
        options.clock = [this] { return clock.load(); };
        return options;
    }

    template <class F>
    auto write(F&& work) {
        const auto lease = pool.lease();
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
    void sql(std::string_view text) {
        write([&](storage::Tx& tx) { tx.exec(text); });
    }
    std::int64_t number(std::string_view text) {
        const auto lease = pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        auto rows = tx.query(text);
        CPPUNIT_ASSERT(rows.next());
        return rows.integer(0);
    }
    std::int64_t enqueue(services::jobs::Jobs& jobs, std::string_view plugin, std::string_view name,
                         ValueView arguments = {}) {
        return write([&](storage::Tx& tx) { return jobs.enqueue(tx, plugin, name, arguments, {}, "r1"); });
    }
    Value status(services::jobs::Jobs& jobs, std::string_view plugin, std::int64_t id) {
        const auto lease = pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        return jobs.status(tx, plugin, id, {storage::Scope::Kind::county, 0, 0}, {});
    }
    std::string state(services::jobs::Jobs& jobs, std::string_view plugin, std::int64_t id) {
        return status(jobs, plugin, id)["state"].asText();
    }

    /// Waits until `done` holds, at most five seconds.
    static bool within(const std::function<bool()>& done) {
        for (int i = 0; i < 2500; ++i) {
            if (done()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        return done();
    }

    std::filesystem::path folder;
    storage::Pool pool;
    std::atomic<Micros> clock{monday};
};

} // namespace dalate::test
