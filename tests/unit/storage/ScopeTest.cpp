// SPDX-License-Identifier: Apache-2.0
//
// Two organisations (10 and 20) and two people (1 and 2) share the tables of plugin `clinic`. Whatever a
// statement looks like, it shows a caller her rows or it is refused.
#include "Database.h"

#include <cppunit/extensions/HelperMacros.h>

#include <vector>

namespace dalate::storage {

namespace {

const TableRules& rules() {
    static const TableRules all("clinic", {{"clinic_visit", true, "resident", {"from_org", "to_org"}},
                                           {"clinic_note", true, "writer", {}},
                                           {"clinic_code", false, {}, {}},
                                           {"clinic_open", true, "resident", {"from_org"}},
                                           {"clinic_bare", false, {}, {}},
                                           {"clinic_child", true, "resident", {}}});
    return all;
}

PluginAccess self(std::int64_t user) {
    return {&rules(), {Scope::Kind::self, user, 0}};
}
PluginAccess organisation(std::int64_t id) {
    return {&rules(), {Scope::Kind::organisation, 1, id}};
}
PluginAccess county() {
    return {&rules(), {Scope::Kind::county, 1, 10}};
}
PluginAccess nobody() {
    return {&rules(), {}};
}

} // namespace

class ScopeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ScopeTest);
    CPPUNIT_TEST(eachCallerSeesHerRows);
    CPPUNIT_TEST(statementsWithScopeInPlaceRun);
    CPPUNIT_TEST(statementsThatCouldLeakAreRefused);
    CPPUNIT_TEST(databaseRefusesWhatTheReaderMissed);
    CPPUNIT_TEST(updatesAndDeletesStayInScope);
    CPPUNIT_TEST(upsertStaysInScope);
    CPPUNIT_TEST(refusalNamesStatementAndTable);
    CPPUNIT_TEST(coreIsNotBoundByRules);
    CPPUNIT_TEST(coreStatementWithTokenIsRefused);
    CPPUNIT_TEST(cacheKeepsPluginsApart);
    CPPUNIT_TEST(newRulesForgetOldStatements);
    CPPUNIT_TEST(triggersAndCascadesWork);
    CPPUNIT_TEST(scopeParametersAreReserved);
    CPPUNIT_TEST(wrongRulesAreRefused);
    CPPUNIT_TEST_SUITE_END();

    Database db_;

public:
    void setUp() override {
        db_.run(
            {"CREATE TABLE clinic_visit (id INTEGER PRIMARY KEY, resident BIGINT, from_org BIGINT, to_org "
             "BIGINT, state TEXT)",
             "CREATE TABLE clinic_note (id INTEGER PRIMARY KEY, kase BIGINT, writer BIGINT, text TEXT)",
             "CREATE TABLE clinic_code (id INTEGER PRIMARY KEY, name TEXT)",
             "CREATE TABLE clinic_child (id INTEGER PRIMARY KEY, resident BIGINT, "
             "kase BIGINT REFERENCES clinic_visit(id) ON DELETE CASCADE)",
             "CREATE TABLE clinic_hidden (id BIGINT)",
             "CREATE VIEW clinic_open AS SELECT id, resident, from_org FROM clinic_visit WHERE state = 'open'",
             "CREATE VIEW clinic_bare AS SELECT id FROM clinic_visit",
             "CREATE TABLE account (id BIGINT, password TEXT)", "CREATE TABLE clinicx_case (id BIGINT)",
             "CREATE TRIGGER clinic_log AFTER UPDATE ON clinic_visit BEGIN "
             "UPDATE clinic_code SET name = (SELECT COUNT(*) FROM clinic_visit) WHERE id = 1; END",
             "INSERT INTO clinic_code VALUES (1, 'a')",
             "INSERT INTO clinic_visit VALUES (1, 1, 10, 20, 'open'), (2, 2, 10, 10, 'shut'), (3, 2, 20, 20, "
             "'open'), "
             "(4, 1, 30, 30, 'open')",
             "INSERT INTO clinic_note VALUES (1, 1, 1, 'mine'), (2, 1, 2, 'hers')",
             "INSERT INTO clinic_child VALUES (1, 2, 2)"});
    }

    std::vector<std::int64_t> ids(const PluginAccess& access, std::string_view sql,
                                  std::initializer_list<Param> params = {}) {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        tx.as(&access);
        std::vector<std::int64_t> found;
        for (auto rows = tx.query(sql, params); rows.next();)
            found.push_back(rows.integer(0));
        return found;
    }

    void eachCallerSeesHerRows() {
        using Ids = std::vector<std::int64_t>;
        const char* all = "SELECT id FROM clinic_visit c WHERE {scope:c} ORDER BY id";
        CPPUNIT_ASSERT(ids(self(1), all) == Ids({1, 4}));
        CPPUNIT_ASSERT(ids(self(2), all) == Ids({2, 3}));
        CPPUNIT_ASSERT(ids(organisation(10), all) == Ids({1, 2}));
        CPPUNIT_ASSERT(ids(organisation(20), all) == Ids({1, 3}));
        CPPUNIT_ASSERT(ids(organisation(99), all).empty());
        CPPUNIT_ASSERT(ids(county(), all) == Ids({1, 2, 3, 4}));
        CPPUNIT_ASSERT(ids(nobody(), all).empty());
        // No organisation column: an organisation sees nothing of it.
        CPPUNIT_ASSERT(ids(organisation(10), "SELECT id FROM clinic_note WHERE {scope:clinic_note}").empty());
        CPPUNIT_ASSERT(ids(self(2), "SELECT id FROM clinic_note n WHERE {scope:n}") == Ids({2}));
        // A view with scope of its own.
        CPPUNIT_ASSERT(ids(self(2), "SELECT id FROM clinic_open o WHERE {scope:o}") == Ids({3}));
    }

    void statementsWithScopeInPlaceRun() {
        for (
            const char* sql : {
                "SELECT 1",
                "SELECT id FROM clinic_code",
                "SELECT id FROM clinic_visit WHERE {scope:clinic_visit}",
                "SELECT c.id FROM clinic_visit AS c WHERE {scope:c} AND c.state = 'open'",
                "SELECT c.id FROM clinic_visit c WHERE c.state = 'x' AND {scope:c} AND (c.id = 1 OR c.id = 2)",
                "SELECT c.id FROM clinic_visit c WHERE c.id BETWEEN 1 AND 9 AND {scope:c} ORDER BY c.id LIMIT "
                "5",
                "SELECT id FROM Clinic_Visit C WHERE {scope:c}",
                "SELECT id FROM \"clinic_visit\" c WHERE {scope:c} -- done",
                "SELECT c.id FROM clinic_visit c JOIN clinic_note n ON {scope:n} AND n.kase = c.id WHERE "
                "{scope:c}",
                "SELECT c.id FROM clinic_visit c LEFT JOIN clinic_note n ON n.kase = c.id AND {scope:n} WHERE "
                "{scope:c}",
                "SELECT c.id FROM clinic_visit c, clinic_note n WHERE {scope:c} AND {scope:n}",
                "SELECT id FROM clinic_visit c WHERE {scope:c} UNION ALL SELECT id FROM clinic_note n WHERE "
                "{scope:n}",
                "SELECT id FROM clinic_code WHERE id IN (SELECT c.id FROM clinic_visit c WHERE {scope:c})",
                "SELECT id FROM clinic_code k WHERE EXISTS (SELECT 1 FROM clinic_visit c WHERE {scope:c} AND "
                "c.id = k.id)",
                "SELECT (SELECT COUNT(*) FROM clinic_visit c WHERE {scope:c})",
                "SELECT x.id FROM (SELECT c.id FROM clinic_visit c WHERE {scope:c}) x",
                "WITH mine AS (SELECT id FROM clinic_visit c WHERE {scope:c}), more(id) AS (SELECT id FROM "
                "mine) "
                "SELECT id FROM more",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n",
                "SELECT CASE WHEN c.id = 1 OR c.id = 2 THEN 1 ELSE 2 END FROM clinic_visit c WHERE {scope:c}",
                "SELECT COUNT(*), c.state FROM clinic_visit c WHERE {scope:c} GROUP BY c.state HAVING "
                "(COUNT(*) > 1 OR 1 = 1)",
                "SELECT id FROM clinic_visit c WHERE c.state IS NOT DISTINCT FROM 'open' AND {scope:c}",
                "SELECT value FROM json_each('[1,2]')",
                "SELECT c.id, j.value FROM clinic_visit c, json_each('[1]') j WHERE {scope:c}",
                "SELECT length(replace('a', 'a', 'b')), lower(c.state) FROM clinic_visit c WHERE {scope:c}",
                "SELECT row_number() OVER (PARTITION BY c.state ORDER BY c.id) FROM clinic_visit c WHERE "
                "{scope:c}",
                "SELECT id FROM clinic_visit AS c NOT INDEXED WHERE {scope:c}",
                "UPDATE clinic_visit SET state = 'x' WHERE {scope:clinic_visit} AND id = 1",
                "UPDATE clinic_visit AS c SET state = 'x' WHERE {scope:c} RETURNING id",
                "DELETE FROM clinic_visit AS c WHERE {scope:c}",
                "DELETE FROM clinic_visit WHERE {scope:clinic_visit} RETURNING id",
                "INSERT INTO clinic_visit (resident) VALUES (1)",
                "INSERT INTO clinic_visit (resident) VALUES (1) RETURNING id",
                "INSERT OR IGNORE INTO clinic_visit (id) VALUES (1)",
                "INSERT INTO clinic_visit (id) VALUES (1) ON CONFLICT DO NOTHING",
                "INSERT INTO clinic_visit (id, resident) SELECT c.id + 100, c.resident FROM clinic_visit c "
                "WHERE {scope:c}",
                "INSERT INTO clinic_code (id) SELECT 9 WHERE 1 ON CONFLICT (id) DO UPDATE SET name = 'b'",
                "INSERT INTO clinic_visit AS c (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET state = 'x' "
                "WHERE {scope:c}",
                "REPLACE INTO clinic_code (id) VALUES (1)",
            }) {
            for (const PluginAccess& access : {self(1), organisation(10), county(), nobody()}) {
                try {
                    ids(access, sql);
                } catch (const Error& error) {
                    const std::string reason(error.details()["reason"].text());
                    CPPUNIT_FAIL(std::string(sql) + ": " + error.id() + " " + reason);
                }
            }
        }
    }

    void statementsThatCouldLeakAreRefused() {
        for (const char* sql : {
                 // no token, or not for each mention
                 "SELECT id FROM clinic_visit",
                 "SELECT id FROM clinic_visit c WHERE c.resident = 1",
                 "SELECT a.id FROM clinic_visit a JOIN clinic_visit b ON b.id = a.id WHERE {scope:a}",
                 "SELECT c.id FROM clinic_visit c, clinic_note n WHERE {scope:c}",
                 "SELECT id FROM clinic_visit c WHERE {scope:c} UNION SELECT id FROM clinic_visit",
                 "SELECT id FROM clinic_visit c WHERE {scope:c} AND id IN (SELECT id FROM clinic_visit)",
                 "SELECT id FROM clinic_visit c WHERE {scope:c} AND id IN clinic_visit",
                 "SELECT (SELECT COUNT(*) FROM clinic_visit)",
                 "WITH x AS (SELECT id FROM clinic_visit) SELECT id FROM x",
                 "SELECT x.id FROM (clinic_visit x JOIN clinic_code k ON k.id = x.id)",
                 "SELECT c.id FROM clinic_code k JOIN (clinic_visit c) ON {scope:k}",
                 // a token that does not filter
                 "SELECT id FROM clinic_visit c WHERE {scope:c} OR 1 = 1",
                 "SELECT id FROM clinic_visit c WHERE 1 = 1 OR {scope:c}",
                 "SELECT id FROM clinic_visit c WHERE 1 = 1 OR 2 = 2 AND {scope:c}",
                 "SELECT id FROM clinic_visit c WHERE {scope:c} AND 1 = 2 OR 1 = 1",
                 "SELECT id FROM clinic_visit c WHERE NOT {scope:c}",
                 "SELECT id FROM clinic_visit c WHERE ({scope:c} OR 1 = 1)",
                 "SELECT id FROM clinic_visit c WHERE ({scope:c})",
                 "SELECT id FROM clinic_visit c WHERE {scope:c} = 0",
                 "SELECT id FROM clinic_visit c WHERE 0 = {scope:c}",
                 "SELECT id FROM clinic_visit c WHERE {scope:c} IS NULL",
                 "SELECT id FROM clinic_visit c WHERE 0 BETWEEN 0 AND {scope:c}",
                 "SELECT id FROM clinic_visit c WHERE 0 NOT BETWEEN {scope:c} AND 5",
                 "SELECT id FROM clinic_visit c WHERE CASE WHEN 1 AND {scope:c} THEN 1 ELSE 1 END",
                 "SELECT id FROM clinic_visit c WHERE CASE end WHEN 1 THEN 2 AND {scope:c} AND 1 END",
                 "SELECT {scope:c} FROM clinic_visit c",
                 "SELECT id FROM clinic_visit c GROUP BY id HAVING {scope:c}",
                 "SELECT id FROM clinic_visit c ORDER BY 1 = 1 AND {scope:c}",
                 "SELECT COUNT(*) FILTER (WHERE {scope:c}) FROM clinic_visit c",
                 "SELECT id FROM clinic_visit c LEFT JOIN clinic_code k ON {scope:c}",
                 "SELECT c.id FROM clinic_visit c LEFT JOIN (SELECT 1) s ON {scope:c}",
                 "SELECT c.id FROM clinic_visit c LEFT JOIN json_each('[1]') s ON {scope:c}",
                 "SELECT c.id FROM clinic_code k RIGHT JOIN clinic_visit c ON {scope:c}",
                 "SELECT c.id FROM clinic_code k FULL OUTER JOIN clinic_visit c ON {scope:c}",
                 "SELECT id FROM clinic_visit c WHERE 1 = 1 WINDOW w AS (ORDER BY id) OR {scope:c}",
                 // a token for something else
                 "SELECT id FROM clinic_visit c WHERE {scope:x}",
                 "SELECT id FROM clinic_visit c WHERE {scope:clinic_visit}",
                 "SELECT id FROM clinic_code k WHERE {scope:k}",
                 "SELECT (SELECT 1 WHERE {scope:c}) FROM clinic_visit c",
                 "SELECT c.id FROM clinic_visit c JOIN clinic_code c ON 1 WHERE {scope:c}",
                 "SELECT id FROM clinic_visit c WHERE id = '{scope:c}'",
                 "SELECT id FROM clinic_visit c -- WHERE {scope:c}",
                 "SELECT id FROM clinic_visit c /* WHERE {scope:c} */",
                 "SELECT id FROM clinic_visit \"a b\" WHERE {scope:a b}",
                 // another's tables
                 "SELECT id FROM account",
                 "SELECT id FROM clinicx_case",
                 "SELECT id FROM clinic_code JOIN account USING (id)",
                 "SELECT id FROM clinic_code WHERE id IN (SELECT id FROM account)",
                 "SELECT id FROM main.clinic_visit c WHERE {scope:c}",
                 "SELECT id FROM main.account",
                 "SELECT name FROM sqlite_master",
                 "SELECT name FROM sqlite_schema",
                 "SELECT name FROM pragma_table_list",
                 "SELECT * FROM pragma_table_info('account')",
                 "WITH clinic_visit AS (SELECT 1 AS id) SELECT id FROM clinic_visit",
                 "WITH account AS (SELECT id FROM account) SELECT id FROM account",
                 "INSERT INTO account (id) VALUES (1)",
                 "UPDATE account SET password = 'x'",
                 "DELETE FROM account",
                 "INSERT INTO clinic_code (name) SELECT password FROM account",
                 "SELECT id FROM clinic_hidden", // not in the manifest
                 "SELECT id FROM clinic_bare",   // a view without scope over a scoped table
                 // other rows than one's own
                 "UPDATE clinic_visit SET state = 'x'",
                 "UPDATE clinic_visit SET state = 'x' WHERE id = 1",
                 "UPDATE clinic_visit SET state = {scope:clinic_visit}",
                 "DELETE FROM clinic_visit",
                 "REPLACE INTO clinic_visit (id) VALUES (3)",
                 "INSERT OR REPLACE INTO clinic_visit (id) VALUES (3)",
                 "UPDATE OR REPLACE clinic_visit SET id = 3 WHERE {scope:clinic_visit}",
                 "INSERT INTO clinic_visit (id) VALUES (3) ON CONFLICT (id) DO UPDATE SET state = 'x'",
                 "INSERT INTO clinic_visit AS c (id) VALUES (3) ON CONFLICT (id) WHERE {scope:c} DO UPDATE "
                 "SET state = 'x'",
                 "INSERT INTO clinic_visit AS c (id) VALUES (3) ON CONFLICT (id) DO UPDATE SET state = 'x' "
                 "WHERE {scope:c} "
                 "ON CONFLICT DO UPDATE SET state = 'y'",
                 "INSERT INTO clinic_visit (id) SELECT id FROM clinic_visit",
                 // what is no business of a plugin
                 "CREATE TABLE clinic_new (id BIGINT)",
                 "DROP TABLE clinic_code",
                 "ALTER TABLE clinic_code ADD COLUMN x",
                 "CREATE INDEX clinic_i ON clinic_code (id)",
                 "CREATE TEMP TABLE x (id BIGINT)",
                 "PRAGMA table_list",
                 "PRAGMA foreign_keys = OFF",
                 "ATTACH 'x' AS y",
                 "EXPLAIN SELECT 1",
                 "ANALYZE",
                 "REINDEX",
                 "VACUUM",
                 "COMMIT",
                 "SELECT load_extension('x')",
                 "SELECT sqlite_version()",
                 "SELECT 1; SELECT 2",
                 "SELECT id FROM clinic_visit c WHERE :x(1) AND {scope:c}",
             }) {
            for (const PluginAccess& access : {self(1), organisation(10), county(), nobody()}) {
                try {
                    ids(access, sql);
                } catch (const StorageError& error) {
                    CPPUNIT_ASSERT_MESSAGE(sql, error.kind() == StorageError::Kind::refused);
                    continue;
                }
                CPPUNIT_FAIL(std::string("ran: ") + sql);
            }
        }
    }

    /// The second lock on the door: what SQLite itself sees, whatever our reader of statements made of the
    /// text.
    void databaseRefusesWhatTheReaderMissed() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        const PluginAccess access = county();
        tx.as(&access);
        // A declared view over a scoped table is found by name in the text; only SQLite knows what lies below
        // it.
        const StorageError error = caught([&] { tx.query("SELECT id FROM clinic_bare"); });
        CPPUNIT_ASSERT_EQUAL(std::string("clinic_visit"), std::string(error.details()["table"].text()));
        for (const char* sql : {"SELECT load_extension('x')", "SELECT sqlite_version()"})
            CPPUNIT_ASSERT(StorageError::Kind::refused == caught([&] { tx.query(sql); }).kind());
    }

    void updatesAndDeletesStayInScope() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        const PluginAccess access = organisation(20);
        tx.as(&access);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             tx.exec("UPDATE clinic_visit SET state = 'x' WHERE {scope:clinic_visit}"));
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{0},
            tx.exec("UPDATE clinic_visit SET state = 'x' WHERE {scope:clinic_visit} AND id = :id",
                    {{"id", 2}}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, tx.exec("DELETE FROM clinic_visit WHERE {scope:clinic_visit}"));
        tx.commit();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             db_.number("SELECT COUNT(*) FROM clinic_visit WHERE id IN (2, 4)"));
    }

    void upsertStaysInScope() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        const PluginAccess access = self(1);
        tx.as(&access);
        const char* sql = "INSERT INTO clinic_visit (id, resident) VALUES (:id, 1) "
                          "ON CONFLICT (id) DO UPDATE SET state = 'mine' WHERE {scope:clinic_visit}";
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, tx.exec(sql, {{"id", 1}}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, tx.exec(sql, {{"id", 2}})); // another's
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, tx.exec(sql, {{"id", 77}}));
        tx.commit();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             db_.number("SELECT COUNT(*) FROM clinic_visit WHERE state = 'mine'"));
    }

    void refusalNamesStatementAndTable() {
        const char* sql = "SELECT id FROM account";
        const StorageError error = caught([&] { ids(county(), sql); });
        CPPUNIT_ASSERT_EQUAL(400, error.status());
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.refused"), error.id());
        CPPUNIT_ASSERT_EQUAL(std::string("account"), std::string(error.details()["table"].text()));
        CPPUNIT_ASSERT_EQUAL(digestOf(sql), std::string(error.details()["statement"].text()));
    }

    void coreIsNotBoundByRules() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        const PluginAccess access = self(1);
        CPPUNIT_ASSERT(tx.as(&access) == nullptr);
        CPPUNIT_ASSERT(StorageError::Kind::refused ==
                       caught([&] { tx.query("SELECT * FROM account"); }).kind());
        CPPUNIT_ASSERT(tx.as(nullptr) == &access);
        tx.query("SELECT * FROM account");
        tx.exec("UPDATE clinic_visit SET state = 'z'");
    }

    void coreStatementWithTokenIsRefused() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        CPPUNIT_ASSERT(StorageError::Kind::refused ==
                       caught([&] { tx.query("SELECT id FROM clinic_visit c WHERE {scope:c}"); }).kind());
    }

    void cacheKeepsPluginsApart() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        const char* sql = "SELECT id FROM account";
        tx.query(sql); // prepared for the core
        const PluginAccess clinic = county();
        tx.as(&clinic);
        CPPUNIT_ASSERT(StorageError::Kind::refused == caught([&] { tx.query(sql); }).kind());
        const TableRules otherRules("account", {});
        const PluginAccess other{&otherRules, {Scope::Kind::county, 1, 1}};
        tx.as(&other);
        CPPUNIT_ASSERT(StorageError::Kind::refused == caught([&] { tx.query(sql); }).kind());
        // Same text, callers of different reach.
        const char* scoped = "SELECT id FROM clinic_visit c WHERE {scope:c}";
        const auto count = [&](const PluginAccess& access) {
            tx.as(&access);
            int n = 0;
            for (auto rows = tx.query(scoped); rows.next();)
                ++n;
            return n;
        };
        for (int round = 0; round < 2; ++round) {
            CPPUNIT_ASSERT_EQUAL(4, count(county()));
            CPPUNIT_ASSERT_EQUAL(2, count(self(1)));
            CPPUNIT_ASSERT_EQUAL(0, count(nobody()));
            CPPUNIT_ASSERT_EQUAL(2, count(organisation(10)));
            CPPUNIT_ASSERT_EQUAL(1, count(organisation(30)));
        }
    }

    void newRulesForgetOldStatements() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        const TableRules loose("clinic", {{"clinic_visit", false, {}, {}}});
        const PluginAccess before{&loose, {Scope::Kind::self, 1, 0}};
        tx.as(&before);
        tx.query("SELECT id FROM clinic_visit");
        const PluginAccess after = self(1); // the next version of the plugin scopes the table
        tx.as(&after);
        CPPUNIT_ASSERT(StorageError::Kind::refused ==
                       caught([&] { tx.query("SELECT id FROM clinic_visit"); }).kind());
    }

    void triggersAndCascadesWork() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        const PluginAccess access = organisation(10);
        tx.as(&access);
        // The trigger counts all cases, the cascade deletes a child that the caller could not name.
        tx.exec("UPDATE clinic_visit SET state = 'y' WHERE {scope:clinic_visit}");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, tx.exec("DELETE FROM clinic_visit WHERE {scope:clinic_visit}"));
        tx.commit();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, db_.number("SELECT COUNT(*) FROM clinic_child"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, db_.number("SELECT name FROM clinic_code WHERE id = 1"));
    }

    void scopeParametersAreReserved() {
        for (const char* sql :
             {"SELECT :_scope_user", "SELECT id FROM clinic_visit c WHERE {scope:c} AND :_scope_org = 1"})
            CPPUNIT_ASSERT(StorageError::Kind::refused ==
                           caught([&] {
                               ids(self(1), sql, {{"_scope_user", 2}, {"_scope_org", 2}});
                           }).kind());
        CPPUNIT_ASSERT_EQUAL(
            std::string("core.storage.parameter"), caughtId([&] {
                ids(self(1), "SELECT id FROM clinic_visit c WHERE {scope:c}", {{"_scope_user", 2}});
            }));
    }

    void wrongRulesAreRefused() {
        using Rules = std::vector<TableRule>;
        const auto made = [](const char* plugin, Rules tables) {
            return caughtId([&] { TableRules(plugin, std::move(tables)); });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("nothing thrown"), made("clinic", {{"clinic_a", true, "x", {"y"}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.rules"), made("clinic", {{"case", false, {}, {}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.rules"), made("clinic", {{"clinic_", false, {}, {}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.rules"), made("clinic", {{"clinic_a", true, {}, {}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.rules"),
                             made("clinic", {{"clinic_a", true, "x OR 1", {}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.rules"),
                             made("clinic", {{"clinic_a", true, {}, {"x", "y)"}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.rules"),
                             made("clinic", {{"clinic_a b", false, {}, {}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.rules"),
                             made("clinic", {{"clinic_a", false, {}, {}}, {"CLINIC_A", false, {}, {}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.rules"), made("", {}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.rules"), made("a-b", {}));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ScopeTest);

} // namespace dalate::storage
