// SPDX-License-Identifier: Apache-2.0
//
// No deadline is lost or fired twice, whenever the process dies. A child opens cases whose ladders fall due within
// moments, and fires them; it is killed with SIGKILL again and again. At the end a checker reads the database: each
// rung of each case has one history row and one notice, each case has gone its last way once, every chain is whole.
#include "../unit/services_cases/County.h"

#include "services/cases/DeadlineThread.h"

#include <csignal>
#include <cstdio>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace dalate;
using namespace dalate::test;

constexpr std::string_view machineText = R"({
    "machine": "ticket", "title": "desk.ticket", "number": "D{seq:6}",
    "open": {"to": "waiting", "by": ["applicant"]},
    "states": [{"name": "waiting", "label": "desk.w", "kind": "working"},
               {"name": "late", "label": "desk.l", "kind": "stopped"}],
    "transitions": [{"name": "give_up", "label": "desk.g", "from": ["waiting"], "to": "late", "by": ["system"]}],
    "deadlines": [{"name": "answer", "in": ["waiting"], "term": "1 s", "ladder": [
        {"after": "0 s", "notices": [{"to": "applicant", "notice": "first"}]},
        {"after": "1 s", "notices": [{"to": "applicant", "notice": "second"}]},
        {"after": "2 s", "transition": "give_up", "notices": [{"to": "applicant", "notice": "third"}]}]}]
})";

class DeadlinesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DeadlinesTest);
    CPPUNIT_TEST(killedAgainAndAgain);
    CPPUNIT_TEST_SUITE_END();

    /// What the daemon does, on the county's database: opens cases and fires deadlines until it is killed.
    [[noreturn]] static void serve(const std::filesystem::path& folder, bool opens) {
        County county(folder);
        county.declare(machineText);
        cases::DeadlineThread* running = nullptr;
        Engine::Parts parts = county.engine.parts();
        parts.clock = [] { return dalate::now(); };
        parts.wake = [&](Micros at) { running->wake(at); };
        Engine engine(parts);
        cases::DeadlineThread thread(county.pool, engine);
        running = &thread;
        thread.start();
        const Principal citizen = County::citizen();
        while (opens) {
            county.write([&](storage::Tx& tx, AfterCommit& after) {
                engine.open(tx, County::by(&citizen, after), "desk", "ticket", {});
            });
            std::this_thread::sleep_for(std::chrono::milliseconds(3));
        }
        for (;;)
            ::pause();
    }

    /// Runs in a process of its own. The parent has no connection open when it forks: what SQLite knows of its
    /// locks must not be copied.
    template <class F>
    static ::pid_t begin(F&& life) {
        const ::pid_t child = ::fork();
        if (child != 0) return child;
        try {
            life();
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    static void kill(::pid_t child) {
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
    }

public:
    void killedAgainAndAgain() {
        const auto folder = std::filesystem::temp_directory_path() / ("dalate-deadlines-" + randomHex(8));
        int status = 1;
        ::waitpid(begin([&] { County(folder).make(); }), &status, 0);
        CPPUNIT_ASSERT_EQUAL(0, status);
        std::mt19937 chance(20261123);
        constexpr int lives = 25;
        for (int life = 0; life < lives; ++life) {
            const ::pid_t child = begin([&] { serve(folder, true); });
            std::this_thread::sleep_for(std::chrono::milliseconds(50 + chance() % 450));
            kill(child);
        }
        // The last one opens nothing more and lives long enough for the rest.
        const Micros restart = now();
        const ::pid_t last = begin([&] { serve(folder, false); });
        County county(folder);
        const auto left = [&] {
            return county.number("SELECT COUNT(*) FROM case_deadline WHERE next_at IS NOT NULL AND next_at <= " +
                                 std::to_string(now() - 1'000'000));
        };
        std::this_thread::sleep_for(std::chrono::milliseconds(1000));
        const std::int64_t overdue = left(); // what is still undone a second after the restart
        while (county.number("SELECT COUNT(*) FROM case_deadline WHERE next_at IS NOT NULL") > 0 &&
               now() < restart + 60'000'000)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        kill(last);

        const auto cases = county.number("SELECT COUNT(*) FROM case_record");
        const auto wrong = [&](const std::string& each, std::int64_t expected) {
            return county.number("SELECT COUNT(*) FROM (SELECT c.id, (" + each + ") AS n FROM case_record c) WHERE n <> " +
                                 std::to_string(expected));
        };
        std::int64_t broken = 0;
        for (int rung = 0; rung < 3; ++rung)
            broken += wrong("SELECT COUNT(*) FROM case_history h WHERE h.case_id = c.id AND h.act = 'deadline' AND "
                            "json_extract(h.details, '$.rung') = " +
                                std::to_string(rung),
                            1);
        for (const char* notice : {"first", "second", "third"})
            broken += wrong("SELECT COUNT(*) FROM test_notice n WHERE n.notice = '" + std::string(notice) +
                                "' AND n.key LIKE 'case/' || c.id || '/%'",
                            1);
        broken += wrong("SELECT COUNT(*) FROM case_history h WHERE h.case_id = c.id AND h.transition = 'give_up'", 1);
        broken += county.number("SELECT COUNT(*) FROM case_record WHERE state <> 'late'");
        // A number for each case and none left out: what was opened and lost took none.
        broken += county.number("SELECT COALESCE(MAX(next), 1) - 1 FROM case_number") != cases;
        county.read([&](storage::Tx& tx) {
            return History::verifyAll(tx, "desk", [&](const Case&, const History::Verdict&) { ++broken; });
        });
        broken += overdue;
        std::printf("guarantee: lost deadlines under kill -9, tries %lld, broken %lld\n"
                    "  %d kills, %lld cases of three rungs each; undone a second after the restart: %lld\n",
                    static_cast<long long>(cases * 3), static_cast<long long>(broken), lives,
                    static_cast<long long>(cases), static_cast<long long>(overdue));
        std::fflush(stdout);
        std::filesystem::remove_all(folder);
        CPPUNIT_ASSERT(cases > 100);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, broken);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeadlinesTest);

} // namespace
