// SPDX-License-Identifier: Apache-2.0
// The daemon is killed in the middle of an import and of its taking back, again and again. After each start
// the batch says what is stored, the button goes on, and at the end every row of the table is one case: none
// lost, none doubled.
#include "support/Daemon.h"
#include "support/FormData.h"
#include "support/Page.h"
#include "support/Visitors.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdio>
#include <map>
#include <random>
#include <thread>

#include <sqlite3.h>
#include <unistd.h>

using namespace dalate;
using namespace dalate::testing;

namespace {

namespace fs = std::filesystem;

class KilledImportTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(KilledImportTest);
    CPPUNIT_TEST(everyRowOnce);
    CPPUNIT_TEST_SUITE_END();

    static constexpr int rows = 3000;
    const std::string list_ = "/lists/hotline/calls";
    TemporaryFolder folder_;
    fs::path data_ = folder_.path() / "data";
    std::mt19937 random_{4711};
    std::size_t kills_ = 0, broken_ = 0;

    Daemon::Options options() const {
        Daemon::Options options = Daemon::built();
        options.plugins = folder_.path() / "plugins";
        return options;
    }
    /// First column of each row, with the second as a number.
    std::map<std::string, std::int64_t> ask(const std::string& sql) const {
        sqlite3* database = nullptr;
        CPPUNIT_ASSERT_EQUAL(SQLITE_OK, sqlite3_open_v2((data_ / "dalate.db").c_str(), &database,
                                                        SQLITE_OPEN_READWRITE, nullptr));
        sqlite3_busy_timeout(database, 5000);
        std::map<std::string, std::int64_t> found;
        sqlite3_stmt* statement = nullptr;
        CPPUNIT_ASSERT_EQUAL(SQLITE_OK, sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr));
        while (sqlite3_step(statement) == SQLITE_ROW)
            found[reinterpret_cast<const char*>(sqlite3_column_text(statement, 0))] =
                sqlite3_column_int64(statement, 1);
        sqlite3_finalize(statement);
        sqlite3_close(database);
        return found;
    }
    /// What the report says is what is stored, and no row is two cases.
    void check() {
        const auto states = ask("SELECT state, COUNT(*) FROM import_row GROUP BY state");
        const auto stored = ask("SELECT CASE state WHEN 'withdrawn' THEN 'undone' ELSE 'done' END, COUNT(*) "
                                "FROM case_record GROUP BY 1");
        const auto twice = ask("SELECT title, COUNT(*) FROM case_record GROUP BY title HAVING COUNT(*) > 1");
        const auto count = [](const auto& all, const char* name) {
            const auto at = all.find(name);
            return at == all.end() ? std::int64_t{0} : at->second;
        };
        for (const char* state : {"done", "undone"})
            if (count(states, state) != count(stored, state)) ++broken_;
        for (const char* state : {"failed", "kept", "faulty"})
            if (count(states, state) != 0) ++broken_;
        broken_ += twice.size();
    }
    bool isUnderWay() const {
        return !ask("SELECT state, 1 FROM import_batch WHERE state IN ('running', 'undoing')").empty();
    }
    /// Presses, and kills the daemon in the middle until the batch has come to `end`.
    void killUntil(const std::string& batch, const std::string& first, const std::string& end) {
        const auto isOver = [&] {
            return !ask("SELECT state, 1 FROM import_batch WHERE state = '" + end + "'").empty();
        };
        for (int round = 0; round < 80; ++round) {
            Daemon daemon(options(), data_);
            const auto desk = signedIn(daemon, "hotline_desk");
            const std::string page = desk->get(batch).body;
            if (isOver()) return;
            const std::string button = isUnderWay() ? "go_on" : first;
            if (!contains(page, "value=\"" + (button == "undo" ? "ask_undo" : button) + "\"")) ++broken_;
            std::thread press([&] {
                try {
                    desk->post(batch, {{"_do", button}});
                } catch (const std::exception&) {
                    // The daemon went away in the middle: what the test is about.
                }
            });
            std::this_thread::sleep_for(std::chrono::milliseconds(60 + random_() % 600));
            daemon.kill();
            press.join();
            ++kills_;
            check();
        }
        ++broken_;
    }

public:
    void everyRowOnce() {
        fs::create_directories(folder_.path() / "plugins");
        fs::copy(fs::path(DALATE_BINARY_DIR) / "plugins/hotline", folder_.path() / "plugins/hotline",
                 fs::copy_options::recursive);
        std::string batch;
        {
            Daemon daemon(options(), data_);
            const auto desk = signedIn(daemon, "hotline_desk");
            desk->get(list_ + "/import");
            std::string csv = "What is it about,What happened,Telephone\r\n";
            for (int i = 0; i < rows; ++i)
                csv += "第" + std::to_string(i) + "件,灯不亮,13912345678\r\n";
            const Answer read = desk->send(
                "POST", list_ + "/import", FormData::type(),
                FormData().field("csrf", desk->csrf()).file("table", "a.csv", "text/csv", csv).body());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(read.body), 303, read.status);
            batch = read.header("location");
            daemon.kill();
        }
        killUntil(batch, "begin", "done");
        const auto cases = ask("SELECT 'all', COUNT(*) FROM case_record");
        if (cases.at("all") != rows) ++broken_;
        const std::size_t bringing = kills_;
        killUntil(batch, "undo", "undone");
        const auto back = ask("SELECT state, COUNT(*) FROM case_record GROUP BY state");
        if (back.size() != 1 || !back.contains("withdrawn") || back.at("withdrawn") != rows) ++broken_;
        std::printf("guarantee: kill -9 in an import, tries %zu, broken %zu\n  %d rows, %zu kills while "
                    "bringing in, %zu "
                    "while taking back\n",
                    kills_, broken_, rows, bringing, kills_ - bringing);
        CPPUNIT_ASSERT(bringing > 4);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, broken_);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(KilledImportTest);

} // namespace
