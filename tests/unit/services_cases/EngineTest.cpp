// SPDX-License-Identifier: Apache-2.0
#include "County.h"

#include "services/cases/CaseList.h"
#include "services/cases/CaseModel.h"
#include "services/cases/Todo.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace {

using namespace dalate;
using namespace dalate::test;

class EngineTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EngineTest);
    CPPUNIT_TEST(aCaseGoesItsWay);
    CPPUNIT_TEST(onlyThoseNamedMayMove);
    CPPUNIT_TEST(whoHasDoneOneStepMayNotDoTheOther);
    CPPUNIT_TEST(aRoleGivenAwayDoesNotMakeASecondPersonOfTheGiver);
    CPPUNIT_TEST(aTitleIsCutBetweenCharacters);
    CPPUNIT_TEST(aRoleGivenForATermIsWrittenDown);
    CPPUNIT_TEST(theSecondClerkGetsTheDifference);
    CPPUNIT_TEST(twoAtOnceMoveItOnce);
    CPPUNIT_TEST(reasonAndAnswersAreDemanded);
    CPPUNIT_TEST(aGuardsNoAndAFailingEffectLeaveNothing);
    CPPUNIT_TEST(anEndedCaseIsLeftOnlyWhereDeclared);
    CPPUNIT_TEST(theApplicantWithdraws);
    CPPUNIT_TEST(whoeverMayNotSeeItFindsNothing);
    CPPUNIT_TEST(aCaseGoesToAnotherOffice);
    CPPUNIT_TEST(staffOpenForOthersAndCitizensDoNot);
    CPPUNIT_TEST(numbersRunWithoutGapByMonth);
    CPPUNIT_TEST(commentsAndFilesAreKeptAndHidden);
    CPPUNIT_TEST(theTodoListIsTheRightPersons);
    CPPUNIT_TEST(listsGoPageByPage);
    CPPUNIT_TEST(aCaseKeepsTheRulesItStartedUnder);
    CPPUNIT_TEST(theTrailTellsAll);
    CPPUNIT_TEST_SUITE_END();

    County f_;
    const Principal citizen_ = County::citizen(), agent_ = County::agent(), lead_ = County::lead();

    static std::string s(std::string_view text) { return std::string(text); }

    Case checking() {
        Case c = f_.open(citizen_);
        c = f_.move(&agent_, c, "take");
        return f_.move(&agent_, c, "solve", County::answers({{"what", "Cable"}}));
    }

public:
    void aCaseGoesItsWay() {
        Case c = f_.open(citizen_);
        CPPUNIT_ASSERT_EQUAL(s("T202401-0001"), c.number);
        CPPUNIT_ASSERT_EQUAL(s("submitted"), c.state);
        CPPUNIT_ASSERT_EQUAL(s("intake"), c.desk);
        CPPUNIT_ASSERT_EQUAL(s("Printer"), c.title);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, c.version);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, c.applicant);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{70}, c.organisation);
        CPPUNIT_ASSERT(f_.plugin.calls == std::vector<std::string>{"opened"});
        c = f_.move(&agent_, c, "take");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, c.assignee);
        CPPUNIT_ASSERT_EQUAL(s("working"), c.state);
        CPPUNIT_ASSERT((f_.plugin.calls == std::vector<std::string>{"opened", "may_take", "taken"}));
        c = f_.move(&agent_, c, "solve", County::answers({{"what", "Cable"}}));
        CPPUNIT_ASSERT_EQUAL(s("Cable"), c.answers["what"].asText());
        CPPUNIT_ASSERT_EQUAL(s("Printer"), c.answers["subject"].asText());
        f_.clock += County::minute;
        c = f_.move(&lead_, c, "approve");
        CPPUNIT_ASSERT_EQUAL(s("closed"), c.state);
        CPPUNIT_ASSERT_EQUAL(f_.clock, c.closedAt);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, c.version);
        CPPUNIT_ASSERT(f_.read([&](storage::Tx& tx) { return History::verify(tx, c).whole(); }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             f_.number("SELECT COUNT(*) FROM test_notice WHERE notice = 'done' AND account = 1"));
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            f_.number("SELECT COUNT(*) FROM test_notice WHERE to_kind = 'desk' AND name = 'intake' AND organisation = 70"));
    }

    void onlyThoseNamedMayMove() {
        const Case c = f_.open(citizen_);
        const Principal elsewhere = County::person(4, 71, {"agent"}, {"intake"});
        const Principal noDesk = County::person(5, 70, {"agent"});
        CPPUNIT_ASSERT_EQUAL(s("core.case.not_yours"), f_.refused(&citizen_, c, "take"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("another office's", s("core.case.unknown"), f_.refused(&elsewhere, c, "take"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("not of the desk", s("core.case.not_yours"), f_.refused(&noDesk, c, "take"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the system is not everybody", s("core.case.not_yours"),
                                     f_.refused(nullptr, c, "take"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("a person is not the system", s("core.case.not_yours"),
                                     f_.refused(&agent_, c, "escalate"));
        Case d = checking();
        Principal token;
        token.kind = Principal::Kind::token;
        token.token = 9;
        token.tokenPlugin = "desk";
        token.tokenScope = "other";
        CPPUNIT_ASSERT_EQUAL(s("core.case.unknown"), f_.refused(&token, d, "feed"));
        token.tokenScope = "feed";
        CPPUNIT_ASSERT_EQUAL(s("working"), f_.move(&token, d, "feed").state);
    }

    void whoHasDoneOneStepMayNotDoTheOther() {
        Case c = f_.open(citizen_);
        c = f_.move(&agent_, c, "take");
        c = f_.move(&lead_, c, "solve", County::answers({{"what", "x"}}));
        CPPUNIT_ASSERT_EQUAL(s("core.case.same_person"), f_.refused(&lead_, c, "approve"));
        const Principal other = County::lead(6);
        const auto names = [&](const Principal& who) {
            return f_.read([&](storage::Tx& tx) {
                AfterCommit after;
                std::string all;
                for (const auto& one : f_.engine.allowed(tx, County::by(&who, after), c).all)
                    all += one.transition->name + " ";
                return all;
            });
        };
        CPPUNIT_ASSERT_EQUAL(s(""), names(lead_));
        CPPUNIT_ASSERT_EQUAL(s("approve "), names(other));
        CPPUNIT_ASSERT_EQUAL(s("closed"), f_.move(&other, c, "approve").state);
    }

    void aRoleGivenAwayDoesNotMakeASecondPersonOfTheGiver() {
        // She solved it herself and gives her role to a colleague: it would still be her own word on her own work.
        Case c = f_.open(citizen_);
        c = f_.move(&agent_, c, "take");
        c = f_.move(&lead_, c, "solve", County::answers({{"what", "x"}}));
        Principal colleague = County::person(7, 70, {"clerk"});
        colleague.delegated.push_back({"lead", lead_.user, "Lead", f_.clock + County::day});
        CPPUNIT_ASSERT_EQUAL(s("core.case.same_person"), f_.refused(&colleague, c, "approve"));

        // And the other way about: a colleague solved it in her name.
        Case d = f_.open(citizen_);
        d = f_.move(&agent_, d, "take");
        d = f_.move(&colleague, d, "solve", County::answers({{"what", "x"}}));
        CPPUNIT_ASSERT_EQUAL(s("core.case.same_person"), f_.refused(&lead_, d, "approve"));
    }

    void aTitleIsCutBetweenCharacters() {
        std::string subject;
        for (int i = 0; i < 200; ++i)
            subject += "旗";
        const Case c = f_.open(citizen_, County::answers({{"subject", subject.c_str()}}));
        CPPUNIT_ASSERT_EQUAL(subject.substr(0, 399), c.title);
    }

    void aRoleGivenForATermIsWrittenDown() {
        Principal standIn = County::person(7, 70, {"clerk"});
        standIn.delegated.push_back({"lead", 3, "User 3", f_.clock + County::day});
        const Case c = f_.move(&standIn, checking(), "approve");
        const auto history = f_.read([&](storage::Tx& tx) { return History::of(tx, c.id); });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, history.back().onBehalf);
        CPPUNIT_ASSERT_EQUAL(s("User 3"), history.back().onBehalfName);
        CPPUNIT_ASSERT_EQUAL(s("role:lead"), history.back().actorRole);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, history[1].onBehalf);
    }

    void theSecondClerkGetsTheDifference() {
        const Case seen = f_.open(citizen_);
        f_.move(&agent_, seen, "take", Value::map(), "I have it");
        const Principal second = County::agent(8);
        try {
            f_.move(&second, seen, "take");
            CPPUNIT_FAIL("moved twice");
        } catch (const Error& error) {
            CPPUNIT_ASSERT_EQUAL(409, error.status());
            CPPUNIT_ASSERT_EQUAL(s("core.case.version"), error.id());
            const ValueView d = error.details();
            CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, *d["version"].integer());
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, *d["expected"].integer());
            const ValueView change = *d["changes"].begin();
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, d["changes"].size());
            CPPUNIT_ASSERT_EQUAL(s("take"), change["transition"].asText());
            CPPUNIT_ASSERT_EQUAL(s("User 2"), change["who"].asText());
            CPPUNIT_ASSERT_EQUAL(s("I have it"), change["reason"].asText());
            CPPUNIT_ASSERT_EQUAL(f_.clock, *change["at"].integer());
        }
        Case now = f_.at(seen.id);
        now = f_.move(&agent_, now, "ask");
        const Case asked = now;
        f_.move(&citizen_, now, "answer", County::answers({{"subject", "Scanner"}, {"room", "12"}}));
        try {
            f_.move(&citizen_, asked, "answer", County::answers({{"subject", "Fax"}}));
            CPPUNIT_FAIL("moved twice");
        } catch (const Error& error) {
            const ValueView fields = error.details()["fields"];
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, fields.size());
            CPPUNIT_ASSERT_EQUAL(s("room"), (*fields.begin())["field"].asText());
            CPPUNIT_ASSERT_EQUAL(s("Printer"), (*++fields.begin())["before"].asText());
            CPPUNIT_ASSERT_EQUAL(s("Scanner"), (*++fields.begin())["after"].asText());
        }
    }

    void twoAtOnceMoveItOnce() {
        for (int round = 0; round < 20; ++round) {
            const Case c = f_.open(citizen_);
            std::atomic<int> moved{0}, told{0};
            std::vector<std::thread> clerks;
            for (int i = 0; i < 4; ++i)
                clerks.emplace_back([&, i] {
                    const Principal clerk = County::agent(2 + i);
                    const std::string outcome = f_.refused(&clerk, c, "take");
                    (outcome == "nothing" ? moved : told) += outcome == "nothing" || outcome == "core.case.version";
                });
            for (std::thread& clerk : clerks)
                clerk.join();
            CPPUNIT_ASSERT_EQUAL(1, moved.load());
            CPPUNIT_ASSERT_EQUAL(3, told.load());
        }
    }

    void reasonAndAnswersAreDemanded() {
        Case c = f_.open(citizen_);
        CPPUNIT_ASSERT_EQUAL(s("core.case.no_form"),
                             f_.refused(&agent_, c, "take", County::answers({{"x", "1"}})));
        c = f_.move(&agent_, c, "take");
        CPPUNIT_ASSERT_EQUAL(s("core.case.reason"), f_.refused(&agent_, c, "ask", Value::map(), " \n"));
        CPPUNIT_ASSERT_EQUAL(s("core.case.reason_long"),
                             f_.refused(&agent_, c, "ask", Value::map(), std::string(4001, 'x')));
        f_.forms.required["solution"] = {"what"};
        CPPUNIT_ASSERT_EQUAL(s("core.case.answers"), f_.refused(&agent_, c, "solve"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, f_.at(c.id).version);
        f_.forms.required["ticket"] = {"subject"};
        CPPUNIT_ASSERT_EQUAL(s("core.case.answers"), County::refusal([&] { f_.open(citizen_, Value::map()); }));
    }

    void aGuardsNoAndAFailingEffectLeaveNothing() {
        const Case c = f_.open(citizen_);
        const auto rows = [&] {
            return f_.number("SELECT (SELECT COUNT(*) FROM case_history) * 1000 + (SELECT COUNT(*) FROM case_todo) "
                             "* 100 + (SELECT COUNT(*) FROM case_relation) * 10 + (SELECT COUNT(*) FROM test_notice)");
        };
        const std::int64_t before = rows();
        f_.plugin.bound["may_take"] = [](storage::Tx&, ValueView) { throw Error(409, "desk.lunch"); };
        CPPUNIT_ASSERT_EQUAL(s("desk.lunch"), f_.refused(&agent_, c, "take"));
        f_.plugin.bound.clear();
        f_.plugin.bound["taken"] = [](storage::Tx& tx, ValueView in) {
            CPPUNIT_ASSERT_EQUAL(std::string("take"), in["transition"].asText());
            CPPUNIT_ASSERT_EQUAL(std::string("submitted"), in["from"].asText());
            tx.exec("INSERT INTO test_notice (key) VALUES ('own row')");
            throw Error(500, "desk.broken");
        };
        CPPUNIT_ASSERT_EQUAL(s("desk.broken"), f_.refused(&agent_, c, "take"));
        CPPUNIT_ASSERT_EQUAL(before, rows());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f_.at(c.id).version);
        CPPUNIT_ASSERT_EQUAL(s("submitted"), f_.at(c.id).state);
        f_.plugin.bound["taken"] = [](storage::Tx& tx, ValueView) {
            tx.exec("INSERT INTO test_notice (key) VALUES ('own row')");
        };
        f_.move(&agent_, c, "take");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f_.number("SELECT COUNT(*) FROM test_notice WHERE key = 'own row'"));
    }

    void anEndedCaseIsLeftOnlyWhereDeclared() {
        const Case closed = f_.move(&lead_, checking(), "approve");
        for (const char* name : {"take", "ask", "solve", "approve", "withdraw", "escalate", "nonsense", "", "open"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, s("core.case.no_such_move"), f_.refused(&lead_, closed, name));
        CPPUNIT_ASSERT_EQUAL(s("core.case.not_yours"), f_.refused(&agent_, closed, "reopen"));
        const Case again = f_.move(&lead_, closed, "reopen");
        CPPUNIT_ASSERT_EQUAL(s("working"), again.state);
        CPPUNIT_ASSERT_EQUAL(Micros{0}, again.closedAt);
    }

    void theApplicantWithdraws() {
        const Case c = f_.open(citizen_);
        const Principal other = County::citizen(9);
        CPPUNIT_ASSERT_EQUAL(s("core.case.unknown"), f_.refused(&other, c, "withdraw"));
        const Case gone = f_.move(&citizen_, c, "withdraw", Value::map(), "");
        CPPUNIT_ASSERT_EQUAL(s("withdrawn"), gone.state);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f_.number("SELECT COUNT(*) FROM case_todo"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f_.number("SELECT COUNT(*) FROM case_deadline WHERE ended_at = 0"));
    }

    void whoeverMayNotSeeItFindsNothing() {
        const Case c = f_.open(citizen_);
        const auto sees = [&](const Principal& who) {
            return f_.read([&](storage::Tx& tx) {
                AfterCommit after;
                return f_.engine.mayRead(tx, County::by(&who, after), c);
            });
        };
        CPPUNIT_ASSERT(sees(citizen_));
        CPPUNIT_ASSERT(sees(agent_));
        CPPUNIT_ASSERT(sees(lead_));
        CPPUNIT_ASSERT_MESSAGE("a role that counts anywhere", sees(County::person(10, 71, {"bureau"})));
        CPPUNIT_ASSERT(!sees(County::citizen(9)));
        CPPUNIT_ASSERT_MESSAGE("staff without a part in it", !sees(County::person(10, 70, {"cook"})));
        CPPUNIT_ASSERT(!sees(County::person(10, 71, {"lead"})));
        CPPUNIT_ASSERT(!sees(Principal{}));
        CPPUNIT_ASSERT_EQUAL(s("core.case.unknown"), County::refusal([&] {
            Case none = c;
            none.id = 12345;
            f_.move(&agent_, none, "take");
        }));
        f_.write([&](storage::Tx& tx, AfterCommit& after) {
            f_.engine.relate(tx, County::by(nullptr, after), c.id, "handler", 9);
        });
        CPPUNIT_ASSERT_MESSAGE("a relation lets her", sees(County::citizen(9)));
        CPPUNIT_ASSERT_EQUAL(s("core.case.relation"), County::refusal([&] {
            f_.write([&](storage::Tx& tx, AfterCommit& after) {
                f_.engine.relate(tx, County::by(nullptr, after), c.id, "friend", 9);
            });
        }));
    }

    void aCaseGoesToAnotherOffice() {
        Case c = f_.open(citizen_);
        CPPUNIT_ASSERT_EQUAL(s("core.case.organisation"),
                             f_.refused(&agent_, c, "pass_on", County::answers({{"office", "99"}})));
        c = f_.move(&agent_, f_.move(&agent_, c, "take"), "pass_on", County::answers({{"office", "71"}}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{71}, c.organisation);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, c.assignee);
        const Principal there = County::person(4, 71, {"agent"}, {"intake"});
        const Principal gone = County::agent(8);
        CPPUNIT_ASSERT_EQUAL(s("core.case.unknown"), f_.refused(&gone, c, "take"));
        CPPUNIT_ASSERT_EQUAL(s("working"), f_.move(&there, c, "take").state);
    }

    void staffOpenForOthersAndCitizensDoNot() {
        const auto openFor = [&](const Principal& who, std::int64_t applicant) {
            return f_.write([&](storage::Tx& tx, AfterCommit& after) {
                Engine::NewCase fresh;
                fresh.applicant = applicant;
                return f_.engine.open(tx, County::by(&who, after), "desk", "ticket", fresh);
            });
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, openFor(agent_, 9).applicant);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{70}, openFor(agent_, 9).origin);
        CPPUNIT_ASSERT_EQUAL(s("core.case.may_not_open"), County::refusal([&] { openFor(citizen_, 9); }));
        CPPUNIT_ASSERT_EQUAL(s("core.case.person"), County::refusal([&] { openFor(agent_, 999); }));
        CPPUNIT_ASSERT_EQUAL(s("core.case.may_not_open"), County::refusal([&] { f_.open(Principal{}); }));
    }

    void numbersRunWithoutGapByMonth() {
        CPPUNIT_ASSERT_EQUAL(s("T202401-0001"), f_.open(citizen_).number);
        f_.plugin.bound["opened"] = [](storage::Tx&, ValueView) { throw Error(409, "desk.no"); };
        CPPUNIT_ASSERT_EQUAL(s("desk.no"), County::refusal([&] { f_.open(citizen_); }));
        f_.plugin.bound.clear();
        CPPUNIT_ASSERT_EQUAL(s("T202401-0002"), f_.open(citizen_).number);
        f_.clock += 22 * County::day;
        CPPUNIT_ASSERT_EQUAL(s("T202402-0001"), f_.open(citizen_).number);
    }

    void commentsAndFilesAreKeptAndHidden() {
        const Case c = f_.open(citizen_);
        const auto comment = [&](const Principal& who, std::string_view text, bool internal) {
            f_.write([&](storage::Tx& tx, AfterCommit& after) {
                f_.engine.comment(tx, County::by(&who, after), c.id, text, internal);
            });
        };
        comment(citizen_, "When?", false);
        comment(agent_, "Knows the minister", true);
        CPPUNIT_ASSERT_EQUAL(s("core.case.not_yours"), County::refusal([&] { comment(citizen_, "x", true); }));
        CPPUNIT_ASSERT_EQUAL(s("core.case.comment"), County::refusal([&] { comment(citizen_, "  ", false); }));
        CPPUNIT_ASSERT_EQUAL(s("core.case.unknown"),
                             County::refusal([&] { comment(County::citizen(9), "x", false); }));
        for (int twice = 0; twice < 2; ++twice)
            f_.write([&](storage::Tx& tx, AfterCommit& after) {
                f_.engine.attach(tx, County::by(&citizen_, after), c.id, 555, "photo.jpg");
            });
        const auto trail = [&](const Principal& who) {
            return f_.read([&](storage::Tx& tx) {
                AfterCommit after;
                return trailModel(f_.engine, tx, County::by(&who, after), c.id);
            });
        };
        const Value mine = trail(citizen_), theirs = trail(agent_);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, mine["comments"].size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, theirs["comments"].size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, mine["attachments"].size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, mine["entries"].size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, theirs["entries"].size());
        CPPUNIT_ASSERT(mine["chain"]["whole"].truth());
        CPPUNIT_ASSERT(json::write(mine).find("minister") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("no move", std::int64_t{1}, f_.at(c.id).version);
        CPPUNIT_ASSERT_EQUAL(s("working"), f_.move(&agent_, c, "take").state);
    }

    void theTodoListIsTheRightPersons() {
        const auto has = [&](const Principal& who) {
            return f_.read([&](storage::Tx& tx) { return Todo::of(tx, who, {}, 100).size(); });
        };
        const std::size_t none = 0, one = 1;
        Case c = f_.open(citizen_);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("at the desk", one, has(County::agent(8)));
        CPPUNIT_ASSERT_EQUAL(none, has(County::person(5, 70, {"agent"})));
        CPPUNIT_ASSERT_EQUAL(none, has(citizen_));
        c = f_.move(&agent_, c, "take");
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the assignee's", one, has(agent_));
        CPPUNIT_ASSERT_EQUAL(none, has(County::agent(8)));
        const auto items = f_.read([&](storage::Tx& tx) { return Todo::of(tx, agent_, {}, 100); });
        CPPUNIT_ASSERT_EQUAL(f_.clock + 10 * County::minute, items[0].dueAt);
        c = f_.move(&agent_, c, "ask");
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the applicant is asked", one, has(citizen_));
        CPPUNIT_ASSERT_EQUAL(none, has(agent_));
        c = f_.move(&citizen_, c, "answer");
        c = f_.move(&agent_, c, "solve");
        CPPUNIT_ASSERT_EQUAL(one, has(agent_));
        f_.move(&lead_, c, "approve");
        CPPUNIT_ASSERT_EQUAL(none, has(agent_));
    }

    void listsGoPageByPage() {
        for (int i = 0; i < 7; ++i) {
            f_.clock += i % 2 ? 0 : 1;
            f_.open(i == 3 ? County::citizen(9) : citizen_);
        }
        const auto all = [&](const CaseList::Reach& reach, const CaseList::Filter& filter) {
            std::vector<std::int64_t> ids;
            std::optional<CaseList::Key> after;
            do {
                const auto page = f_.read([&](storage::Tx& tx) { return CaseList::read(tx, reach, filter, after, 2); });
                for (const Case& one : page.cases)
                    ids.push_back(one.id);
                after = page.next;
            } while (after);
            return ids;
        };
        const auto every = all({.all = true}, {});
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, every.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, std::set<std::int64_t>(every.begin(), every.end()).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, all({.account = 1}, {}).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, all({}, {}).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, all({.account = 5, .handledBy = 70}, {}).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, all({.account = 5, .handledBy = 71, .openedBy = 71}, {}).size());
        CaseList::Filter filter;
        filter.words = "000_";
        CPPUNIT_ASSERT_EQUAL_MESSAGE("no sign of LIKE's", std::size_t{0}, all({.all = true}, filter).size());
        filter.words = "-0003";
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, all({.all = true}, filter).size());
        AfterCommit after;
        const auto reach = [&](const Principal& who) {
            return CaseList::reachOf(County::by(&who, after), *f_.declared, "ticket");
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t{70}, reach(agent_).handledBy);
        CPPUNIT_ASSERT(!reach(agent_).all);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, reach(citizen_).handledBy);
        CPPUNIT_ASSERT_EQUAL(citizen_.user, reach(citizen_).account);
        CPPUNIT_ASSERT(reach(County::person(10, 71, {"bureau"})).all);
    }

    void aCaseKeepsTheRulesItStartedUnder() {
        const Case old = f_.move(&lead_, checking(), "approve");
        f_.clock = County::lawChange + County::day;
        const Case fresh = f_.move(&lead_, checking(), "approve");
        const Principal bureau = County::person(10, 70, {"bureau"});
        CPPUNIT_ASSERT_EQUAL(s("core.case.not_yours"), f_.refused(&bureau, old, "reopen"));
        CPPUNIT_ASSERT_EQUAL(s("core.case.not_yours"), f_.refused(&lead_, fresh, "reopen"));
        CPPUNIT_ASSERT_EQUAL(s("working"), f_.move(&lead_, old, "reopen").state);
        CPPUNIT_ASSERT_EQUAL(s("working"), f_.move(&bureau, fresh, "reopen").state);
    }

    void theTrailTellsAll() {
        const Case c = f_.move(&agent_, f_.open(citizen_), "take");
        const Value trail = f_.read([&](storage::Tx& tx) {
            AfterCommit after;
            return trailModel(f_.engine, tx, County::by(&citizen_, after), c.id);
        });
        CPPUNIT_ASSERT_EQUAL(s("desk.s.working"), trail["stateLabel"].asText());
        CPPUNIT_ASSERT_EQUAL(s("working"), trail["stateKind"].asText());
        const ValueView second = *++trail["entries"].begin();
        CPPUNIT_ASSERT_EQUAL(s("desk.t.take"), second["label"].asText());
        CPPUNIT_ASSERT_EQUAL(s("desk.s.submitted"), second["fromLabel"].asText());
        CPPUNIT_ASSERT_EQUAL(s("office70"), second["organisation"].asText());
        const ValueView deadline = *trail["deadlines"].begin();
        CPPUNIT_ASSERT(deadline["running"].truth());
        CPPUNIT_ASSERT_EQUAL(s("10 min"), deadline["term"].asText());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, *deadline["rungs"].integer());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EngineTest);

} // namespace
