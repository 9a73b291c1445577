// SPDX-License-Identifier: Apache-2.0
#include "Database.h"

#include <cppunit/extensions/HelperMacros.h>

#include <limits>

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
    CPPUNIT_TEST(everyTypeComesBackAsItWas);
    CPPUNIT_TEST(wholeInt64RangeComesBack);
    CPPUNIT_TEST(parameterMayChangeItsType);
    CPPUNIT_TEST(nullTextAndEmptyTextDiffer);
    CPPUNIT_TEST(colonInTextAndCommentIsNoParameter);
    CPPUNIT_TEST(parametersAreBoundByName);
    CPPUNIT_TEST(wrongParametersAreNamed);
    CPPUNIT_TEST(cellsConvertOrRefuse);
    CPPUNIT_TEST(rowsKnowTheirColumns);
    CPPUNIT_TEST(sameStatementTwiceAtATime);
    CPPUNIT_TEST(affectedRowsAreCounted);
    CPPUNIT_TEST(constraintsAreToldApart);
    CPPUNIT_TEST(errorsHoldNoValues);
    CPPUNIT_TEST(syntaxErrorIsRefused);
    CPPUNIT_TEST(severalStatementsAreRefused);
    CPPUNIT_TEST(fullDatabaseIsToldAndRolledBack);
    CPPUNIT_TEST(foreignKeysHoldAtCommit);
    CPPUNIT_TEST(schemaChangeKeepsCachedStatementsRight);
    CPPUNIT_TEST_SUITE_END();

    Database db_;

public:
    void setUp() override {
        db_.run({"CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE, size BIGINT, note, "
                 "CHECK (size IS NULL OR size > -10))",
                 "CREATE TABLE part (id BIGINT, thing BIGINT NOT NULL REFERENCES thing(id), "
                 "late BIGINT REFERENCES thing(id) DEFERRABLE INITIALLY DEFERRED)",
                 "INSERT INTO thing (id, name) VALUES (1, 'one'), (2, 'two'), (3, NULL)"});
    }

    std::int64_t things() { return db_.number("SELECT COUNT(*) FROM thing"); }

    void uncommittedWorkIsGone() {
        {
            const auto lease = db_.pool->lease();
            Tx tx(*lease, Tx::Mode::write);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, tx.exec("INSERT INTO thing (id) VALUES (10)"));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, things());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, db_.pool->counters().commits); // setUp's
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

    void everyTypeComesBackAsItWas() {
        const std::string bytes("\0\xff'\"x\0", 6);
        const std::string text("中文\0 and after", 16);
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        auto rows = tx.query("SELECT :i, :r, :t, :b, :n, :e, :f", {{"i", 42},
                                                                   {"r", 0.1},
                                                                   {"t", text},
                                                                   {"b", Cell::blob(bytes)},
                                                                   {"n", nullptr},
                                                                   {"e", Cell::blob("")},
                                                                   {"f", true}});
        CPPUNIT_ASSERT(rows.next());
        CPPUNIT_ASSERT(rows.cell(0).tag == Cell::Tag::integer && rows.integer(0) == 42);
        CPPUNIT_ASSERT(rows.cell(1).tag == Cell::Tag::real && rows.real(1) == 0.1);
        CPPUNIT_ASSERT(rows.cell(2).tag == Cell::Tag::text && rows.text(2) == text);
        CPPUNIT_ASSERT(rows.cell(3).tag == Cell::Tag::blob && rows.text(3) == bytes);
        CPPUNIT_ASSERT(rows.isNull(4) && rows.text(4).empty());
        CPPUNIT_ASSERT(rows.cell(5).tag == Cell::Tag::blob && rows.text(5).empty());
        CPPUNIT_ASSERT(rows.flag(6));
        CPPUNIT_ASSERT(!rows.next());
        CPPUNIT_ASSERT(!rows.next());
    }

    void wholeInt64RangeComesBack() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        for (const std::int64_t n :
             {std::int64_t{3'000'000'000}, std::numeric_limits<std::int64_t>::max(),
              std::numeric_limits<std::int64_t>::min(), std::int64_t{0}, std::int64_t{-1}}) {
            tx.exec("UPDATE thing SET note = :n WHERE id = 1", {{"n", n}});
            auto rows = tx.query("SELECT note FROM thing WHERE id = 1");
            rows.next();
            CPPUNIT_ASSERT_EQUAL(n, rows.integer(0));
        }
    }

    void parameterMayChangeItsType() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        const auto type = [&](const Cell& value) {
            auto rows = tx.query("SELECT typeof(:v), :v", {{"v", value}});
            rows.next();
            return std::string(rows.text(0)) + "=" + std::string(rows.text(1));
        };
        CPPUNIT_ASSERT_EQUAL(std::string("null="), type(nullptr));
        CPPUNIT_ASSERT_EQUAL(std::string("integer=7"), type(7));
        CPPUNIT_ASSERT_EQUAL(std::string("text=seven"), type("seven"));
        CPPUNIT_ASSERT_EQUAL(std::string("blob=7"), type(Cell::blob("7")));
        CPPUNIT_ASSERT_EQUAL(std::string("blob=longer"), type(Cell::blob("longer")));
        CPPUNIT_ASSERT_EQUAL(std::string("blob=x"), type(Cell::blob("x")));
        CPPUNIT_ASSERT_EQUAL(std::string("null="), type(nullptr));
        CPPUNIT_ASSERT_EQUAL(std::string("real=0.5"), type(0.5));
        CPPUNIT_ASSERT_EQUAL(std::string("text="), type(""));
    }

    void nullTextAndEmptyTextDiffer() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        auto rows = tx.query(
            "SELECT :a IS NULL, :b IS NULL, :c IS NULL",
            {{"a", std::string_view()}, {"b", std::optional<std::string>()}, {"c", std::optional<int>(0)}});
        rows.next();
        CPPUNIT_ASSERT(!rows.flag(0) && rows.flag(1) && !rows.flag(2));
    }

    void colonInTextAndCommentIsNoParameter() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        auto rows = tx.query(
            "SELECT ':a', '12:30', '{scope:x}', -- :b it's\n :c /* :d ' */, \"name\" FROM thing WHERE id = 1",
            {{"c", 5}});
        CPPUNIT_ASSERT(rows.next());
        CPPUNIT_ASSERT_EQUAL(std::string(":a"), std::string(rows.text(0)));
        CPPUNIT_ASSERT_EQUAL(std::string("12:30"), std::string(rows.text(1)));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, rows.integer(3));
        CPPUNIT_ASSERT_EQUAL(std::string("one"), std::string(rows.text(4)));
    }

    void parametersAreBoundByName() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        for (int round = 0; round < 2; ++round) {
            auto rows = tx.query("SELECT :second, :first, :second", {{"first", 1}, {"second", 2}});
            rows.next();
            CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, rows.integer(0));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rows.integer(1));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, rows.integer(2));
        }
    }

    void wrongParametersAreNamed() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        const auto named = [&](std::initializer_list<Param> params) {
            try {
                tx.query("SELECT :a, :b", params);
            } catch (const Error& error) {
                CPPUNIT_ASSERT_EQUAL(std::string("core.storage.parameter"), error.id());
                return std::string(error.details()["name"].text());
            }
            return std::string("accepted");
        };
        CPPUNIT_ASSERT_EQUAL(std::string("b"), named({{"a", 1}}));
        CPPUNIT_ASSERT_EQUAL(std::string("c"), named({{"a", 1}, {"b", 2}, {"c", 3}}));
        CPPUNIT_ASSERT_EQUAL(std::string("b"), named({{"a", 1}, {"c", 3}}));
        CPPUNIT_ASSERT_EQUAL(std::string("a"), named({{"a", 1}, {"b", 2}, {"a", 3}}));
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), named({{"b", 1}, {"a", 1}}));
        for (const char* sql :
             {"SELECT ?", "SELECT ?1", "SELECT $a", "SELECT @a", "SELECT :a(x)", "SELECT :a::b"})
            CPPUNIT_ASSERT(StorageError::Kind::refused == caught([&] { tx.query(sql, {{"a", 1}}); }).kind());
    }

    void cellsConvertOrRefuse() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        auto rows = tx.query("SELECT '12', 12.0, 12.5, 'x12', NULL, 9e18, 1e19, 7, '2.5'");
        rows.next();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, rows.integer(0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, rows.integer(1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9'000'000'000'000'000'000}, rows.integer(5));
        for (const std::size_t column : {2u, 3u, 4u, 6u})
            CPPUNIT_ASSERT_EQUAL(std::string("core.storage.type"), caughtId([&] { rows.integer(column); }));
        CPPUNIT_ASSERT_EQUAL(std::string("7"), std::string(rows.text(7)));
        CPPUNIT_ASSERT_EQUAL(std::string("12.5"), std::string(rows.text(2)));
        CPPUNIT_ASSERT_EQUAL(2.5, rows.real(8));
        CPPUNIT_ASSERT(!rows.maybeInteger(4) && *rows.maybeInteger(7) == 7);
        CPPUNIT_ASSERT(!rows.maybeText(4) && *rows.maybeText(3) == "x12");
    }

    void rowsKnowTheirColumns() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        auto rows = tx.query("SELECT id, name AS title FROM thing ORDER BY id");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rows.columns());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rows.column("title"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.column"), caughtId([&] { rows.column("name"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.column"),
                             caughtId([&] { rows.integer(0); })); // before next()
        int count = 0;
        while (rows.next())
            CPPUNIT_ASSERT_EQUAL(std::int64_t{++count}, rows.integer(0));
        CPPUNIT_ASSERT_EQUAL(3, count);
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.column"),
                             caughtId([&] { rows.integer(0); })); // after the last
    }

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

CPPUNIT_TEST_SUITE_REGISTRATION(TxTest);

} // namespace dalate::storage
