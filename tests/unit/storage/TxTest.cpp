// SPDX-License-Identifier: Apache-2.0
#include "Things.h"

#include <cppunit/extensions/HelperMacros.h>

namespace dalate::storage {

class TxTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TxTest);
    CPPUNIT_TEST(uncommittedWorkIsGone);
    CPPUNIT_TEST(committedWorkStays);
    CPPUNIT_TEST(anExceptionRollsBack);
    CPPUNIT_TEST(readTransactionRefusesToWrite);
    CPPUNIT_TEST(readTransactionKeepsItsSnapshot);
    CPPUNIT_TEST(secondTransactionOnASessionIsRefused);
    CPPUNIT_TEST(nothingRunsAfterTheEnd);
    CPPUNIT_TEST(commitWithOpenRowsIsRefused);
    CPPUNIT_TEST(authorsCannotControlTransactions);
    CPPUNIT_TEST(savepointUndoesItsPartAlone);
    CPPUNIT_TEST(savepointsNest);
    CPPUNIT_TEST(threadKnowsItsTransaction);
    CPPUNIT_TEST(foreignKeysHoldAtCommit);
    CPPUNIT_TEST(fullDatabaseIsToldAndRolledBack);
    CPPUNIT_TEST_SUITE_END();

    Things db_;

public:
    std::int64_t things() { return db_.number("SELECT COUNT(*) FROM thing"); }

    void uncommittedWorkIsGone() {
        {
            const auto lease = db_.pool->lease();
            Tx tx(*lease, Tx::Mode::write);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, tx.exec("INSERT INTO thing (id) VALUES (10)"));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, things());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, db_.pool->counters().commits); // that of Things
    }

    void committedWorkStays() {
        {
            const auto lease = db_.pool->lease();
            Tx tx(*lease, Tx::Mode::write);
            tx.exec("INSERT INTO thing (id) VALUES (10)");
            tx.commit();
            CPPUNIT_ASSERT(tx.committed());
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, things());
    }

    void anExceptionRollsBack() {
        try {
            const auto lease = db_.pool->lease();
            Tx tx(*lease, Tx::Mode::write);
            tx.exec("DELETE FROM thing");
            throw std::runtime_error("handler");
        } catch (const std::runtime_error&) {}
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, things());
    }

    void readTransactionRefusesToWrite() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        for (const char* sql : {"INSERT INTO thing (id) VALUES (10)", "UPDATE thing SET size = 1",
                                "DELETE FROM thing", "WITH x AS (SELECT 1) DELETE FROM thing",
                                "CREATE TABLE other (id BIGINT)", "REPLACE INTO thing (id) VALUES (1)"}) {
            CPPUNIT_ASSERT(StorageError::Kind::refused == caught([&] { tx.exec(sql); }).kind());
            CPPUNIT_ASSERT(StorageError::Kind::refused == caught([&] { tx.query(sql); }).kind());
        }
    }

    void readTransactionKeepsItsSnapshot() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        const auto count = [&] {
            auto rows = tx.query("SELECT COUNT(*) FROM thing");
            rows.next();
            return rows.integer(0);
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, count());
        db_.run({"INSERT INTO thing (id) VALUES (50)"}); // another session
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, count());
        tx.rollback();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, things());
    }

    void secondTransactionOnASessionIsRefused() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.nested"),
                             caughtId([&] { Tx second(*lease, Tx::Mode::read); }));
        tx.query("SELECT 1"); // the first goes on
    }

    void nothingRunsAfterTheEnd() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        tx.commit();
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.ended"),
                             caughtId([&] { tx.exec("DELETE FROM thing"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.ended"), caughtId([&] { tx.commit(); }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, things());
    }

    void commitWithOpenRowsIsRefused() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        {
            auto rows = tx.query("SELECT id FROM thing");
            rows.next();
            CPPUNIT_ASSERT_EQUAL(std::string("core.storage.rows_open"), caughtId([&] { tx.commit(); }));
        }
        tx.commit();
    }

    void authorsCannotControlTransactions() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        for (const char* sql : {"COMMIT", " /* x */ end", "ROLLBACK", "BEGIN", "SAVEPOINT a", "RELEASE a",
                                "VACUUM", "ATTACH 'x' AS y", "DETACH y"})
            CPPUNIT_ASSERT(StorageError::Kind::refused == caught([&] { tx.exec(sql); }).kind());
        tx.exec("INSERT INTO thing (id) VALUES (10)");
        tx.rollback();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, things());
    }

    void savepointUndoesItsPartAlone() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        tx.exec("INSERT INTO thing (id) VALUES (10)");
        {
            Tx::Savepoint part(tx);
            tx.exec("INSERT INTO thing (id) VALUES (11)");
        }
        {
            Tx::Savepoint part(tx);
            tx.exec("INSERT INTO thing (id) VALUES (12)");
            CPPUNIT_ASSERT(StorageError::Kind::unique ==
                           caught([&] { tx.exec("INSERT INTO thing (id) VALUES (12)"); }).kind());
        }
        {
            Tx::Savepoint part(tx);
            tx.exec("INSERT INTO thing (id) VALUES (13)");
            part.release();
        }
        tx.commit();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, db_.number("SELECT COUNT(*) FROM thing WHERE id IN (10, 13)"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, db_.number("SELECT COUNT(*) FROM thing WHERE id IN (11, 12)"));
    }

    void savepointsNest() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        {
            Tx::Savepoint outer(tx);
            tx.exec("INSERT INTO thing (id) VALUES (10)");
            {
                Tx::Savepoint inner(tx);
                tx.exec("INSERT INTO thing (id) VALUES (11)");
                CPPUNIT_ASSERT_EQUAL(std::string("core.storage.savepoint"),
                                     caughtId([&] { outer.release(); }));
                inner.release();
            }
            {
                Tx::Savepoint inner(tx);
                tx.exec("INSERT INTO thing (id) VALUES (12)");
            }
            outer.release();
        }
        {
            Tx::Savepoint outer(tx);
            Tx::Savepoint inner(tx);
            tx.exec("INSERT INTO thing (id) VALUES (20)");
            inner.release();
        } // the outer one takes the inner with it
        tx.commit();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, db_.number("SELECT COUNT(*) FROM thing WHERE id >= 10"));
    }

    void threadKnowsItsTransaction() {
        CPPUNIT_ASSERT(!Tx::openOnThisThread());
        const auto lease = db_.pool->lease();
        {
            Tx tx(*lease, Tx::Mode::read);
            CPPUNIT_ASSERT(Tx::openOnThisThread());
            CPPUNIT_ASSERT(lease->inTransaction());
        }
        CPPUNIT_ASSERT(!Tx::openOnThisThread());
        {
            Tx tx(*lease, Tx::Mode::write);
            tx.commit();
            CPPUNIT_ASSERT(!Tx::openOnThisThread());
        }
        CPPUNIT_ASSERT(!Tx::openOnThisThread());
    }

    void foreignKeysHoldAtCommit() {
        {
            const auto lease = db_.pool->lease();
            Tx tx(*lease, Tx::Mode::write);
            tx.exec("INSERT INTO part (thing, late) VALUES (1, 500)");
            CPPUNIT_ASSERT(StorageError::Kind::foreignKey == caught([&] { tx.commit(); }).kind());
            CPPUNIT_ASSERT_EQUAL(std::string("core.storage.ended"),
                                 caughtId([&] { tx.exec("DELETE FROM thing"); }));
            CPPUNIT_ASSERT(!Tx::openOnThisThread());
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, db_.number("SELECT COUNT(*) FROM part"));
        db_.run({"INSERT INTO thing (id) VALUES (60)"}); // the writers' gate is open again
    }

    void fullDatabaseIsToldAndRolledBack() {
        const auto lease = db_.pool->lease();
        {
            Tx tx(*lease, Tx::Mode::read);
            tx.exec("PRAGMA max_page_count = 20");
        }
        Tx tx(*lease, Tx::Mode::write);
        tx.exec("INSERT INTO thing (id) VALUES (10)");
        const std::string big(500'000, 'x');
        const StorageError error = caught([&] {
            tx.exec("INSERT INTO thing (note) VALUES (:big)", {{"big", big}});
        });
        CPPUNIT_ASSERT(error.kind() == StorageError::Kind::full);
        CPPUNIT_ASSERT_EQUAL(507, error.status());
        tx.rollback();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, things());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TxTest);

} // namespace dalate::storage
