// SPDX-License-Identifier: Apache-2.0
#include "County.h"

namespace {

using namespace dalate;
using namespace dalate::test;

class HistoryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HistoryTest);
    CPPUNIT_TEST(theDatabaseRefusesChange);
    CPPUNIT_TEST(whatIsChangedBeneathShows);
    CPPUNIT_TEST(everyMemberIsCovered);
    CPPUNIT_TEST_SUITE_END();

    County f_;
    const Principal citizen_ = County::citizen(), agent_ = County::agent();

    Case twoMoves() {
        Case c = f_.move(&agent_, f_.open(citizen_), "take");
        return f_.move(&agent_, c, "ask");
    }
    History::Verdict verdict(const Case& c) {
        const Case stands = f_.at(c.id);
        return f_.read([&](storage::Tx& tx) { return History::verify(tx, stands); });
    }
    /// As somebody with the database's own tools would.
    void beneath(const std::string& statement) {
        f_.sql("DROP TRIGGER IF EXISTS case_history_refuses_update");
        f_.sql("DROP TRIGGER IF EXISTS case_history_refuses_delete");
        f_.sql(statement);
    }

public:
    void theDatabaseRefusesChange() {
        const Case c = twoMoves();
        for (const char* statement : {"UPDATE case_history SET reason = 'x'", "DELETE FROM case_history",
                                      "DELETE FROM case_history WHERE entry = 3"})
            CPPUNIT_ASSERT_EQUAL(std::string("core.storage.check"), County::refusal([&] { f_.sql(statement); }));
        CPPUNIT_ASSERT(verdict(c).whole());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, verdict(c).entries);
    }

    void whatIsChangedBeneathShows() {
        const Case a = twoMoves(), b = twoMoves(), c = twoMoves(), d = twoMoves(), e = twoMoves();
        const auto of = [](const Case& one) { return " WHERE case_id = " + std::to_string(one.id); };
        beneath("UPDATE case_history SET reason = 'was never said'" + of(a) + " AND entry = 2");
        beneath("DELETE FROM case_history" + of(b) + " AND entry = 3");
        beneath("DELETE FROM case_history" + of(c) + " AND entry = 2");
        beneath("UPDATE case_record SET state = 'closed' WHERE id = " + std::to_string(d.id));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, verdict(a).brokenAt.value_or(0));
        CPPUNIT_ASSERT_EQUAL(std::string("changed"), verdict(a).fault);
        CPPUNIT_ASSERT_EQUAL(std::string("missing"), verdict(b).fault);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, verdict(c).brokenAt.value_or(0));
        CPPUNIT_ASSERT_EQUAL(std::string("head"), verdict(d).fault);
        CPPUNIT_ASSERT(verdict(e).whole());
        std::vector<std::int64_t> broken;
        const auto reckoned = f_.read([&](storage::Tx& tx) {
            return History::verifyAll(tx, "desk", [&](const Case& one, const History::Verdict&) { broken.push_back(one.id); });
        });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, reckoned);
        CPPUNIT_ASSERT((std::vector<std::int64_t>{a.id, b.id, c.id, d.id}) == broken);
        // One entry put in the place of another of the same case.
        beneath("UPDATE case_history SET hash = (SELECT hash FROM case_history h" + of(e) + " AND h.entry = 1)" +
                of(e) + " AND entry = 2");
        CPPUNIT_ASSERT(!verdict(e).whole());
    }

    void everyMemberIsCovered() {
        const Entry first{1, 2, "move", "t", "f", "o", 3, "person", 4, "n", "r", 5, "on", 6, "bn", "re", "{}", "{}", "i", "q", {}};
        const std::string hash = History::hash("p", 9, first);
        const auto differs = [&](auto change) {
            Entry other = first;
            change(other);
            return History::hash("p", 9, other) != hash;
        };
        CPPUNIT_ASSERT(differs([](Entry& e) { e.entry = 7; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.at = 7; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.act = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.transition = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.from = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.to = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.version = 7; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.actorKind = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.actor = 7; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.actorName = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.actorRole = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.organisation = 7; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.organisationName = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.onBehalf = 7; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.onBehalfName = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.reason = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.answers = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.details = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.ip = "x"; }));
        CPPUNIT_ASSERT(differs([](Entry& e) { e.requestId = "x"; }));
        CPPUNIT_ASSERT(History::hash("q", 9, first) != hash);
        CPPUNIT_ASSERT(History::hash("p", 8, first) != hash);
        CPPUNIT_ASSERT_MESSAGE("what moves from one member into the next shows", differs([](Entry& e) {
                                   e.from = "fo";
                                   e.to = "";
                               }));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HistoryTest);

} // namespace
