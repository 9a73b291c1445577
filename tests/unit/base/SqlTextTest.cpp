// SPDX-License-Identifier: Apache-2.0
// The core's SQL runs on SQLite and on MariaDB. Its texts, the migrations and the string literals of
// runtime/src, are read here for what only the one of them takes. runtime/src/storage is left out: it is
// SQLite's own side.
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path root = DALATE_SOURCE_DIR;

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A migration without its comments.
std::string withoutComments(const std::string& sql) {
    return std::regex_replace(sql, std::regex("--[^\n]*"), "");
}

/// The string literals of a source text; those that only blanks part are one.
std::vector<std::string> literals(const std::string& source) {
    std::vector<std::string> all;
    bool joined = false;
    for (std::size_t at = 0; at < source.size(); ++at) {
        const char c = source[at];
        if (source.compare(at, 2, "//") == 0) {
            at = std::min(source.find('\n', at), source.size());
        } else if (c == '\'') {
            for (++at; at < source.size() && source[at] != '\'' && source[at] != '\n'; ++at)
                at += source[at] == '\\';
            joined = false;
        } else if (c == '"') {
            if (!joined) all.emplace_back();
            for (++at; at < source.size() && source[at] != '"'; ++at) {
                const bool escape = source[at] == '\\';
                at += escape;
                all.back() += escape && source[at] == 'n' ? '\n' : source[at];
            }
            joined = true;
        } else if (c != ' ' && c != '\n') {
            joined = false;
        }
    }
    return all;
}

/// Whether a LIMIT stands directly in the SELECT of an IN, and in none that is nested there.
bool limitsInsideIn(const std::string& sql) {
    static const std::regex opening(R"(\bIN\s*\(\s*SELECT\b)");
    for (std::sregex_iterator it(sql.begin(), sql.end(), opening), end; it != end; ++it) {
        int depth = 0;
        for (std::size_t at = sql.find('(', static_cast<std::size_t>(it->position())); at < sql.size();
             ++at) {
            depth += sql[at] == '(' ? 1 : sql[at] == ')' ? -1 : 0;
            if (depth == 0) break;
            if (depth == 1 && sql.compare(at, 6, "LIMIT ") == 0) return true;
        }
    }
    return false;
}

/// What is in a text that not both take; empty: nothing.
std::string fault(const std::string& sql) {
    static const std::pair<const char*, std::regex> forms[] = {
        {"ON CONFLICT", std::regex(R"(\bON\s+CONFLICT\b)")},
        {"INSERT OR, REPLACE INTO", std::regex(R"(\bINSERT\s+OR\b|\bREPLACE\s+INTO\b)")},
        {"RETURNING", std::regex(R"(\bRETURNING\s+[a-z])")},
        {"a backslash as ESCAPE", std::regex(R"(ESCAPE\s+'\\)")},
        {"sqlite_", std::regex(R"(\bsqlite_[a-z]+)")},
        {"WITHOUT ROWID", std::regex(R"(\bWITHOUT\s+ROWID\b)")},
        {"strftime", std::regex(R"(\b(?:strftime|julianday|unixepoch|printf)\s*\()")},
        {"||, which is OR there", std::regex(R"('\s*\|\||\|\|\s*[':])")}};
    static const std::regex statement(R"(\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|WHERE|FROM)\b)");
    if (!std::regex_search(sql, statement)) return {};
    for (const auto& [name, form] : forms)
        if (std::regex_search(sql, form)) return name;
    return limitsInsideIn(sql) ? "LIMIT inside IN" : "";
}

class SqlTextTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SqlTextTest);
    CPPUNIT_TEST(theRulesFindWhatTheyAreFor);
    CPPUNIT_TEST(everyStatementRunsOnBothDatabases);
    CPPUNIT_TEST(everyMigrationRunsOnBothDatabases);
    CPPUNIT_TEST_SUITE_END();

public:
    void theRulesFindWhatTheyAreFor() {
        for (const char* bad :
             {"INSERT INTO a (b) VALUES (1) ON CONFLICT DO NOTHING", "INSERT OR IGNORE INTO a (b) VALUES (1)",
              R"(SELECT 1 FROM a WHERE b LIKE :c ESCAPE '\')", "SELECT sql FROM sqlite_master",
              "DELETE FROM a WHERE b IN (SELECT c FROM d WHERE e IN (1, 2) LIMIT 5)",
              "CREATE TABLE a (b BIGINT NOT NULL PRIMARY KEY) WITHOUT ROWID",
              "SELECT strftime('%Y', a) FROM b", "SELECT a FROM b WHERE c = 'x' || :d"})
            CPPUNIT_ASSERT_MESSAGE(bad, !fault(bad).empty());
        for (const char* good : {"DELETE FROM a WHERE b IN (SELECT c.d FROM (SELECT d FROM e LIMIT 5) c)",
                                 "SELECT 1 FROM a WHERE b LIKE :c ESCAPE '!' LIMIT 1", "strftime"})
            CPPUNIT_ASSERT_EQUAL(std::string(), fault(good));
        const auto found = literals("f(\"SELECT a\"\n  \" FROM b\", 'x', \"c\\\\\"); // \"no\"\n g(\"d\")");
        CPPUNIT_ASSERT(found == (std::vector<std::string>{"SELECT a FROM b", "c\\", "d"}));
    }

    void everyStatementRunsOnBothDatabases() {
        std::string faults;
        std::size_t statements = 0;
        for (const auto& entry : fs::recursive_directory_iterator(root / "runtime/src")) {
            if (entry.path().extension() != ".cpp" || entry.path().parent_path().filename() == "storage")
                continue;
            for (const std::string& text : literals(read(entry.path()))) {
                if (text.starts_with("SELECT ") || text.starts_with("INSERT ") || text.starts_with("UPDATE "))
                    ++statements;
                if (const std::string what = fault(text); !what.empty())
                    faults += entry.path().string() + ": " + what + " in " + text + "\n";
            }
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(faults, std::string(), faults);
        CPPUNIT_ASSERT(statements > 150);
    }

    void everyMigrationRunsOnBothDatabases() {
        std::string faults;
        for (const auto& entry : fs::directory_iterator(root / "migrations")) {
            const std::string sql = withoutComments(read(entry.path()));
            if (const std::string what = fault(sql); !what.empty())
                faults += entry.path().filename().string() + ": " + what + "\n";
            // These hold 64 KiB there and any length here; LONGTEXT and LONGBLOB hold any length in both.
            static const std::regex small(R"(\b(?:TEXT|BLOB)\b)");
            if (std::regex_search(sql, small))
                faults += entry.path().filename().string() + ": TEXT or BLOB\n";
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(faults, std::string(), faults);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SqlTextTest);

} // namespace
