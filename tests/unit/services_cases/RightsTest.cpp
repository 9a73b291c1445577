// SPDX-License-Identifier: Apache-2.0
#include "County.h"

#include "services/cases/CaseList.h"
#include "services/cases/CaseModel.h"

#include <set>

namespace {

using namespace dalate;
using namespace dalate::test;

/// What each person learns of a case, and whom a machine may make a party to it.
class RightsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RightsTest);
    CPPUNIT_TEST(theDifferenceKeepsPersonalAnswersFromOthers);
    CPPUNIT_TEST(whoCouldNeverMoveItIsNotToldWhatChanged);
    CPPUNIT_TEST(aVersionThatNeverWasIsItsOwnRefusal);
    CPPUNIT_TEST(personalAnswersAreForWhoeverHasItInHand);
    CPPUNIT_TEST(internalRemarksAreNeverTheApplicants);
    CPPUNIT_TEST(onlyWhoFitsBecomesAParty);
    CPPUNIT_TEST(aListShowsWhatMayBeOpened);
    CPPUNIT_TEST(onePersonCannotFloodACase);
    CPPUNIT_TEST(anEndedCaseTakesNothingFromOutside);
    CPPUNIT_TEST(aFormSentTwiceOpensOneCase);
    CPPUNIT_TEST_SUITE_END();

    County f_;
    const Principal citizen_ = County::citizen(), agent_ = County::agent(), lead_ = County::lead();

    static std::string s(std::string_view text) { return std::string(text); }

    static std::shared_ptr<const forms::Form> form(const char* name, const std::vector<std::string>& fields,
                                                   const std::string& personal) {
        auto made = std::make_shared<forms::Form>();
        made->name = name;
        for (const std::string& field : fields) {
            forms::Field one;
            one.name = field;
            one.type = field == "phone" ? forms::FieldType::phone : forms::FieldType::text;
            one.personal = field == personal;
            made->fields.push_back(one);
        }
        return made;
    }
    template <class F>
    auto reading(const Principal& who, F&& ask) {
        return f_.read([&](storage::Tx& tx) {
            AfterCommit after;
            const Who asking = County::by(&who, after);
            return ask(tx, asking);
        });
    }
    void comment(const Principal& who, const Case& c, std::string_view text, bool internal = false) {
        f_.write([&](storage::Tx& tx, AfterCommit& after) {
            f_.engine.comment(tx, County::by(&who, after), c.id, text, internal);
        });
    }
    void attach(const Principal& who, const Case& c, std::int64_t file) {
        f_.write([&](storage::Tx& tx, AfterCommit& after) {
            f_.engine.attach(tx, County::by(&who, after), c.id, file, "a.png");
        });
    }
    /// What `who` is told who moves with a version that has passed.
    Value told(const Principal& who, Case c, std::string_view transition, std::int64_t version) {
        c.version = version;
        try {
            f_.move(&who, c, transition);
        } catch (const Error& error) {
            CPPUNIT_ASSERT_EQUAL(s("core.case.version"), error.id());
            return Value(error.details());
        }
        CPPUNIT_FAIL("moved");
        return {};
    }
    static std::string after(const Value& difference, std::string_view name) {
        for (const ValueView field : difference["fields"])
            if (field["field"].text() == name) return field["after"].asText();
        return "absent";
    }

public:
    void theDifferenceKeepsPersonalAnswersFromOthers() {
        // Only the form of a later step calls the number personal; it is personal in the first form's answer too.
        f_.questions["ticket"] = form("ticket", {"subject", "phone"}, "");
        f_.questions["answer"] = form("answer", {"phone"}, "phone");
        f_.declare(ticketMachine);
        Case c = f_.open(citizen_, County::answers({{"subject", "Lamp"}, {"phone", "13912345678"}}));
        c = f_.move(&agent_, c, "take");
        c = f_.move(&agent_, c, "ask");
        c = f_.move(&citizen_, c, "answer", County::answers({{"subject", "Lamp 3"}, {"phone", "13987654321"}}));
        // A lead may solve, and has it not in hand.
        const Value others = told(lead_, c, "solve", 3);
        CPPUNIT_ASSERT_EQUAL(s("Lamp 3"), after(others, "subject"));
        CPPUNIT_ASSERT_EQUAL(s("139****4321"), after(others, "phone"));
        const std::string all = json::write(others);
        CPPUNIT_ASSERT_MESSAGE(all, all.find("13987654321") == s("").npos && all.find("13912345678") == s("").npos);
        CPPUNIT_ASSERT_EQUAL(s("13987654321"), after(told(agent_, c, "solve", 3), "phone"));
    }

    void whoCouldNeverMoveItIsNotToldWhatChanged() {
        const Case seen = f_.open(citizen_);
        const Case c = f_.move(&agent_, seen, "take");
        CPPUNIT_ASSERT_EQUAL(s("core.case.not_yours"), f_.refused(&citizen_, seen, "take"));
        CPPUNIT_ASSERT_EQUAL(s("core.case.not_yours"), f_.refused(&lead_, seen, "take"));
        CPPUNIT_ASSERT_EQUAL(s("core.case.version"), f_.refused(&agent_, seen, "take"));
        CPPUNIT_ASSERT_EQUAL(s("core.case.no_such_move"), f_.refused(&agent_, c, "take"));
    }

    void aVersionThatNeverWasIsItsOwnRefusal() {
        Case c = f_.open(citizen_);
        for (const std::int64_t version : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{2}, std::int64_t{99}}) {
            Case seen = c;
            seen.version = version;
            CPPUNIT_ASSERT_EQUAL(s("core.case.version_unknown"), f_.refused(&agent_, seen, "take"));
            CPPUNIT_ASSERT_EQUAL(s("core.case.not_yours"), f_.refused(&citizen_, seen, "take"));
        }
        CPPUNIT_ASSERT_EQUAL(s("working"), f_.move(&agent_, c, "take").state);
    }

    void personalAnswersAreForWhoeverHasItInHand() {
        Case c = f_.open(citizen_);
        const auto reads = [&](const Principal& who) {
            return reading(who, [&](storage::Tx& tx, const Who& w) { return f_.engine.readsPersonal(tx, w, c); });
        };
        const Principal colleague = County::agent(8);
        CPPUNIT_ASSERT(reads(citizen_));
        CPPUNIT_ASSERT_MESSAGE("it lies at her desk", reads(agent_) && reads(colleague));
        CPPUNIT_ASSERT_MESSAGE("she could unlock it one day", !reads(County::person(10, 71, {"bureau"})));
        c = f_.move(&agent_, c, "take");
        CPPUNIT_ASSERT(reads(agent_));
        CPPUNIT_ASSERT_MESSAGE("a colleague has it now", !reads(colleague));
        CPPUNIT_ASSERT_MESSAGE("she may solve it, and has not got it", !reads(lead_));
    }

    void internalRemarksAreNeverTheApplicants() {
        // A clerk of another office files her own complaint; one of this very office does too.
        for (const Principal& clerk : {County::person(4, 71, {"agent", "lead"}), County::person(5, 70, {"agent"})}) {
            const Case c = f_.open(clerk);
            comment(agent_, c, "Knows the minister", true);
            const Value mine = reading(clerk, [&](storage::Tx& tx, const Who& w) { return trailModel(f_.engine, tx, w, c.id); });
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, mine["comments"].size());
            CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, *mine["commentCount"].integer());
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, mine["entries"].size());
            CPPUNIT_ASSERT_EQUAL(s("core.case.not_yours"), County::refusal([&] { comment(clerk, c, "x", true); }));
        }
        const Case c = f_.open(citizen_);
        const auto inside = [&](const Principal& who) {
            return reading(who, [&](storage::Tx& tx, const Who& w) { return f_.engine.readsInternal(tx, w, c); });
        };
        CPPUNIT_ASSERT(inside(agent_) && inside(lead_));
        CPPUNIT_ASSERT_MESSAGE("her role counts anywhere", inside(County::person(10, 71, {"bureau"})));
        CPPUNIT_ASSERT(!inside(citizen_));
        // Staff elsewhere who is party to it for herself stays outside.
        f_.write([&](storage::Tx& tx, AfterCommit& after) {
            f_.engine.relate(tx, County::by(nullptr, after), c.id, "handler", 4);
        });
        CPPUNIT_ASSERT(!inside(County::person(4, 71, {"agent"})));
    }

    void onlyWhoFitsBecomesAParty() {
        std::string text(ticketMachine);
        const std::string organisation = "\"organisation\": \"field:office\", \"assign\": \"none\"";
        text.replace(text.find(organisation), organisation.size(),
                     "\"assign\": \"field:who\", \"relate\": {\"handler\": \"field:helper\"}");
        f_.declare(text);
        f_.sql("UPDATE account SET organisation = 70 WHERE id IN (2, 3, 4, 5)");
        f_.sql("UPDATE account SET organisation = 71 WHERE id = 6");
        for (const int staff : {2, 3, 5, 6})
            f_.sql("INSERT INTO account_role (account, role) VALUES (" + std::to_string(staff) + ", 'agent')");
        f_.sql("UPDATE account SET disabled = 1 WHERE id = 5");
        const Case c = f_.open(citizen_);
        const auto pass = [&](const char* who, const char* helper) {
            return f_.refused(&agent_, f_.at(c.id), "pass_on", County::answers({{"who", who}, {"helper", helper}}));
        };
        for (const char* wrong : {"1", "4", "5", "6", "999", "x", ""})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong, s("core.case.person"), pass(wrong, "3"));
        for (const char* wrong : {"9", "5", "999", ""})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong, s("core.case.person"), pass("3", wrong));
        CPPUNIT_ASSERT_EQUAL(s("nothing"), pass("3", "6"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, f_.at(c.id).assignee);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the applicant herself", s("nothing"), pass("2", "1"));
        CPPUNIT_ASSERT_EQUAL(s("core.case.person"), County::refusal([&] {
            f_.write([&](storage::Tx& tx, AfterCommit& after) {
                f_.engine.relate(tx, County::by(nullptr, after), c.id, "handler", 999);
            });
        }));
    }

    void aListShowsWhatMayBeOpened() {
        std::string text(ticketMachine);
        const std::string open = "\"open\": {\"to\": \"submitted\"";
        text.replace(text.find(open), open.size(), "\"readers\": [\"role:review@origin\"], " + open);
        f_.declare(text);
        // Two of a bureau's people open one each; the desk's office handles them.
        const Case a = f_.open(County::person(4, 71, {"agent"})), b = f_.open(citizen_);
        const auto listed = [&](const Principal& who) {
            return reading(who, [&](storage::Tx& tx, const Who& w) {
                const auto page = CaseList::read(tx, CaseList::reachOf(w, *f_.declared, "ticket"), {}, {}, 50);
                std::set<std::int64_t> ids;
                for (const Case& one : page.cases) {
                    ids.insert(one.id);
                    CPPUNIT_ASSERT(f_.engine.mayRead(tx, w, one));
                }
                return ids;
            });
        };
        const std::set<std::int64_t> none, both{a.id, b.id}, first{a.id};
        CPPUNIT_ASSERT(both == listed(agent_));
        CPPUNIT_ASSERT_MESSAGE("works where it was opened, not where it is handled",
                               none == listed(County::person(6, 71, {"agent"}, {"intake"})));
        CPPUNIT_ASSERT_MESSAGE("named for the side that opened it", first == listed(County::person(6, 71, {"review"})));
        CPPUNIT_ASSERT(none == listed(County::person(6, 70, {"review"})));
        CPPUNIT_ASSERT(first == listed(County::person(4, 71, {"agent"})));
        CPPUNIT_ASSERT(both == listed(County::person(6, 71, {"bureau"})));
        CPPUNIT_ASSERT(none == listed(Principal{}));
        // The assignee, and whoever stands in a relation to one, find it too, once.
        f_.move(&agent_, a, "take");
        CPPUNIT_ASSERT(first == listed(County::person(2, 0, {"clerk"})));
    }

    void onePersonCannotFloodACase() {
        const Case c = f_.open(citizen_);
        const std::int64_t ofOne = Engine::mostCommentsOfOne, ofAll = Engine::mostComments;
        const auto fill = [&](std::int64_t account, std::int64_t count) {
            f_.write([&](storage::Tx& tx, AfterCommit&) {
                for (std::int64_t i = 0; i < count; ++i)
                    Notes::add(tx, c.id, {newId(), f_.clock, account, "n", "", false, "word " + std::to_string(i)});
            });
        };
        fill(1, ofOne - 1);
        comment(citizen_, c, "the last");
        CPPUNIT_ASSERT_EQUAL(s("core.case.comments_full"), County::refusal([&] { comment(citizen_, c, "more"); }));
        comment(agent_, c, "hers is another account");
        fill(9, ofAll - ofOne - 1);
        CPPUNIT_ASSERT_EQUAL(s("core.case.comments_full"), County::refusal([&] { comment(agent_, c, "more"); }));
        // A page asks for the newest alone.
        TrailPart part;
        part.comments = 3;
        part.entries = 1;
        const Value trail =
            reading(citizen_, [&](storage::Tx& tx, const Who& w) { return trailModel(f_.engine, tx, w, c.id, part); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, trail["comments"].size());
        CPPUNIT_ASSERT_EQUAL(ofAll, *trail["commentCount"].integer());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, trail["entries"].size());
        CPPUNIT_ASSERT_MESSAGE("the chain is reckoned over all of it", trail["chain"]["whole"].truth());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, *trail["chain"]["entries"].integer());

        for (std::int64_t file = 1; file <= Engine::mostFilesOfOne; ++file)
            attach(citizen_, c, file);
        CPPUNIT_ASSERT_EQUAL(s("core.case.files_full"), County::refusal([&] { attach(citizen_, c, 1000); }));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("what is there already is no more", s("nothing"),
                                     County::refusal([&] { attach(citizen_, c, 1); }));
        attach(agent_, c, 1000);
    }

    void anEndedCaseTakesNothingFromOutside() {
        const Case live = f_.open(citizen_, County::answers({{"subject", "Lamp"}, {"photo", "77"}}));
        const Case c = f_.move(&citizen_, live, "withdraw");
        CPPUNIT_ASSERT_EQUAL(s("core.case.ended"), County::refusal([&] { comment(citizen_, c, "still"); }));
        CPPUNIT_ASSERT_EQUAL(s("core.case.ended"), County::refusal([&] { attach(citizen_, c, 5); }));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("a step's own file may come with the step that ended it", s("nothing"),
                                     County::refusal([&] { attach(citizen_, c, 77); }));
        comment(agent_, c, "filed away");
        attach(agent_, c, 6);
    }

    void aFormSentTwiceOpensOneCase() {
        const auto open = [&](const Principal& who, std::string_view once) {
            return f_.write([&](storage::Tx& tx, AfterCommit& after) {
                Engine::NewCase fresh;
                fresh.once = once;
                return f_.engine.open(tx, County::by(&who, after), "desk", "ticket", fresh).id;
            });
        };
        const std::int64_t first = open(citizen_, "k1");
        CPPUNIT_ASSERT_EQUAL(first, open(citizen_, "k1"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f_.number("SELECT COUNT(*) FROM case_record"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f_.number("SELECT COUNT(*) FROM case_history"));
        CPPUNIT_ASSERT(first != open(citizen_, "k2"));
        CPPUNIT_ASSERT_MESSAGE("another's key is not hers", first != open(County::citizen(9), "k1"));
        CPPUNIT_ASSERT(open(citizen_, "") != open(citizen_, ""));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RightsTest);

} // namespace
