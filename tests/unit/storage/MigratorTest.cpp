// SPDX-License-Identifier: Apache-2.0
#include "storage/Migrator.h"

#include "Database.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

namespace dalate::storage {

class MigratorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MigratorTest);
    CPPUNIT_TEST(pendingFilesAreApplied);
    CPPUNIT_TEST(secondRunDoesNothing);
    CPPUNIT_TEST(dryRunChangesNothing);
    CPPUNIT_TEST(statusTellsEachState);
    CPPUNIT_TEST(changedFileIsRefused);
    CPPUNIT_TEST(dirtyOneIsRefused);
    CPPUNIT_TEST(newerDatabaseIsRefused);
    CPPUNIT_TEST(gapsAndStrangeNamesAreRefused);
    CPPUNIT_TEST(failedFileLeavesNothing);
    CPPUNIT_TEST(triggersAndSeveralStatementsRun);
    CPPUNIT_TEST(pluginMayChangeItsOwnSchema);
    CPPUNIT_TEST(pluginMayNotTouchOthers);
    CPPUNIT_TEST(ownersDoNotMeet);
    CPPUNIT_TEST(mysqlFilesArePassedOver);
    CPPUNIT_TEST(twoAtOnceApplyOnce);
    CPPUNIT_TEST(missingFolderIsEmpty);
    CPPUNIT_TEST_SUITE_END();

    Database db_;
    std::filesystem::path files_;

public:
    void setUp() override {
        files_ = db_.folder() / "migrations";
        std::filesystem::create_directories(files_);
    }

    void write(const std::string& name, std::string_view text) { std::ofstream(files_ / name) << text; }

    std::vector<MigrationState> run(std::string_view owner = "core") {
        return Migrator(*db_.pool).run(owner, files_);
    }

    bool has(std::string_view table) {
        return db_.number("SELECT COUNT(*) FROM sqlite_schema WHERE name = '" + std::string(table) + "'") ==
               1;
    }

    void pendingFilesAreApplied() {
        write("0001_first.sql", "CREATE TABLE a (id BIGINT);");
        write("0002_second.sql", "ALTER TABLE a ADD COLUMN b TEXT; INSERT INTO a VALUES (1, 'x');");
        const auto done = run();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, done.size());
        CPPUNIT_ASSERT(done[0].state == MigrationState::State::applied && done[0].appliedAt > 0);
        CPPUNIT_ASSERT_EQUAL(std::string("0002_second.sql"), done[1].name);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, db_.number("SELECT COUNT(b) FROM a"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, db_.number("SELECT SUM(dirty) FROM schema_migration"));
    }

    void secondRunDoesNothing() {
        write("0001_first.sql", "CREATE TABLE a (id BIGINT)");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, run().size());
        const auto commits = db_.pool->counters().commits;
        CPPUNIT_ASSERT(run().empty());
        CPPUNIT_ASSERT_EQUAL(commits, db_.pool->counters().commits);
        write("0002_more.sql", "CREATE TABLE b (id BIGINT)");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, run().size());
    }

    void dryRunChangesNothing() {
        write("0001_first.sql", "CREATE TABLE a (id BIGINT); CREATE TABLE b (id BIGINT)");
        const auto plan = Migrator(*db_.pool).plan("core", files_);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, plan.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, plan[0].statements.size());
        CPPUNIT_ASSERT_EQUAL(std::string("CREATE TABLE b (id BIGINT)"), plan[0].statements[1]);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, db_.number("SELECT COUNT(*) FROM sqlite_schema"));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, db_.pool->counters().commits);
    }

    void statusTellsEachState() {
        write("0001_a.sql", "CREATE TABLE a (id BIGINT)");
        write("0002_b.sql", "CREATE TABLE b (id BIGINT)");
        run();
        write("0002_b.sql", "CREATE TABLE b (id TEXT)");
        write("0003_c.sql", "CREATE TABLE c (id BIGINT)");
        db_.run({"INSERT INTO schema_migration VALUES ('core', 9, '0009_z.sql', 'f00', 0, 5)"});
        const auto states = Migrator(*db_.pool).status("core", files_);
        using State = MigrationState::State;
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, states.size());
        CPPUNIT_ASSERT(states[0].state == State::applied && states[1].state == State::changed);
        CPPUNIT_ASSERT(states[2].state == State::pending && states[3].state == State::missing);
        CPPUNIT_ASSERT_EQUAL(std::string("0009_z.sql"), states[3].name);
    }

    void changedFileIsRefused() {
        write("0001_a.sql", "CREATE TABLE a (id BIGINT)");
        run();
        write("0001_a.sql", "CREATE TABLE a (id BIGINT) ");
        write("0002_b.sql", "CREATE TABLE b (id BIGINT)");
        CPPUNIT_ASSERT_EQUAL(std::string("core.migration.changed"), caughtId([&] { run(); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.migration.changed"),
                             caughtId([&] { Migrator(*db_.pool).plan("core", files_); }));
        CPPUNIT_ASSERT(!has("b"));
    }

    void dirtyOneIsRefused() {
        write("0001_a.sql", "CREATE TABLE a (id BIGINT)");
        run();
        db_.run({"UPDATE schema_migration SET dirty = 1"});
        try {
            run();
            CPPUNIT_FAIL("ran over a dirty migration");
        } catch (const Error& error) {
            CPPUNIT_ASSERT_EQUAL(std::string("core.migration.dirty"), error.id());
            CPPUNIT_ASSERT_EQUAL(std::string("0001_a.sql"), std::string(error.details()["file"].text()));
        }
    }

    void newerDatabaseIsRefused() {
        write("0001_a.sql", "CREATE TABLE a (id BIGINT)");
        write("0002_b.sql", "CREATE TABLE b (id BIGINT)");
        run();
        std::filesystem::remove(files_ / "0002_b.sql");
        CPPUNIT_ASSERT_EQUAL(std::string("core.migration.newer"), caughtId([&] { run(); }));
        write("0002_b.sql", "CREATE TABLE b (id BIGINT)");
        db_.run({"DELETE FROM schema_migration WHERE version = 1"});
        CPPUNIT_ASSERT_EQUAL(std::string("core.migration.newer"), caughtId([&] { run(); }));
    }

    void gapsAndStrangeNamesAreRefused() {
        const auto refused = [&](const char* name) {
            write(name, "CREATE TABLE z (id BIGINT)");
            const std::string id = caughtId([&] { run(); });
            std::filesystem::remove(files_ / name);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string("core.migration.name"), id);
        };
        write("0001_a.sql", "CREATE TABLE a (id BIGINT)");
        for (const char* name : {"0003_c.sql", "0001_b.sql", "2_b.sql", "0002-b.sql", "0002_B.sql",
                                 "0000_b.sql", "b.sql", "0002_.x.sql"})
            refused(name);
        write("notes.txt", "no migration");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, run().size());
    }

    void failedFileLeavesNothing() {
        write("0001_a.sql", "CREATE TABLE a (id BIGINT)");
        write("0002_b.sql", "CREATE TABLE b (id BIGINT); INSERT INTO nowhere VALUES (1)");
        try {
            run();
            CPPUNIT_FAIL("a broken migration ran");
        } catch (const Error& error) {
            CPPUNIT_ASSERT_EQUAL(std::string("core.migration.failed"), error.id());
            CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, *error.details()["statement"].integer());
            CPPUNIT_ASSERT(error.details()["reason"].text().find("nowhere") != std::string_view::npos);
        }
        CPPUNIT_ASSERT(has("a") && !has("b"));
        write("0002_b.sql", "CREATE TABLE b (id BIGINT)");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, run().size());
        for (const char* text :
             {"CREATE TABLE c (id BIGINT); COMMIT", "CREATE TABLE c ('open)", "BEGIN", "ATTACH 'x' AS y"}) {
            write("0003_c.sql", text);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("core.migration.failed"),
                                         caughtId([&] { run(); }));
            CPPUNIT_ASSERT(!has("c"));
        }
    }

    void triggersAndSeveralStatementsRun() {
        write("0001_a.sql", "-- what is kept\nCREATE TABLE a (id BIGINT, n BIGINT);\n"
                            "CREATE TRIGGER a_count AFTER INSERT ON a BEGIN\n"
                            "  UPDATE a SET n = CASE WHEN n IS NULL THEN 1 ELSE n + 1 END;\n  UPDATE a SET n "
                            "= n + 10;\nEND;\n"
                            "INSERT INTO a (id) VALUES (1);\n");
        run();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{11}, db_.number("SELECT n FROM a"));
    }

    void pluginMayChangeItsOwnSchema() {
        db_.run({"CREATE TABLE account (id INTEGER PRIMARY KEY)"});
        write(
            "0001_a.sql",
            "CREATE TABLE clinic_visit (id INTEGER PRIMARY KEY, code TEXT UNIQUE, n BIGINT CHECK (n > 0));"
            "CREATE TABLE clinic_bed (id BIGINT PRIMARY KEY, kase BIGINT REFERENCES clinic_visit(id)) WITHOUT "
            "ROWID;"
            "CREATE INDEX clinic_visit_n ON clinic_visit (n);"
            "CREATE UNIQUE INDEX clinic_visit_u ON clinic_visit (lower(code)) WHERE n > 1;"
            "CREATE VIEW clinic_view AS SELECT id FROM clinic_visit;"
            "CREATE TRIGGER clinic_stop BEFORE DELETE ON clinic_visit BEGIN SELECT RAISE(ABORT, 'kept'); END;"
            "INSERT INTO clinic_visit (code, n) VALUES ('a', 1)");
        write("0002_b.sql",
              "ALTER TABLE clinic_visit ADD COLUMN more BIGINT NOT NULL DEFAULT 1 CHECK (more > 0);"
              "ALTER TABLE clinic_visit RENAME COLUMN code TO codes;"
              "CREATE TABLE clinic_new (id BIGINT); INSERT INTO clinic_new SELECT id FROM clinic_visit;"
              "DROP TABLE clinic_bed; ALTER TABLE clinic_new RENAME TO clinic_bed;"
              "UPDATE clinic_visit SET n = 5; DROP VIEW clinic_view; DROP INDEX clinic_visit_n; DROP TRIGGER "
              "clinic_stop;"
              "ALTER TABLE clinic_visit DROP COLUMN more; DELETE FROM clinic_bed; ANALYZE clinic_visit");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, run("clinic").size());
        CPPUNIT_ASSERT(has("clinic_bed"));
        // The core's rules are back.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, db_.number("SELECT COUNT(*) FROM account"));
    }

    void pluginMayNotTouchOthers() {
        db_.run({"CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT)",
                 "INSERT INTO account VALUES (1, 'a')", "CREATE TABLE clinic_visit (id INTEGER PRIMARY KEY)",
                 "CREATE TABLE clinics (id BIGINT)"});
        for (const char* text : {"CREATE TABLE other (id BIGINT)",
                                 "CREATE TABLE clinics_x (id BIGINT)",
                                 "DROP TABLE account",
                                 "ALTER TABLE account ADD COLUMN x",
                                 "CREATE INDEX clinic_i ON account (name)",
                                 "CREATE INDEX other_i ON clinic_visit (id)",
                                 "CREATE TRIGGER clinic_t AFTER INSERT ON account BEGIN SELECT 1; END",
                                 "CREATE TRIGGER t AFTER INSERT ON clinic_visit BEGIN SELECT 1; END",
                                 "CREATE VIEW clinics_v AS SELECT 1",
                                 "CREATE TABLE clinic_copy AS SELECT * FROM account",
                                 "INSERT INTO clinic_visit SELECT id FROM account",
                                 "UPDATE account SET name = 'b'",
                                 "DELETE FROM clinics",
                                 "DELETE FROM schema_migration",
                                 "ALTER TABLE clinic_visit RENAME TO account2",
                                 "CREATE TABLE clinic_a (id BIGINT REFERENCES account(id))",
                                 "CREATE TEMP TABLE clinic_x (id BIGINT)",
                                 "CREATE VIRTUAL TABLE clinic_f USING fts5(x)",
                                 "PRAGMA foreign_keys = OFF",
                                 "PRAGMA writable_schema = ON",
                                 "SELECT load_extension('x')"}) {
            write("0001_a.sql", text);
            try {
                run("clinic");
                CPPUNIT_FAIL(std::string("ran: ") + text);
            } catch (const Error& error) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("core.migration.refused"), error.id());
                CPPUNIT_ASSERT(!error.details()["reason"].text().empty());
            }
        }
        // SQLite's defensive mode stops this one.
        write("0001_a.sql", "DELETE FROM sqlite_master");
        CPPUNIT_ASSERT(caughtId([&] { run("clinic"); }).find("core.migration.") == 0);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, db_.number("SELECT COUNT(*) FROM account WHERE name = 'a'"));
    }

    void ownersDoNotMeet() {
        write("0001_a.sql", "CREATE TABLE clinic_a (id BIGINT)");
        run("clinic");
        write("0001_a.sql", "CREATE TABLE school_a (id BIGINT)");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, run("school").size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, db_.number("SELECT COUNT(*) FROM schema_migration"));
    }

    void mysqlFilesArePassedOver() {
        write("0001_a.sql", "CREATE TABLE a (id BIGINT)");
        write("0001_a.mysql.sql", "CREATE TABLE a (id BIGINT) ENGINE = InnoDB");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, run().size());
    }

    void twoAtOnceApplyOnce() {
        for (int i = 1; i <= 8; ++i) {
            const std::string n = std::to_string(i);
            write("000" + n + "_t.sql", "CREATE TABLE t" + n + " (id BIGINT)");
        }
        std::atomic<std::size_t> applied{0};
        std::atomic<int> failures{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([&] {
                try {
                    applied += run().size();
                } catch (const std::exception&) {
                    ++failures;
                }
            });
        for (std::thread& t : threads)
            t.join();
        CPPUNIT_ASSERT_EQUAL(0, failures.load());
        CPPUNIT_ASSERT_EQUAL(std::size_t{8}, applied.load());
    }

    void missingFolderIsEmpty() {
        CPPUNIT_ASSERT(Migrator(*db_.pool).run("core", db_.folder() / "nowhere").empty());
        CPPUNIT_ASSERT(Migrator(*db_.pool).status("core", db_.folder() / "nowhere").empty());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MigratorTest);

} // namespace dalate::storage
