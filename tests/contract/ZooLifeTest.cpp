// SPDX-License-Identifier: Apache-2.0
// Coming and going while requests run: nothing is dropped, nothing ends under a request, and a crash is
// remembered.
#include "FakeHost.h"

#include "base/Clock.h"
#include "plugin/CrashCrumb.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>

extern char** environ;

using namespace dalate;
using namespace dalate::plugin;

namespace {

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "dalate-life-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

    /// Puts a beast in, under another id where one is given: a new version of that plugin.
    void put(const std::string& beast, const std::string& id) const {
        const auto home = path_ / id;
        std::filesystem::remove_all(home);
        std::filesystem::copy(std::filesystem::path(ZOO_FOLDER) / beast, home,
                              std::filesystem::copy_options::recursive);
        if (beast == id) return;
        std::ifstream in(home / "plugin.json");
        std::string text((std::istreambuf_iterator<char>(in)), {});
        for (std::size_t at; (at = text.find("\"" + beast)) != text.npos;)
            text.replace(at + 1, beast.size(), id);
        std::ofstream(home / "plugin.json") << text;
    }

private:
    std::filesystem::path path_;
};

std::ptrdiff_t count(const House& house, const std::string& line) {
    const auto lines = house.host->logged();
    return std::count(lines.begin(), lines.end(), line);
}

int spawn(std::vector<std::string> words) {
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t child = 0;
    if (posix_spawn(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0) return -1;
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

} // namespace

namespace CppUnit {
template <>
struct assertion_traits<State> {
    static bool equal(State a, State b) { return a == b; }
    static std::string toString(State s) { return std::string(name(s)); }
};
} // namespace CppUnit

class ZooLifeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ZooLifeTest);
    CPPUNIT_TEST(startsAndStopsFiftyTimes);
    CPPUNIT_TEST(stopWaitsForTheLastRequest);
    CPPUNIT_TEST(anUpgradeDropsNoRequest);
    CPPUNIT_TEST(aFailedUpgradeLeavesTheOldOne);
    CPPUNIT_TEST(editedAssetsAreAnUpgradeToo);
    CPPUNIT_TEST(aCapKeepsOthersFree);
    CPPUNIT_TEST(othersServeWhileOneHangs);
    CPPUNIT_TEST(aThreadLeftBehindIsTold);
    CPPUNIT_TEST(theWishOutlivesTheProcess);
    CPPUNIT_TEST(twoCrashesQuarantine);
    CPPUNIT_TEST(theEndDrainsAndGivesUpInTime);
    CPPUNIT_TEST(theEndWaitsForNobodyWhereNothingServes);
    CPPUNIT_TEST_SUITE_END();

public:
    void theEndWaitsForNobodyWhereNothingServes() {
        House house({{ZOO_FOLDER}, {}, std::chrono::seconds(30)});
        const auto began = std::chrono::steady_clock::now();
        house.lifecycle->stop();
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
    }

    void startsAndStopsFiftyTimes() {
        House house({{ZOO_FOLDER}});
        for (int i = 1; i <= 50; ++i) {
            CPPUNIT_ASSERT_EQUAL(State::active, house.enable("zoo_good").state);
            CPPUNIT_ASSERT_EQUAL(std::string("200 zoo_good 1.0.0"), house.get("zoo_good"));
            house.disable("zoo_good");
            CPPUNIT_ASSERT_EQUAL(std::string("404"), house.get("zoo_good"));
            CPPUNIT_ASSERT(house.comesTo("zoo_good", State::stopped, std::chrono::seconds(5)));
            for (const char* step : {"constructed", "quiesced", "stopped", "destroyed"})
                CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{i}, count(house, std::string("zoo_good zoo.") + step));
        }
    }

    void stopWaitsForTheLastRequest() {
        House house({{ZOO_FOLDER}, {}, std::chrono::milliseconds(50)});
        house.enable("zoo_good");
        std::atomic<bool> inside{false}, go{false};
        std::string answer;
        std::thread request([&] {
            answer = house.get(
                "zoo_good", "wait",
                [&] {
                    inside = true;
                    return go.load();
                },
                "req-77");
        });
        while (!inside)
            std::this_thread::yield();
        const PluginStatus draining = house.disable("zoo_good");
        CPPUNIT_ASSERT_EQUAL(State::draining, draining.state);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, draining.draining.size());
        CPPUNIT_ASSERT_EQUAL(std::string("req-77"), draining.draining[0].requestId);
        CPPUNIT_ASSERT_EQUAL(std::string("route page"), draining.draining[0].what);
        CPPUNIT_ASSERT(draining.draining[0].thread > 0);
        CPPUNIT_ASSERT_EQUAL(std::string("404"), house.get("zoo_good"));
        // Past the drain time it is told and left alone.
        std::this_thread::sleep_for(std::chrono::milliseconds(1300));
        CPPUNIT_ASSERT_EQUAL(State::draining, house.status("zoo_good").state);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{0}, count(house, "zoo_good zoo.stopped"));
        // A new generation comes up beside the old one, which still runs.
        CPPUNIT_ASSERT_EQUAL(State::active, house.enable("zoo_good").state);
        CPPUNIT_ASSERT_EQUAL(std::string("200 zoo_good 1.0.0"), house.get("zoo_good"));
        go = true;
        request.join();
        CPPUNIT_ASSERT_EQUAL(std::string("200 zoo_good 1.0.0"), answer);
        for (int i = 0; i < 2000 && count(house, "zoo_good zoo.destroyed") == 0; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, count(house, "zoo_good zoo.destroyed"));
        CPPUNIT_ASSERT_EQUAL(State::active, house.status("zoo_good").state);
    }

    void anUpgradeDropsNoRequest() {
        const Folder folder;
        folder.put("zoo_good", "zoo_good");
        House house({{folder.path()}});
        house.enable("zoo_good");
        std::atomic<bool> over{false};
        std::atomic<int> old{0}, fresh{0}, other{0};
        std::vector<std::thread> clients;
        for (int i = 0; i < 4; ++i)
            clients.emplace_back([&] {
                while (!over) {
                    const std::string answer = house.get("zoo_good");
                    ++(answer == "200 zoo_good 1.0.0" ? old : answer == "200 zoo_next 2.0.0" ? fresh : other);
                }
            });
        for (int i = 0; i < 6; ++i) {
            folder.put(i % 2 == 0 ? "zoo_next" : "zoo_good", "zoo_good");
            house.lifecycle->rescan();
            CPPUNIT_ASSERT(house.lifecycle->settle(std::chrono::seconds(10)));
            const int before = i % 2 == 0 ? fresh : old;
            while ((i % 2 == 0 ? fresh : old) == before)
                std::this_thread::yield();
        }
        over = true;
        for (std::thread& client : clients)
            client.join();
        CPPUNIT_ASSERT_EQUAL(0, other.load());
        CPPUNIT_ASSERT(old > 0 && fresh > 0);
        CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), house.status("zoo_good").activeVersion);
        for (int i = 0; i < 2000 && count(house, "zoo_good zoo.destroyed") < 6; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{6}, count(house, "zoo_good zoo.destroyed"));
    }

    void aFailedUpgradeLeavesTheOldOne() {
        const Folder folder;
        folder.put("zoo_good", "zoo_good");
        House house({{folder.path()}});
        house.enable("zoo_good");
        for (const auto& [beast, told] : std::vector<std::pair<std::string, std::string>>{
                 {"zoo_throws_start", "failed after starting core.plugin.threw@"},
                 {"zoo_no_note", "rejected after discovered core.elf.no_note@bin/x86_64-linux-gnu/plugin.so"},
                 {"zoo_needs_nobody",
                  "rejected after verified core.plugin.requires_missing@$.requires[0]"}}) {
            folder.put(beast, "zoo_good");
            house.lifecycle->rescan();
            house.lifecycle->settle(std::chrono::seconds(10));
            CPPUNIT_ASSERT_EQUAL(told, house.told("zoo_good"));
            CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), house.status("zoo_good").activeVersion);
            CPPUNIT_ASSERT_EQUAL(std::string("200 zoo_good 1.0.0"), house.get("zoo_good"));
        }
        std::filesystem::remove_all(folder.path() / "zoo_good");
        house.lifecycle->rescan();
        house.lifecycle->settle(std::chrono::seconds(10));
        CPPUNIT_ASSERT_EQUAL(std::string("200 zoo_good 1.0.0"), house.get("zoo_good"));
        folder.put("zoo_next", "zoo_good");
        house.lifecycle->rescan();
        house.lifecycle->settle(std::chrono::seconds(10));
        CPPUNIT_ASSERT_EQUAL(std::string("active"), house.told("zoo_good"));
        CPPUNIT_ASSERT_EQUAL(std::string("200 zoo_next 2.0.0"), house.get("zoo_good"));
    }

    void editedAssetsAreAnUpgradeToo() {
        const Folder folder;
        folder.put("zoo_good", "zoo_good");
        House house({{folder.path()}});
        const std::uint64_t first = house.enable("zoo_good").generation;
        house.lifecycle->rescan();
        house.lifecycle->settle(std::chrono::seconds(10));
        CPPUNIT_ASSERT_EQUAL(first, house.status("zoo_good").generation);
        std::filesystem::create_directories(folder.path() / "zoo_good/templates");
        std::ofstream(folder.path() / "zoo_good/templates/page.mustache") << "new";
        house.lifecycle->rescan();
        house.lifecycle->settle(std::chrono::seconds(10));
        CPPUNIT_ASSERT(first < house.status("zoo_good").generation);
    }

    void aCapKeepsOthersFree() {
        House house({{ZOO_FOLDER}});
        house.enable("zoo_capped");
        std::atomic<bool> inside{false}, go{false};
        std::thread request([&] {
            house.get("zoo_capped", "wait", [&] {
                inside = true;
                return go.load();
            });
        });
        while (!inside)
            std::this_thread::yield();
        CPPUNIT_ASSERT_EQUAL(std::string("503 core.plugin.busy"), house.get("zoo_capped"));
        go = true;
        request.join();
        CPPUNIT_ASSERT_EQUAL(std::string("200 zoo_capped 1.0.0"), house.get("zoo_capped"));
    }

    void othersServeWhileOneHangs() {
        House house({{ZOO_FOLDER}});
        house.enable("zoo_good");
        house.lifecycle->want("zoo_hangs", Desired::enabled, "operator");
        CPPUNIT_ASSERT(house.comesTo("zoo_hangs", State::starting, std::chrono::seconds(1)));
        for (int i = 0; i < 1000; ++i)
            CPPUNIT_ASSERT_EQUAL(std::string("200 zoo_good 1.0.0"), house.get("zoo_good"));
        CPPUNIT_ASSERT_EQUAL(std::string("404"), house.get("zoo_hangs"));
        CPPUNIT_ASSERT_EQUAL(State::starting, house.status("zoo_hangs").state);
        CPPUNIT_ASSERT(house.comesTo("zoo_hangs", State::active, std::chrono::seconds(5)));
    }

    void aThreadLeftBehindIsTold() {
        House house({{ZOO_FOLDER}});
        house.enable("zoo_leaks_thread");
        CPPUNIT_ASSERT_EQUAL(std::string("200 raw"), house.get("zoo_leaks_thread"));
        house.disable("zoo_leaks_thread");
        CPPUNIT_ASSERT(house.comesTo("zoo_leaks_thread", State::stopped, std::chrono::seconds(5)));
        CPPUNIT_ASSERT_EQUAL(std::string("stopped core.plugin.thread_left@"), house.told("zoo_leaks_thread"));
        // Its code stays, so the thread runs on harmlessly.
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }

    void theWishOutlivesTheProcess() {
        const Folder data;
        {
            House house({{ZOO_FOLDER}, data.path()});
            house.enable("zoo_good");
            house.enable("zoo_throws_start");
        }
        House house({{ZOO_FOLDER}, data.path()});
        CPPUNIT_ASSERT_EQUAL(std::string("active"), house.told("zoo_good"));
        CPPUNIT_ASSERT_EQUAL(std::string("operator"), house.status("zoo_good").changedBy);
        CPPUNIT_ASSERT_EQUAL(State::failed, house.status("zoo_throws_start").state);
        CPPUNIT_ASSERT_EQUAL(State::verified, house.status("zoo_base").state);
    }

    void twoCrashesQuarantine() {
        const Folder data, folder;
        folder.put("zoo_good", "zoo_good");
        folder.put("zoo_segfaults", "zoo_segfaults");
        for (int i = 0; i < 2; ++i) {
            const int status = spawn({CRASH_PROGRAM, data.path(), folder.path()});
#ifndef __SANITIZE_ADDRESS__
            CPPUNIT_ASSERT(WIFSIGNALED(status));
            CPPUNIT_ASSERT_EQUAL(SIGSEGV, WTERMSIG(status));
#else
            CPPUNIT_ASSERT(!WIFEXITED(status) || WEXITSTATUS(status) == 1);
#endif
            CPPUNIT_ASSERT_EQUAL(std::size_t(i + 1), crumbs::read(data.path() / "crumbs", now()).size());
        }
        {
            House house({{folder.path()}, data.path()});
            CPPUNIT_ASSERT_EQUAL(std::string("quarantined core.plugin.quarantined@"),
                                 house.told("zoo_segfaults"));
            CPPUNIT_ASSERT_EQUAL(std::string("route page"),
                                 house.status("zoo_segfaults").problems[0].details["handler"].asText());
            CPPUNIT_ASSERT_EQUAL(std::string("404"), house.get("zoo_segfaults"));
            CPPUNIT_ASSERT_EQUAL(std::string("200 zoo_good 1.0.0"), house.get("zoo_good"));
        }
        // It stays so when the ten minutes are over, until the operator says otherwise.
        std::filesystem::remove_all(data.path() / "crumbs");
        House house({{folder.path()}, data.path()});
        CPPUNIT_ASSERT_EQUAL(State::quarantined, house.status("zoo_segfaults").state);
        CPPUNIT_ASSERT_EQUAL(State::active, house.enable("zoo_segfaults").state);
    }

    void theEndDrainsAndGivesUpInTime() {
        std::atomic<bool> inside{false}, go{false};
        auto house =
            std::make_unique<House>(House::Options{{ZOO_FOLDER}, {}, std::chrono::milliseconds(200)});
        house->enable("zoo_good");
        house->enable("zoo_base");
        std::string answer;
        std::thread request([&] {
            answer = house->get("zoo_good", "wait", [&] {
                inside = true;
                return go.load();
            });
        });
        while (!inside)
            std::this_thread::yield();
        const Micros before = steadyNow();
        house->lifecycle->stop();
        const Micros took = steadyNow() - before;
        CPPUNIT_ASSERT(took >= 200'000 && took < 5'000'000);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, count(*house, "zoo_base zoo.destroyed"));
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{0}, count(*house, "zoo_good zoo.destroyed"));
        go = true;
        request.join();
        CPPUNIT_ASSERT_EQUAL(std::string("200 zoo_good 1.0.0"), answer);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ZooLifeTest);
