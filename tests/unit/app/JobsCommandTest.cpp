// SPDX-License-Identifier: Apache-2.0
#include "app/Commands.h"
#include "app/Database.h"
#include "base/Ids.h"
#include "base/Result.h"
#include "services/jobs/Jobs.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>

namespace {

using namespace dalate;
using namespace dalate::app;

class JobsCommandTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JobsCommandTest);
    CPPUNIT_TEST(listsWhatWasGivenUp);
    CPPUNIT_TEST(hasOneOrAllTriedAgain);
    CPPUNIT_TEST(letsOneBe);
    CPPUNIT_TEST(wrongWordsAreNamed);
    CPPUNIT_TEST_SUITE_END();

    std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("dalate-jobs-" + randomHex(8));
    std::unique_ptr<Config> config_;

    /// What the command prints.
    std::string said(std::vector<std::string> words) {
        CommandLine line;
        line.command = "jobs";
        line.words = std::move(words);
        std::ostringstream out;
        auto* const before = std::cout.rdbuf(out.rdbuf());
        try {
            CPPUNIT_ASSERT_EQUAL(0, jobs(line, *config_));
        } catch (...) {
            std::cout.rdbuf(before);
            throw;
        }
        std::cout.rdbuf(before);
        return out.str();
    }
    std::string refused(std::vector<std::string> words) {
        try {
            said(std::move(words));
        } catch (const Error& error) {
            return std::to_string(error.status()) + " " + error.id();
        }
        return "not refused";
    }
    std::string dead() {
        const auto pool = openDatabase(*config_, 1);
        services::jobs::Jobs jobs(*pool, {});
        std::int64_t id = 0;
        {
            const auto lease = pool->lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            id = jobs.enqueue(tx, "hello", "import", {}, {}, "r1");
            tx.commit();
        }
        jobs.finish(jobs.take("hello").value(), Error(500, "hello.broken"));
        return std::to_string(id);
    }
    std::int64_t queued() {
        const auto pool = openDatabase(*config_, 1);
        const auto lease = pool->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        auto rows = tx.query("SELECT COUNT(*) FROM job WHERE state = 'queued'");
        rows.next();
        return rows.integer(0);
    }

public:
    void setUp() override {
        config_ =
            std::make_unique<Config>(std::map<std::string, std::string>{{"data.dir", folder_.string()},
                                                                        {"share.dir", DALATE_SOURCE_DIR}},
                                     std::filesystem::path(), std::vector<const char*>{});
        const auto pool = openDatabase(*config_, 1);
        migrateCore(*config_, *pool);
    }
    void tearDown() override { std::filesystem::remove_all(folder_); }

    void listsWhatWasGivenUp() {
        CPPUNIT_ASSERT_EQUAL(std::string(), said({"dead"}));
        const std::string first = dead(), second = dead();
        const std::string list = said({"dead"});
        CPPUNIT_ASSERT(list.starts_with(first + "\thello\timport\thello.broken\t1\t0\t20"));
        CPPUNIT_ASSERT(list.find("\n" + second + "\thello\t") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, queued());
    }
    void hasOneOrAllTriedAgain() {
        const std::string first = dead();
        dead();
        dead();
        CPPUNIT_ASSERT_EQUAL(std::string("put in the queue 1\n"), said({"replay", first}));
        CPPUNIT_ASSERT_EQUAL(std::string("404 core.job.no_letter"), refused({"replay", first}));
        CPPUNIT_ASSERT_EQUAL(std::string("put in the queue 2\n"), said({"replay", "all"}));
        CPPUNIT_ASSERT_EQUAL(std::string("put in the queue 0\n"), said({"replay", "all"}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, queued());
    }
    void letsOneBe() {
        const std::string id = dead();
        CPPUNIT_ASSERT_EQUAL(std::string("dropped\n"), said({"drop", id}));
        CPPUNIT_ASSERT_EQUAL(std::string(), said({"dead"}));
        CPPUNIT_ASSERT_EQUAL(std::string("404 core.job.no_letter"), refused({"drop", id}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, queued());
    }
    void wrongWordsAreNamed() {
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.command.missing"), refused({}));
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.command.missing"), refused({"replay"}));
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.command.missing"), refused({"drop"}));
        for (const char* word : {"bury", "replayed", ""})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(word, std::string("400 core.command.unknown_word"), refused({word}));
        for (const char* id : {"x", "12x", "", "99999999999999999999999"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(id, std::string("400 core.command.unknown_word"),
                                         refused({"replay", id}));
        CPPUNIT_ASSERT_EQUAL(std::string("404 core.job.no_letter"), refused({"replay", "-1"}));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JobsCommandTest);

} // namespace
