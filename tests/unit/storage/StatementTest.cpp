// SPDX-License-Identifier: Apache-2.0
#include "Things.h"

#include <cppunit/extensions/HelperMacros.h>

namespace dalate::storage {

class StatementTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StatementTest);
    CPPUNIT_TEST(sameStatementTwiceAtATime);
    CPPUNIT_TEST(affectedRowsAreCounted);
    CPPUNIT_TEST(constraintsAreToldApart);
    CPPUNIT_TEST(errorsHoldNoValues);
    CPPUNIT_TEST(syntaxErrorIsRefused);
    CPPUNIT_TEST(severalStatementsAreRefused);
    CPPUNIT_TEST(schemaChangeKeepsCachedStatementsRight);
    CPPUNIT_TEST_SUITE_END();

    Things db_;

public:
    void sameStatementTwiceAtATime() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        int pairs = 0;
        for (auto outer = tx.query("SELECT id FROM thing"); outer.next();)
            for (auto inner = tx.query("SELECT id FROM thing"); inner.next();)
                ++pairs;
        CPPUNIT_ASSERT_EQUAL(9, pairs);
    }

    void affectedRowsAreCounted() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, tx.exec("UPDATE thing SET size = 1"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             tx.exec("UPDATE thing SET size = 2 WHERE id = :id", {{"id", 2}}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             tx.exec("UPDATE thing SET size = 2 WHERE id = :id", {{"id", 99}}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, tx.exec("UPDATE thing SET size = 3 RETURNING id"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, tx.exec("CREATE TABLE fresh (id BIGINT)"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, tx.exec("SELECT * FROM thing"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             tx.exec("INSERT INTO thing (id) VALUES (1) ON CONFLICT DO NOTHING"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, tx.exec("WITH x AS (SELECT 1) DELETE FROM thing"));
    }

    void constraintsAreToldApart() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        tx.exec("CREATE TRIGGER thing_kept BEFORE DELETE ON thing BEGIN SELECT RAISE(ABORT, 'kept'); END");
        using Kind = StorageError::Kind;
        struct Case {
            const char* sql;
            Kind kind;
            int status;
            const char* constraint;
        };
        for (const Case& c :
             {Case{"INSERT INTO thing (id, name) VALUES (9, 'one')", Kind::unique, 409, "thing.name"},
              Case{"INSERT INTO thing (id) VALUES (1)", Kind::unique, 409, "thing.id"},
              Case{"INSERT INTO part (thing) VALUES (77)", Kind::foreignKey, 409, ""},
              Case{"INSERT INTO part (thing) VALUES (NULL)", Kind::check, 409, "part.thing"},
              Case{"UPDATE thing SET size = -11", Kind::check, 409, "size IS NULL OR size > -10"},
              Case{"DELETE FROM thing WHERE id = 3", Kind::check, 409, ""}}) {
            const StorageError error = caught([&] { tx.exec(c.sql); });
            CPPUNIT_ASSERT_MESSAGE(c.sql, error.kind() == c.kind);
            CPPUNIT_ASSERT_EQUAL(c.status, error.status());
            CPPUNIT_ASSERT_EQUAL(std::string(c.constraint), std::string(error.constraint()));
        }
        tx.exec("UPDATE thing SET size = 5 WHERE id = 1"); // the transaction goes on
        tx.commit();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, db_.number("SELECT size FROM thing WHERE id = 1"));
    }

    void errorsHoldNoValues() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        const std::string secret = "15272619500101001X";
        tx.exec("UPDATE thing SET name = :idcard WHERE id = 1", {{"idcard", secret}});
        const StorageError error = caught([&] {
            tx.exec("UPDATE thing SET name = :idcard WHERE id = 2", {{"idcard", secret}});
        });
        CPPUNIT_ASSERT(std::string(error.what()).find(secret) == std::string::npos);
        CPPUNIT_ASSERT(error.details().raw().find(secret) == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(digestOf("UPDATE thing SET name = :idcard WHERE id = 2"),
                             std::string(error.details()["statement"].text()));
        CPPUNIT_ASSERT_EQUAL(std::size_t{12}, digestOf("x").size());
    }

    void syntaxErrorIsRefused() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        for (const char* sql : {"SELEC 1", "SELECT nothing_here FROM thing", "SELECT 1 FROM nowhere",
                                "SELECT 'open", "", "  -- only a comment",
                                "SELECT \"no such column\" FROM thing", "SELECT {x}", "SELECT 1 /* open"}) {
            const StorageError error = caught([&] { tx.query(sql); });
            CPPUNIT_ASSERT_MESSAGE(sql, error.kind() == StorageError::Kind::refused && error.status() == 400);
            CPPUNIT_ASSERT(!error.details()["reason"].text().empty());
        }
    }

    void severalStatementsAreRefused() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        for (const char* sql : {"DELETE FROM part; DELETE FROM thing", "CREATE TABLE a (b); DROP TABLE thing",
                                "SELECT 1;;SELECT 2"})
            CPPUNIT_ASSERT(StorageError::Kind::refused == caught([&] { tx.exec(sql); }).kind());
        CPPUNIT_ASSERT(StorageError::Kind::refused ==
                       caught([&] { tx.exec(std::string_view("DELETE FROM part\0 WHERE 1=0", 27)); }).kind());
        tx.exec("DELETE FROM part;");
    }

    void schemaChangeKeepsCachedStatementsRight() {
        const auto lease = db_.pool->lease();
        const auto columns = [&] {
            Tx tx(*lease, Tx::Mode::read);
            auto rows = tx.query("SELECT * FROM part");
            rows.next();
            return rows.cells().size();
        };
        db_.run({"INSERT INTO part (thing) VALUES (1)"});
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, columns());
        db_.run({"ALTER TABLE part ADD COLUMN more BIGINT"});
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, columns());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StatementTest);

} // namespace dalate::storage
