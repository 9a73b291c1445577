// SPDX-License-Identifier: Apache-2.0
//
// The case engine keeps one table for all plugins and a view of each plugin's own cases. Plugin `clinic` reads its view,
// scoped as its tables are; the table beneath, other plugins' views and every way of changing either stay shut.
#include "Database.h"

#include "storage/Migrator.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>
#include <vector>

namespace dalate::storage {

namespace {

const TableRules& rules() {
    static const TableRules all("clinic", {{"clinic_visit", false, {}, {}}, {"clinic_peep", false, {}, {}}});
    return all;
}

} // namespace

class CaseViewTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CaseViewTest);
    CPPUNIT_TEST(eachCallerSeesHerCases);
    CPPUNIT_TEST(aPluginsRowsJoinThroughIt);
    CPPUNIT_TEST(nothingElseIsLetThrough);
    CPPUNIT_TEST(noPluginMayTakeTheName);
    CPPUNIT_TEST_SUITE_END();

    Database db_;

    std::vector<std::int64_t> ids(const PluginAccess& access, std::string_view sql) {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        tx.as(&access);
        std::vector<std::int64_t> found;
        auto rows = tx.query(sql);
        while (rows.next())
            found.push_back(rows.integer(0));
        return found;
    }
    bool refused(std::string_view sql) {
        const PluginAccess county{&rules(), {Scope::Kind::county, 1, 10}};
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        tx.as(&county);
        try {
            tx.exec(sql);
        } catch (const StorageError& refusal) {
            return refusal.kind() == StorageError::Kind::refused;
        }
        return false;
    }
    bool migrates(const std::string& sql) {
        const auto folder = db_.folder() / "migrations";
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        std::ofstream(folder / "0001_a.sql") << sql;
        db_.run({"DELETE FROM schema_migration WHERE owner = 'clinic'"});
        try {
            Migrator(*db_.pool).run("clinic", folder);
        } catch (const Error&) {
            return false;
        }
        return true;
    }

public:
    void setUp() override {
        std::filesystem::create_directories(db_.folder() / "core");
        std::ofstream(db_.folder() / "core" / "0001_core.sql") << "CREATE TABLE unused (id BIGINT)";
        Migrator(*db_.pool).run("core", db_.folder() / "core");
        db_.run({"CREATE TABLE case_record (id BIGINT PRIMARY KEY, plugin TEXT, applicant BIGINT, origin BIGINT, "
                 "organisation BIGINT, secret TEXT)",
                 "CREATE VIEW clinic_case AS SELECT id, applicant, origin, organisation FROM case_record "
                 "WHERE plugin = 'clinic'",
                 "CREATE VIEW school_case AS SELECT id, applicant, origin, organisation FROM case_record "
                 "WHERE plugin = 'school'",
                 "CREATE TABLE clinic_visit (id BIGINT, kase BIGINT, text TEXT)",
                 "CREATE VIEW clinic_peep AS SELECT id FROM clinic_case",
                 "INSERT INTO case_record VALUES (1, 'clinic', 5, 10, 20, 's'), (2, 'clinic', 6, 30, 10, 's'), "
                 "(3, 'clinic', 5, 30, 30, 's'), (4, 'school', 5, 10, 10, 's')",
                 "INSERT INTO clinic_visit VALUES (100, 1, 'a'), (101, 2, 'b'), (102, 3, 'c'), (103, 4, 'd')"});
    }

    void eachCallerSeesHerCases() {
        const char* sql = "SELECT id FROM clinic_case c WHERE {scope:c} ORDER BY id";
        using Ids = std::vector<std::int64_t>;
        CPPUNIT_ASSERT((Ids{1, 3}) == ids({&rules(), {Scope::Kind::self, 5, 0}}, sql));
        CPPUNIT_ASSERT((Ids{1, 2}) == ids({&rules(), {Scope::Kind::organisation, 5, 10}}, sql));
        CPPUNIT_ASSERT((Ids{1, 2, 3}) == ids({&rules(), {Scope::Kind::county, 5, 10}}, sql));
        CPPUNIT_ASSERT(ids({&rules(), {}}, sql).empty());
        CPPUNIT_ASSERT((Ids{2}) ==
                       ids({&rules(), {Scope::Kind::county, 5, 10}},
                           "SELECT COUNT(*) FROM clinic_case c WHERE {scope:c} AND c.organisation IN (10, 20)"));
    }

    void aPluginsRowsJoinThroughIt() {
        CPPUNIT_ASSERT((std::vector<std::int64_t>{100, 102}) ==
                       ids({&rules(), {Scope::Kind::self, 5, 0}},
                           "SELECT v.id FROM clinic_visit v JOIN clinic_case c ON c.id = v.kase "
                           "WHERE {scope:c} ORDER BY v.id"));
    }

    void nothingElseIsLetThrough() {
        for (const char* sql :
             {"SELECT id FROM clinic_case", "SELECT id FROM case_record", "SELECT secret FROM case_record",
              "SELECT id FROM school_case", "SELECT id FROM school_case c WHERE {scope:c}",
              "SELECT c.id FROM clinic_case c, case_record r WHERE {scope:c} AND r.id = c.id",
              "SELECT id FROM clinic_peep",
              "SELECT id FROM clinic_visit WHERE kase IN (SELECT id FROM clinic_case)",
              "INSERT INTO clinic_case (id) VALUES (9)", "UPDATE case_record SET applicant = 1",
              "UPDATE clinic_case AS c SET applicant = 1 WHERE {scope:c}", "DELETE FROM case_record",
              "WITH clinic_case AS (SELECT 1 AS id) SELECT id FROM clinic_case c WHERE {scope:c}",
              "INSERT INTO clinic_visit (id, text) SELECT id, secret FROM case_record"})
            CPPUNIT_ASSERT_MESSAGE(sql, refused(sql));
        CPPUNIT_ASSERT_MESSAGE("a column that the view has not",
                               caught([&] {
                                   ids({&rules(), {Scope::Kind::county, 1, 1}},
                                       "SELECT secret FROM clinic_case c WHERE {scope:c}");
                               }).kind() != StorageError::Kind::busy);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, db_.number("SELECT COUNT(*) FROM case_record WHERE secret = 's'"));
    }

    void noPluginMayTakeTheName() {
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.rules"),
                             caughtId([] { TableRules("clinic", {{"CLINIC_case", false, {}, {}}}); }));
        CPPUNIT_ASSERT_MESSAGE("the migration test can succeed", migrates("CREATE TABLE clinic_a (id BIGINT)"));
        for (const char* sql :
             {"DROP VIEW clinic_case", "CREATE TABLE clinic_CASE (id BIGINT)",
              // Its body would run as if it were the view.
              "CREATE TRIGGER clinic_case AFTER INSERT ON clinic_visit BEGIN "
              "UPDATE clinic_visit SET text = (SELECT secret FROM case_record); END",
              "CREATE TRIGGER clinic_t INSTEAD OF INSERT ON clinic_case BEGIN SELECT 1; END",
              "ALTER TABLE clinic_visit RENAME TO clinic_case", "CREATE INDEX clinic_case ON clinic_visit (id)",
              "INSERT INTO clinic_visit (id) SELECT id FROM case_record"})
            CPPUNIT_ASSERT_MESSAGE(sql, !migrates(sql));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CaseViewTest);

} // namespace dalate::storage
