// SPDX-License-Identifier: Apache-2.0
#include "County.h"

#include "services/cases/DeadlineThread.h"

#include <atomic>
#include <chrono>
#include <thread>

namespace {

using namespace dalate;
using namespace dalate::test;

class DeadlinesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DeadlinesTest);
    CPPUNIT_TEST(eachRungFiresOnceInItsTurn);
    CPPUNIT_TEST(leavingTheStatesEndsIt);
    CPPUNIT_TEST(itRunsOnFromStateToStateWithinItsOwn);
    CPPUNIT_TEST(afterALongStopEveryRungStillFires);
    CPPUNIT_TEST(aRungAndWhatItDoesStandOrFallTogether);
    CPPUNIT_TEST(codeOnARungHasAFewSeconds);
    CPPUNIT_TEST(aRefusedTransitionDoesNotStopTheLadder);
    CPPUNIT_TEST(twoProcessesNeverFireOneRungTwice);
    CPPUNIT_TEST(workingDaysAndRulesOfTheDay);
    CPPUNIT_TEST(anEditedCalendarMovesWhatStillRuns);
    CPPUNIT_TEST(whatChangedWhileNobodyLookedIsReckonedBeforeItFires);
    CPPUNIT_TEST(whatARefusedRungUndidIsToldToNobody);
    CPPUNIT_TEST(aNewVersionWithoutItEndsIt);
    CPPUNIT_TEST(theThreadFiresWithinASecond);
    CPPUNIT_TEST_SUITE_END();

    County f_;
    const Principal citizen_ = County::citizen(), agent_ = County::agent(), lead_ = County::lead();

    std::uint64_t fireDue() { return cases::DeadlineThread(f_.pool, f_.engine).fireDue(); }
    std::int64_t told(const std::string& notice) {
        return f_.number("SELECT COUNT(*) FROM test_notice WHERE notice = '" + notice + "'");
    }
    Deadlines::Row only(const Case& c) {
        const auto rows = f_.read([&](storage::Tx& tx) { return Deadlines::of(tx, c.id); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rows.size());
        return rows[0];
    }

public:
    void eachRungFiresOnceInItsTurn() {
        const Case c = f_.open(citizen_);
        CPPUNIT_ASSERT(f_.woken == std::vector<Micros>{f_.clock + 10 * County::minute});
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, fireDue());
        f_.clock += 10 * County::minute - 1;
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, fireDue());
        f_.clock += 1;
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, fireDue());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, fireDue());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, told("late"));
        CPPUNIT_ASSERT_EQUAL(std::string("submitted"), f_.at(c.id).state);
        f_.clock += 5 * County::minute;
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, fireDue());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, fireDue());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, told("late"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, told("sorry"));
        const Case late = f_.at(c.id);
        CPPUNIT_ASSERT_EQUAL(std::string("overdue"), late.state);
        const auto history = f_.read([&](storage::Tx& tx) { return History::of(tx, c.id); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, history.size()); // open, rung, rung, escalate
        CPPUNIT_ASSERT_EQUAL(std::string("system"), history.back().actorKind);
        CPPUNIT_ASSERT_EQUAL(std::string("escalate"), history.back().transition);
        CPPUNIT_ASSERT(f_.read([&](storage::Tx& tx) { return History::verify(tx, late).whole(); }));
        CPPUNIT_ASSERT(only(c).endedAt != 0);
    }

    void leavingTheStatesEndsIt() {
        const Case c = f_.move(&citizen_, f_.open(citizen_), "withdraw");
        f_.clock += County::day;
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, fireDue());
        CPPUNIT_ASSERT_EQUAL(std::string("withdrawn"), f_.at(c.id).state);
        CPPUNIT_ASSERT(only(c).endedAt != 0);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, only(c).firedAt);
    }

    void itRunsOnFromStateToStateWithinItsOwn() {
        Case c = f_.open(citizen_);
        const Micros due = only(c).dueAt;
        f_.clock += 5 * County::minute;
        c = f_.move(&agent_, c, "take");
        CPPUNIT_ASSERT_EQUAL(due, only(c).dueAt);
        c = f_.move(&agent_, c, "ask");
        c = f_.move(&citizen_, c, "answer");
        const auto rows = f_.read([&](storage::Tx& tx) { return Deadlines::of(tx, c.id); });
        CPPUNIT_ASSERT_EQUAL_MESSAGE("begun anew after it was left", std::size_t{3}, rows.size());
        CPPUNIT_ASSERT_EQUAL(f_.clock + 10 * County::minute, rows[2].dueAt);
    }

    void afterALongStopEveryRungStillFires() {
        for (int i = 0; i < 150; ++i)
            f_.open(citizen_);
        f_.clock += County::day;
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{300}, fireDue());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{150},
                             f_.number("SELECT COUNT(*) FROM case_record WHERE state = 'overdue'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{300}, told("late"));
    }

    void aRungAndWhatItDoesStandOrFallTogether() {
        const Case c = f_.open(citizen_);
        f_.clock += 20 * County::minute;
        const Deadlines::Row row = only(c);
        {
            // As if the process died before the commit.
            const auto lease = f_.pool.lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            AfterCommit after;
            CPPUNIT_ASSERT(f_.engine.fire(tx, after, row.id, 0));
            CPPUNIT_ASSERT(!f_.engine.fire(tx, after, row.id, 0));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, told("late"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, only(c).rung);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, fireDue());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, told("late"));
    }

    void codeOnARungHasAFewSeconds() {
        std::string text(ticketMachine);
        text.replace(text.find("\"by\": [\"system\"]}"), 17,
                     "\"by\": [\"system\"], \"guard\": \"may_escalate\"}");
        f_.declare(text);
        f_.open(citizen_);
        CPPUNIT_ASSERT(!f_.plugin.deadline);
        f_.clock += 20 * County::minute;
        fireDue();
        CPPUNIT_ASSERT_EQUAL(std::string("may_escalate"), f_.plugin.calls.back());
        CPPUNIT_ASSERT(f_.plugin.deadline && *f_.plugin.deadline > steadyNow() &&
                       *f_.plugin.deadline <= steadyNow() + PluginCalls::onWriter);
    }

    void aRefusedTransitionDoesNotStopTheLadder() {
        std::string text(ticketMachine);
        text.replace(text.find("\"by\": [\"system\"]}"), 17, "\"by\": [\"system\"], \"guard\": \"may_escalate\"}");
        f_.declare(text);
        const Case c = f_.open(citizen_);
        f_.clock += 20 * County::minute;
        f_.plugin.bound["may_escalate"] = [](storage::Tx&, ValueView) { throw Error(503, "core.plugin.busy"); };
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, fireDue());
        CPPUNIT_ASSERT_EQUAL_MESSAGE("busy is no answer: again later", std::int64_t{1}, only(c).rung);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, told("late"));
        f_.plugin.bound["may_escalate"] = [](storage::Tx&, ValueView) { throw Error(409, "desk.no"); };
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, fireDue());
        f_.clock += 2'000'000;
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, fireDue());
        CPPUNIT_ASSERT_EQUAL(std::string("submitted"), f_.at(c.id).state);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the notices went all the same", std::int64_t{1}, told("sorry"));
        const auto history = f_.read([&](storage::Tx& tx) { return History::of(tx, c.id); });
        CPPUNIT_ASSERT(history.back().details.find("desk.no") != std::string::npos);
        const Case stands = f_.at(c.id);
        CPPUNIT_ASSERT(f_.read([&](storage::Tx& tx) { return History::verify(tx, stands).whole(); }));
    }

    void twoProcessesNeverFireOneRungTwice() {
        for (int i = 0; i < 40; ++i)
            f_.open(citizen_);
        f_.clock += County::day;
        std::vector<std::thread> processes;
        std::atomic<std::uint64_t> fired{0};
        for (int i = 0; i < 4; ++i)
            processes.emplace_back([&] { fired += fireDue(); });
        for (std::thread& process : processes)
            process.join();
        fired += fireDue();
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{80}, fired.load());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{80}, told("late"));
    }

    void workingDaysAndRulesOfTheDay() {
        const auto asked = [&] {
            return f_.move(&agent_, f_.move(&agent_, f_.open(citizen_), "take"), "ask");
        };
        const Case old = asked();
        const auto row = f_.read([&](storage::Tx& tx) { return Deadlines::of(tx, old.id); })[1];
        CPPUNIT_ASSERT_EQUAL(std::string("3 workdays"), row.term.text());
        // Wednesday 10 January: Thursday, Friday, Monday the 15th at 18:00.
        CPPUNIT_ASSERT_EQUAL(County::start + 5 * County::day + 9 * 60 * County::minute, row.baseAt);
        CPPUNIT_ASSERT_MESSAGE("no notice of the year is known to the calendar", row.provisional);
        f_.clock = County::lawChange + County::day;
        const Case fresh = asked();
        CPPUNIT_ASSERT_EQUAL(std::string("1 workday"),
                             f_.read([&](storage::Tx& tx) { return Deadlines::of(tx, fresh.id); })[1].term.text());
    }

    void anEditedCalendarMovesWhatStillRuns() {
        const Case c = f_.move(&agent_, f_.move(&agent_, f_.open(citizen_), "take"), "ask");
        const auto answer = [&] { return f_.read([&](storage::Tx& tx) { return Deadlines::of(tx, c.id); })[1]; };
        const Micros before = answer().baseAt;
        const auto friday = rules::civilDayOf(County::start + 2 * County::day);
        f_.calendar = rules::Calendar({}, {{friday, rules::SpecialDay::Kind::holiday, "snow", true}});
        const auto reckon = [&] {
            return f_.write([&](storage::Tx& tx, AfterCommit&) {
                std::int64_t moved = 0;
                for (std::optional<std::int64_t> last = 0; last;)
                    last = f_.engine.reckon(tx, "desk", *last, 1, moved);
                return moved;
            });
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, reckon());
        CPPUNIT_ASSERT_EQUAL(before + County::day, answer().baseAt);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, reckon());
        CPPUNIT_ASSERT_EQUAL(before + County::day,
                             f_.number("SELECT due_at FROM case_todo WHERE case_id = " + std::to_string(c.id)));
    }

    void whatChangedWhileNobodyLookedIsReckonedBeforeItFires() {
        const Case c = f_.move(&agent_, f_.move(&agent_, f_.open(citizen_), "take"), "ask");
        const auto answer = [&] { return f_.read([&](storage::Tx& tx) { return Deadlines::of(tx, c.id); })[1]; };
        const Micros before = answer().baseAt;
        const auto snow = [&](int day) {
            const auto off = rules::civilDayOf(County::start + day * County::day);
            f_.calendar = rules::Calendar({}, {{off, rules::SpecialDay::Kind::holiday, "snow", true}});
        };
        // The process was down when the notice of the holiday came.
        snow(2);
        f_.clock = before;
        cases::DeadlineThread thread(f_.pool, f_.engine);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, thread.fireDue());
        CPPUNIT_ASSERT_EQUAL(before + County::day, answer().baseAt);
        // Then the plugin was away.
        f_.declarations.publish({});
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, thread.fireDue());
        f_.calendar = rules::Calendar({}, {});
        f_.declarations.publish({f_.declared});
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, thread.fireDue());
        CPPUNIT_ASSERT_EQUAL(before, answer().baseAt);
        // And at last the calendar changed while it looked on.
        const Case d = f_.move(&agent_, f_.move(&agent_, f_.open(citizen_), "take"), "ask");
        const auto later = [&] { return f_.read([&](storage::Tx& tx) { return Deadlines::of(tx, d.id); })[1].baseAt; };
        const Micros due = later();
        f_.calendar = rules::Calendar({}, {{rules::civilDayOf(due), rules::SpecialDay::Kind::holiday, "snow", true}});
        f_.clock = due;
        thread.reckon();
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, thread.fireDue());
        CPPUNIT_ASSERT(later() > due);
    }

    void whatARefusedRungUndidIsToldToNobody() {
        // Its effect fails, after the deadline of the state it led to had begun.
        f_.declare(R"({"machine": "ticket", "title": "desk.ticket", "number": "T{seq:4}",
            "open": {"to": "a", "by": ["applicant"]},
            "states": [{"name": "a", "label": "desk.a", "kind": "working"},
                       {"name": "b", "label": "desk.b", "kind": "working"},
                       {"name": "c", "label": "desk.c", "kind": "done"}],
            "transitions": [{"name": "go", "label": "desk.go", "from": ["a"], "to": "b", "by": ["system"],
                             "effects": ["fails"]},
                            {"name": "end", "label": "desk.end", "from": ["b"], "to": "c", "by": ["applicant"]}],
            "deadlines": [{"name": "d", "in": ["a"], "term": "1 min", "ladder": [{"after": "0 s", "transition": "go"}]},
                          {"name": "e", "in": ["b"], "term": "1 min",
                           "ladder": [{"after": "0 s", "notices": [{"to": "applicant", "notice": "late"}]}]}]})");
        f_.open(citizen_, Value::map());
        f_.plugin.bound["fails"] = [](storage::Tx&, ValueView) { throw Error(409, "desk.no"); };
        f_.woken.clear();
        f_.clock += County::minute;
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, fireDue());
        CPPUNIT_ASSERT(f_.woken.empty());
    }

    void aNewVersionWithoutItEndsIt() {
        const Case c = f_.open(citizen_);
        std::string text(ticketMachine);
        text.replace(text.find("\"name\": \"handle\""), 16, "\"name\": \"other\"");
        f_.declare(text);
        f_.clock += County::day;
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, fireDue());
        CPPUNIT_ASSERT(only(c).endedAt != 0);
    }

    void theThreadFiresWithinASecond() {
        f_.declare(R"({"machine": "ticket", "title": "desk.ticket", "number": "T{seq:4}",
            "open": {"to": "a", "by": ["applicant"]},
            "states": [{"name": "a", "label": "desk.a", "kind": "working"},
                       {"name": "b", "label": "desk.b", "kind": "done"}],
            "transitions": [{"name": "go", "label": "desk.go", "from": ["a"], "to": "b", "by": ["system"]}],
            "deadlines": [{"name": "d", "in": ["a"], "term": "1 s", "ladder": [{"after": "0 s", "transition": "go"}]}]})");
        const Micros before = dalate::now();
        f_.clock = before;
        const Case c = f_.open(citizen_, Value::map());
        // The engine's own clock must go on while the thread waits.
        Engine::Parts parts = f_.engine.parts();
        parts.clock = [] { return dalate::now(); };
        Engine engine(parts);
        cases::DeadlineThread thread(f_.pool, engine);
        thread.start();
        const Micros until = before + 4'000'000;
        while (f_.at(c.id).state != "b" && dalate::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        const Micros took = dalate::now() - before;
        thread.stop();
        CPPUNIT_ASSERT_EQUAL(std::string("b"), f_.at(c.id).state);
        CPPUNIT_ASSERT(took >= 1'000'000 && took < 2'000'000);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeadlinesTest);

} // namespace
