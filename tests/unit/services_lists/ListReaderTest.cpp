// SPDX-License-Identifier: Apache-2.0
#include "ListFixture.h"

#include "services/lists/SqlPiece.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::services::lists;
using test::listFaults;
using test::lotList;
using test::replaced;

namespace {

void oneFault(const std::string& id, std::string_view what, std::string_view with) {
    const auto found = listFaults(replaced(std::string(lotList), what, with));
    CPPUNIT_ASSERT_MESSAGE(std::string(with), !found.empty());
    CPPUNIT_ASSERT_EQUAL(id, found.front().substr(0, found.front().find(' ')));
}

class ListReaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ListReaderTest);
    CPPUNIT_TEST(aListIsRead);
    CPPUNIT_TEST(aFaultIsToldWithFileAndLine);
    CPPUNIT_TEST(whatCannotBeIsRefused);
    CPPUNIT_TEST(aPieceOfSqlIsOnlyItself);
    CPPUNIT_TEST(everyStatementIsPreparedAndScoped);
    CPPUNIT_TEST_SUITE_END();

public:
    void aListIsRead() {
        const List list = test::listOf(lotList);
        CPPUNIT_ASSERT_EQUAL(std::string("helpdesk.work"), list.permission);
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), list.sort);
        CPPUNIT_ASSERT(list.descending);
        CPPUNIT_ASSERT_EQUAL(std::string("/helpdesk/lots/12"), list.hrefOf(12));
        // 4 places, 2 directions, 2 sorting columns, 3 filters, and the one by key.
        CPPUNIT_ASSERT_EQUAL(std::size_t(4 * 2 * 2 * 8 + 1), list.statements->all().size());
    }

    void aFaultIsToldWithFileAndLine() {
        const auto found = listFaults(replaced(std::string(lotList), R"("words"},)", R"("range"},)"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), found.size());
        CPPUNIT_ASSERT_EQUAL(std::string("core.list_file.filter lists/lots.json:5 $.columns[0].filter"),
                             found.front());
        CPPUNIT_ASSERT(!listFaults("{").empty());
        CPPUNIT_ASSERT(!listFaults(lotList, "lists/other.json").empty());
    }

    void whatCannotBeIsRefused() {
        oneFault("core.list_file.personal", R"("personal": "phone")", R"("personal": "phone", "sort": true)");
        oneFault("core.list_file.personal", R"("personal": "phone")",
                 R"("personal": "phone", "filter": "words")");
        oneFault("core.list_file.twice", R"("name": "fee")", R"("name": "name")");
        oneFault("core.list_file.twice", R"("name": "phone")", R"("name": "after")");
        oneFault("core.list_file.twice", R"("name": "phone")", R"("name": "fee_from")");
        oneFault("core.list_file.unknown", R"("-fee")", R"("-weight")");
        oneFault("core.list_file.unknown", R"("-fee")", R"("phone")");
        oneFault("core.list_file.text_id", R"("helpdesk.fee")", R"("park.fee")");
        oneFault("core.list_file.options", R"("type": "choice")", R"("type": "text")");
        oneFault(
            "core.list_file.no_case", R"("order": "-fee")",
            R"("order": "-fee", "bulk": [{"name": "b", "label": "helpdesk.b", "confirm": "helpdesk.q", "machine": "m", "transition": "t"}])");
        oneFault("core.list_file.act", R"("order": "-fee")", R"("order": "-fee", "import": {"form": "f"})");
        oneFault("core.manifest.unknown_key", R"("order": "-fee")", R"("order": "-fee", "sql": "x")");
    }

    void aPieceOfSqlIsOnlyItself() {
        for (const char* good : {"l.name", "COALESCE(l.a, 'it''s, --')", "replace(l.a, 'x', 'y')",
                                 "(SELECT COUNT(*) FROM helpdesk_lot o WHERE o.id = l.id)",
                                 "CASE WHEN l.a = 1 THEN 2 ELSE 3 END"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(good, std::string_view(), pieceFault(good, Piece::expression));
        const std::pair<const char*, const char*> bad[] = {{"l.name -- x", "comment"},
                                                           {"l.name /* x */", "comment"},
                                                           {"/**/ l.name", "comment"},
                                                           {"l.id = :id", "parameter"},
                                                           {"{scope:l}", "scope"},
                                                           {"l.a)", "parentheses"},
                                                           {"(l.a", "parentheses"},
                                                           {"l.a, l.b", "comma"},
                                                           {"l.a FROM x", "clause"},
                                                           {"l.a UNION SELECT 1", "clause"},
                                                           {"l.a) OR (1 = 1", "parentheses"},
                                                           {"'open", "sql"}};
        for (const auto& [sql, fault] : bad)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(sql, std::string_view(fault), pieceFault(sql, Piece::expression));
        CPPUNIT_ASSERT_EQUAL(std::string_view("clause"),
                             pieceFault("helpdesk_lot l WHERE 1 = 1", Piece::from));
        CPPUNIT_ASSERT_EQUAL(std::string_view(),
                             pieceFault("helpdesk_lot l JOIN helpdesk_b b ON b.id = l.b", Piece::from));
    }

    void everyStatementIsPreparedAndScoped() {
        test::Lots lots;
        const auto faults = [&](const std::string& text) {
            plugin::Problems problems;
            checkStatements(*lots.pool, test::listOf(text), lots.rules, problems);
            return problems;
        };
        const std::string text(lotList);
        CPPUNIT_ASSERT(faults(text).empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), faults(replaced(text, "l.fee", "l.no_such_column")).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), faults(replaced(text, R"("scope": ["l"], )", "")).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), faults(replaced(text, "helpdesk_lot l", "account l")).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t(1),
                             faults(replaced(text, "helpdesk_lot l", "helpdesk_other l")).size());
        // Another column hides nothing either: a scoped table in a subquery needs its token, which no piece
        // may hold.
        CPPUNIT_ASSERT_EQUAL(
            std::size_t(1),
            faults(replaced(text, "l.phone", "(SELECT MAX(o.phone) FROM helpdesk_lot o)")).size());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ListReaderTest);

} // namespace
