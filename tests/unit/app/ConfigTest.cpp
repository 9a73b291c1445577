// SPDX-License-Identifier: Apache-2.0
#include "app/CommandLine.h"
#include "app/Config.h"
#include "base/Result.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

namespace {

using namespace dalate;
using dalate::app::CommandLine;
using dalate::app::Config;

class ConfigTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConfigTest);
    CPPUNIT_TEST(flagsGoBeforeEnvironmentBeforeFileBeforeDefault);
    CPPUNIT_TEST(anUnknownKeyIsNamedWithItsPlace);
    CPPUNIT_TEST(aBadValueIsNamedWithWhatIsExpected);
    CPPUNIT_TEST(everyKeySaysWhatItMeans);
    CPPUNIT_TEST(aCommandLineIsTakenApart);
    CPPUNIT_TEST(aWrongCommandLineNamesTheArgument);
    CPPUNIT_TEST_SUITE_END();

    std::filesystem::path folder_;

    Config make(const std::map<std::string, std::string>& flags, std::vector<const char*> environment = {},
                const std::string& file = {}) {
        auto all = flags;
        all.emplace("data.dir", folder_.string());
        if (!file.empty()) std::ofstream(folder_ / "dalate.properties") << file;
        return Config(all, {}, environment);
    }

    /// The error's id with the named detail behind it.
    template <class F>
    static std::string refused(F&& work, std::string_view detail) {
        try {
            work();
        } catch (const Error& error) {
            return error.id() + " " + error.details()[detail].asText();
        }
        return "not refused";
    }

public:
    void setUp() override {
        std::string shape = (std::filesystem::temp_directory_path() / "dalate-config-XXXXXX").string();
        CPPUNIT_ASSERT(::mkdtemp(shape.data()));
        folder_ = shape;
    }
    void tearDown() override { std::filesystem::remove_all(folder_); }

    void flagsGoBeforeEnvironmentBeforeFileBeforeDefault() {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, make({}).number("jobs.threads"));
        const std::string file = "jobs.threads = 3\nhttp.queue = 30\nlog.level = debug\n";
        const Config config =
            make({{"jobs.threads", "5"}}, {"DALATE_JOBS_THREADS=4", "DALATE_HTTP_QUEUE=40", "HOME=/root"}, file);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, config.number("jobs.threads"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{40}, config.number("http.queue"));
        CPPUNIT_ASSERT_EQUAL(std::string("debug"), config.text("log.level"));
    }

    void anUnknownKeyIsNamedWithItsPlace() {
        CPPUNIT_ASSERT_EQUAL(std::string("core.config.unknown_key job.threads"),
                             refused([&] { make({{"job.threads", "1"}}); }, "key"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.config.unknown_key DALATE_JOBTHREADS"),
                             refused([&] { make({}, {"DALATE_JOBTHREADS=1"}); }, "key"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.config.unknown_key http.quue"),
                             refused([&] { make({}, {}, "http.quue = 1\n"); }, "key"));
        CPPUNIT_ASSERT_EQUAL("core.config.unknown_key " + (folder_ / "dalate.properties").string(),
                             refused([&] { make({}); }, "place"));
    }

    void aBadValueIsNamedWithWhatIsExpected() {
        CPPUNIT_ASSERT_EQUAL(std::string("core.config.bad_value a whole number"),
                             refused([&] { make({{"http.queue", "many"}}); }, "expected"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.config.bad_value zero or more"),
                             refused([&] { make({{"http.queue", "-1"}}); }, "expected"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.config.bad_value 0 to 63"),
                             refused([&] { make({{"node.id", "64"}}); }, "expected"));
        for (const char* key : {"http.head_seconds", "http.write_stall_seconds"}) {
            CPPUNIT_ASSERT_EQUAL(std::int64_t{3600}, make({{key, "3600"}}).number(key));
            for (const char* wrong : {"0", "-1", "3601"})
                CPPUNIT_ASSERT_EQUAL(std::string("core.config.bad_value 1 to 3600"),
                                     refused([&] { make({{key, wrong}}); }, "expected"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("core.config.bad_value log.form"),
                             refused([&] { make({{"log.form", "xml"}}); }, "key"));
    }

    void everyKeySaysWhatItMeans() {
        for (const auto& key : Config::keys()) {
            CPPUNIT_ASSERT_MESSAGE(std::string(key.name), key.meaning.size() > 10);
            CPPUNIT_ASSERT_EQUAL(std::string(key.fallback), key.name == "data.dir" ? std::string(key.fallback)
                                                                                   : make({}).text(key.name));
        }
    }

    void aCommandLineIsTakenApart() {
        const char* words[] = {"dalate", "user", "add", "batu", "--roles", "farmer", "--data", "/d", "--set", "http.queue=7",
                               "--status"};
        const CommandLine line = CommandLine::parse(11, words);
        CPPUNIT_ASSERT_EQUAL(std::string("user"), line.command);
        CPPUNIT_ASSERT_EQUAL(std::string("batu"), line.word(1, "LOGIN"));
        CPPUNIT_ASSERT_EQUAL(std::string("farmer"), line.option("roles"));
        CPPUNIT_ASSERT_EQUAL(std::string("/d"), line.settings.at("data.dir"));
        CPPUNIT_ASSERT_EQUAL(std::string("7"), line.settings.at("http.queue"));
        CPPUNIT_ASSERT(line.has("status"));
    }

    void aWrongCommandLineNamesTheArgument() {
        const char* cut[] = {"dalate", "serve", "--data"};
        CPPUNIT_ASSERT_EQUAL(std::string("core.command.no_value --data"),
                             refused([&] { CommandLine::parse(3, cut); }, "argument"));
        const char* set[] = {"dalate", "serve", "--set", "x"};
        CPPUNIT_ASSERT_EQUAL(std::string("core.command.bad_set x"),
                             refused([&] { CommandLine::parse(4, set); }, "argument"));
        const char* other[] = {"dalate", "serve", "--colour", "red"};
        CPPUNIT_ASSERT_EQUAL(std::string("core.command.unknown_option --colour"),
                             refused([&] { CommandLine::parse(4, other).allow({}); }, "argument"));
        const char* few[] = {"dalate", "user"};
        CPPUNIT_ASSERT_EQUAL(std::string("core.command.missing add or list"),
                             refused([&] { CommandLine::parse(2, few).word(0, "add or list"); }, "argument"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConfigTest);

} // namespace
