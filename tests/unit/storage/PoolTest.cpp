// SPDX-License-Identifier: Apache-2.0
#include "Database.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

namespace dalate::storage {

using namespace std::chrono_literals;

class PoolTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PoolTest);
    CPPUNIT_TEST(threadGetsItsOwnSessionBack);
    CPPUNIT_TEST(leaseThatDoesNotComeInTimeIsBusy);
    CPPUNIT_TEST(freedSessionServesTheNext);
    CPPUNIT_TEST(returnedSessionHasNoTransaction);
    CPPUNIT_TEST(fourWritersNeverMeetBusy);
    CPPUNIT_TEST(writersTakeTurnsInOrder);
    CPPUNIT_TEST(writerWhoseTurnDoesNotComeIsBusy);
    CPPUNIT_TEST(anotherProcessLockIsWaitedForThenBusy);
    CPPUNIT_TEST(readersDoNotWaitForTheWriter);
    CPPUNIT_TEST(statementsArePreparedOnceASession);
    CPPUNIT_TEST(cacheKeepsItsBound);
    CPPUNIT_TEST(databaseIsSetUp);
    CPPUNIT_TEST(aWriteIsSyncedAndAReadIsNot);
    CPPUNIT_TEST(unusablePathIsAnError);
    CPPUNIT_TEST_SUITE_END();

public:
    void threadGetsItsOwnSessionBack() {
        Database db;
        Session* first = nullptr;
        {
            auto lease = db.pool->lease();
            first = &*lease;
        }
        Session* other = nullptr;
        std::thread([&] {
            auto lease = db.pool->lease();
            other = &*lease;
        }).join();
        CPPUNIT_ASSERT(first != other);
        auto lease = db.pool->lease();
        CPPUNIT_ASSERT(first == &*lease);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, db.pool->counters().sessionsOpen);
    }

    void leaseThatDoesNotComeInTimeIsBusy() {
        PoolOptions options;
        options.sessions = 2;
        Database db(options);
        auto a = db.pool->lease();
        auto b = db.pool->lease();
        const auto start = std::chrono::steady_clock::now();
        const StorageError error = caught([&] { db.pool->lease(50ms); });
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - start >= 50ms);
        CPPUNIT_ASSERT(error.kind() == StorageError::Kind::busy);
        CPPUNIT_ASSERT_EQUAL(503, error.status());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, db.pool->counters().leaseTimeouts);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, db.pool->counters().sessionsLeased);
    }

    void freedSessionServesTheNext() {
        PoolOptions options;
        options.sessions = 1;
        Database db(options);
        std::optional<Pool::Lease> held(db.pool->lease());
        std::atomic<bool> served{false};
        std::thread waiter([&] {
            auto lease = db.pool->lease(5s);
            served = true;
        });
        std::this_thread::sleep_for(20ms);
        CPPUNIT_ASSERT(!served);
        held.reset();
        waiter.join();
        CPPUNIT_ASSERT(served);
    }

    void returnedSessionHasNoTransaction() {
        Database db;
        db.run({"CREATE TABLE t (id BIGINT)"});
        {
            // A transaction that outlives its lease, as a fault in a handler could leave it.
            std::optional<Pool::Lease> lease(db.pool->lease());
            alignas(Tx) unsigned char room[sizeof(Tx)];
            Tx* tx = new (room) Tx(**lease, Tx::Mode::write);
            tx->exec("INSERT INTO t VALUES (1)");
            lease.reset();
            CPPUNIT_ASSERT_EQUAL(std::string("core.storage.ended"), caughtId([&] { tx->commit(); }));
            tx->~Tx();
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, db.number("SELECT COUNT(*) FROM t"));
        db.run({"INSERT INTO t VALUES (2)"});
    }

    void fourWritersNeverMeetBusy() {
        Database db;
        db.run({"CREATE TABLE tally (who BIGINT, n BIGINT)", "INSERT INTO tally VALUES (0, 0)"});
        std::atomic<int> failures{0};
        std::vector<std::thread> threads;
        for (int who = 1; who <= 4; ++who)
            threads.emplace_back([&, who] {
                for (int i = 0; i < 500; ++i) {
                    try {
                        auto lease = db.pool->lease();
                        Tx tx(*lease, Tx::Mode::write);
                        tx.exec("UPDATE tally SET n = n + 1 WHERE who = 0");
                        tx.exec("INSERT INTO tally (who, n) VALUES (:who, :n)", {{"who", who}, {"n", i}});
                        tx.commit();
                    } catch (const std::exception&) {
                        ++failures;
                    }
                }
            });
        for (std::thread& t : threads)
            t.join();
        CPPUNIT_ASSERT_EQUAL(0, failures.load());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2000}, db.number("SELECT n FROM tally WHERE who = 0"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2001}, db.number("SELECT COUNT(*) FROM tally"));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, db.pool->counters().writerTimeouts);
    }

    void writersTakeTurnsInOrder() {
        Database db;
        std::vector<int> order;
        auto lease = db.pool->lease();
        std::optional<Tx> first(std::in_place, *lease, Tx::Mode::write);
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&, i] {
                auto mine = db.pool->lease();
                Tx tx(*mine, Tx::Mode::write);
                order.push_back(i); // writers are alone
            });
            std::this_thread::sleep_for(30ms);
        }
        first.reset();
        for (std::thread& t : threads)
            t.join();
        CPPUNIT_ASSERT(order == std::vector<int>({0, 1, 2, 3}));
    }

    void writerWhoseTurnDoesNotComeIsBusy() {
        PoolOptions options;
        options.busy = 60ms;
        Database db(options);
        auto a = db.pool->lease();
        auto b = db.pool->lease();
        {
            Tx holds(*a, Tx::Mode::write);
            CPPUNIT_ASSERT(StorageError::Kind::busy == caught([&] { Tx waits(*b, Tx::Mode::write); }).kind());
            CPPUNIT_ASSERT(!b->inTransaction());
        }
        Tx free(*b, Tx::Mode::write);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, db.pool->counters().writerTimeouts);
    }

    void anotherProcessLockIsWaitedForThenBusy() {
        PoolOptions options;
        options.busy = 80ms;
        Database db(options);
        options.file = db.folder() / "test file.db";
        Pool other(options); // as another process would be: its gate is not ours
        auto theirs = other.lease();
        auto ours = db.pool->lease();
        {
            Tx holds(*theirs, Tx::Mode::write);
            const auto start = std::chrono::steady_clock::now();
            CPPUNIT_ASSERT(StorageError::Kind::busy ==
                           caught([&] { Tx waits(*ours, Tx::Mode::write); }).kind());
            CPPUNIT_ASSERT(std::chrono::steady_clock::now() - start >= 70ms);
        }
        Tx after(*ours, Tx::Mode::write); // the failed one left the gate
    }

    void readersDoNotWaitForTheWriter() {
        Database db;
        db.run({"CREATE TABLE t (id BIGINT)"});
        auto a = db.pool->lease();
        Tx writer(*a, Tx::Mode::write);
        writer.exec("INSERT INTO t VALUES (1)");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, db.number("SELECT COUNT(*) FROM t"));
        writer.commit();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, db.number("SELECT COUNT(*) FROM t"));
    }

    void statementsArePreparedOnceASession() {
        Database db;
        db.run({"CREATE TABLE t (id BIGINT)"});
        const auto ask = [&] { return db.number("SELECT COUNT(*) FROM t"); };
        ask();
        const std::uint64_t before = db.pool->counters().statementsPrepared;
        for (int i = 0; i < 100; ++i)
            ask();
        CPPUNIT_ASSERT_EQUAL(before, db.pool->counters().statementsPrepared);
    }

    void cacheKeepsItsBound() {
        PoolOptions options;
        options.statements = 8;
        Database db(options);
        auto lease = db.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        auto kept = tx.query("SELECT 1000 UNION ALL SELECT 1001");
        kept.next();
        for (int round = 0; round < 3; ++round)
            for (int i = 0; i < 40; ++i) {
                const std::string sql = "SELECT " + std::to_string(i);
                auto rows = tx.query(sql);
                rows.next();
                CPPUNIT_ASSERT_EQUAL(std::int64_t{i}, rows.integer(0));
            }
        CPPUNIT_ASSERT(kept.next()); // in use, so never thrown out
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1001}, kept.integer(0));
    }

    void databaseIsSetUp() {
        Database db;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, db.number("PRAGMA foreign_keys"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, db.number("PRAGMA synchronous")); // NORMAL: CommitSync syncs
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             db.number("SELECT journal_mode = 'wal' FROM pragma_journal_mode"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, db.number("PRAGMA temp_store"));
    }

    void aWriteIsSyncedAndAReadIsNot() {
        Database db;
        auto lease = db.pool->lease();
        const std::uint64_t before = db.pool->counters().syncs;
        {
            Tx tx(*lease, Tx::Mode::read);
            tx.query("SELECT 1").next();
            tx.commit();
        }
        CPPUNIT_ASSERT_EQUAL(before, db.pool->counters().syncs);
        Tx tx(*lease, Tx::Mode::write);
        tx.exec("CREATE TABLE synced (id BIGINT)");
        tx.commit();
        CPPUNIT_ASSERT_EQUAL(before + 1, db.pool->counters().syncs);
    }

    void unusablePathIsAnError() {
        for (const char* file : {"/nowhere/at/all.db", "/tmp/with\"quote.db", "/tmp"}) {
            PoolOptions options;
            options.file = file;
            const StorageError error = caught([&] { Pool pool(options); });
            CPPUNIT_ASSERT_EQUAL(500, error.status());
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PoolTest);

} // namespace dalate::storage
