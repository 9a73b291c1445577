// SPDX-License-Identifier: Apache-2.0
#include "ListFixture.h"

#include "services/lists/CellText.h"
#include "services/lists/Export.h"
#include "services/lists/Reach.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::services::lists;

namespace {

using Keys = std::vector<std::int64_t>;

std::string refused(const List& list, const Asked& asked) {
    try {
        UrlQuery::read(list, asked);
    } catch (const Error& error) {
        return error.id() + " " + error.details()["name"].asText();
    }
    return "";
}

class ListRowsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ListRowsTest);
    CPPUNIT_TEST(pagesNeitherSkipNorRepeat);
    CPPUNIT_TEST(theSamePagesComeBackwards);
    CPPUNIT_TEST(filtersAreBoundAndCombine);
    CPPUNIT_TEST(nobodySeesBeyondHerReach);
    CPPUNIT_TEST(aUrlThatIsNoneIsRefused);
    CPPUNIT_TEST(aUrlComesBackAsItWas);
    CPPUNIT_TEST(cellsReadAsPeopleDo);
    CPPUNIT_TEST(anExportHoldsTheSameRowsAndNoFormula);
    CPPUNIT_TEST(reachFollowsThePermission);
    CPPUNIT_TEST_SUITE_END();

public:
    void pagesNeitherSkipNorRepeat() {
        test::Lots lots;
        const List list = test::listOf(test::lotList);
        const std::pair<const char*, Keys> orders[] = {
            {"", {2, 1, 5, 4, 3}}, {"fee", {3, 4, 5, 1, 2}}, {"-fee", {2, 1, 5, 4, 3}}};
        for (const auto& [sort, keys] : orders)
            for (const std::int64_t limit : {1, 2, 3, 10}) {
                const Asked asked = *sort ? Asked{{"sort", {sort}}} : Asked{};
                CPPUNIT_ASSERT_MESSAGE(std::string(sort) + " by " + std::to_string(limit),
                                       lots.walk(list, asked, limit) == keys);
            }
    }

    void theSamePagesComeBackwards() {
        test::Lots lots;
        const List list = test::listOf(test::lotList);
        for (const std::int64_t limit : {1, 2, 3, 10}) {
            CPPUNIT_ASSERT(lots.walkBack(list, {}, "3~n", limit) == (Keys{2, 1, 5, 4}));
            CPPUNIT_ASSERT(lots.walkBack(list, {}, "5~i-50", limit) == (Keys{2, 1}));
            CPPUNIT_ASSERT(lots.walkBack(list, {{"sort", {"fee"}}}, "2~i300", limit) == (Keys{3, 4, 5, 1}));
            CPPUNIT_ASSERT(lots.walkBack(list, {{"sort", {"fee"}}}, "4~n", limit) == Keys{3});
            CPPUNIT_ASSERT(
                lots.walkBack(list, {{"state", {"shut"}}, {"sort", {"-name"}}}, "3~t100%", limit) == Keys{4});
        }
    }

    void filtersAreBoundAndCombine() {
        test::Lots lots;
        const List list = test::listOf(test::lotList);
        CPPUNIT_ASSERT(lots.walk(list, {{"name", {"%"}}}, 10) == Keys{3});
        CPPUNIT_ASSERT(lots.walk(list, {{"name", {"_"}}}, 10) == Keys{4});
        CPPUNIT_ASSERT(lots.walk(list, {{"name", {"' OR '1'='1"}}}, 10).empty());
        CPPUNIT_ASSERT(lots.walk(list, {{"state", {"open"}}}, 1) == (Keys{2, 1, 5}));
        CPPUNIT_ASSERT(lots.walk(list, {{"fee_from", {"0"}}}, 1) == (Keys{2, 1}));
        CPPUNIT_ASSERT(lots.walk(list, {{"fee_to", {"2.99"}}, {"state", {"open"}}}, 10) == Keys{5});
        CPPUNIT_ASSERT(lots.walk(list, {{"state", {""}}, {"name", {""}}}, 10).size() == 5);
    }

    void nobodySeesBeyondHerReach() {
        test::Lots lots;
        const List list = test::listOf(test::lotList);
        const auto lease = lots.pool->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        const auto ours = lots.access(7), theirs = lots.access(8);
        const auto sees = [&](const storage::PluginAccess& who, std::int64_t key) {
            return ListRows(tx, list, who).one(key, [](const RowView&) {});
        };
        CPPUNIT_ASSERT(sees(ours, 1) && !sees(ours, 9) && sees(theirs, 9) && !sees(theirs, 1));
        // What the list itself leaves out is not to be had by key.
        CPPUNIT_ASSERT(!sees(ours, 6));
        const storage::PluginAccess nobody{&lots.rules, {storage::Scope::Kind::none, 0, 0}};
        CPPUNIT_ASSERT(!sees(nobody, 1));
    }

    void aUrlThatIsNoneIsRefused() {
        const List list = test::listOf(test::lotList);
        const std::pair<Asked, const char*> bad[] = {{{{"x", {"1"}}}, "x"},
                                                     {{{"phone", {"139"}}}, "phone"},
                                                     {{{"fee", {"1"}}}, "fee"},
                                                     {{{"sort", {"state"}}}, "sort"},
                                                     {{{"sort", {"fee; DROP TABLE helpdesk_lot"}}}, "sort"},
                                                     {{{"sort", {"fee", "name"}}}, "sort"},
                                                     {{{"state", {"gone"}}}, "state"},
                                                     {{{"fee_from", {"1.234"}}}, "fee_from"},
                                                     {{{"fee_to", {"a"}}}, "fee_to"},
                                                     {{{"name", {std::string(101, 'a')}}}, "name"},
                                                     {{{"name", {"a\x01"}}}, "name"},
                                                     {{{"after", {"7"}}}, "after"},
                                                     {{{"after", {"7~"}}}, "after"},
                                                     {{{"after", {"x~i1"}}}, "after"},
                                                     {{{"after", {"7~i1x"}}}, "after"},
                                                     {{{"after", {"7~tname"}}}, "after"},
                                                     {{{"sort", {"name"}}, {"after", {"7~i5"}}}, "after"},
                                                     {{{"before", {"7~tname"}}}, "before"},
                                                     {{{"before", {"7~n"}}, {"after", {"7~n"}}}, "before"}};
        for (const auto& [asked, name] : bad)
            CPPUNIT_ASSERT_EQUAL("core.list.query " + std::string(name), refused(list, asked));
    }

    void aUrlComesBackAsItWas() {
        const List list = test::listOf(test::lotList);
        const auto query =
            UrlQuery::read(list, {{"name", {"路灯 &=?"}}, {"sort", {"-name"}}, {"after", {"7~n"}}});
        CPPUNIT_ASSERT_EQUAL(std::string("?name=%E8%B7%AF%E7%81%AF%20%26%3D%3F&sort=-name&after=7~n"),
                             query.text());
        CPPUNIT_ASSERT_EQUAL(std::string(), UrlQuery::read(list, {}).text());
        CPPUNIT_ASSERT_EQUAL(std::string("?sort=name"), UrlQuery::read(list, {}).sortedText(0, false));
    }

    void cellsReadAsPeopleDo() {
        const CellWords words{[](std::string_view id) { return std::string(id); }};
        Column column;
        column.type = ColumnType::money;
        CPPUNIT_ASSERT_EQUAL(std::string("12.50"), cellText(column, 1250, words));
        CPPUNIT_ASSERT_EQUAL(std::string(), cellText(column, nullptr, words));
        column.type = ColumnType::time;
        CPPUNIT_ASSERT_EQUAL(std::string("1970-01-01 08:00"), cellText(column, 1, words));
        column.type = ColumnType::yesno;
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.yes"), cellText(column, 1, words));
        column.type = ColumnType::text;
        column.personal = Personal::phone;
        CPPUNIT_ASSERT_EQUAL(std::string("139****5678"), cellText(column, "13912345678", words));
    }

    void anExportHoldsTheSameRowsAndNoFormula() {
        test::Lots lots;
        const List list = test::listOf(test::lotList);
        const auto who = lots.access();
        const auto lease = lots.pool->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        std::string csv;
        exportCsv(list, ListRows(tx, list, who), UrlQuery::read(list, {{"fee_from", {"-1"}}}),
                  {[](std::string_view id) { return std::string(id); }},
                  [&](std::string_view piece) { csv += piece; });
        CPPUNIT_ASSERT_EQUAL(
            std::string("\xEF\xBB\xBFhelpdesk.name,helpdesk.state,helpdesk.fee,helpdesk.phone\r\n"
                        "'=1+1,helpdesk.open,3.00,\r\n"
                        "瓜,helpdesk.open,3.00,139****5678\r\n"
                        "椒,helpdesk.open,-0.50,\r\n"),
            csv);
    }

    void reachFollowsThePermission() {
        using Kind = storage::Scope::Kind;
        const List list = test::listOf(test::lotList);
        const identity::Permissions permissions({{"helpdesk.work", "read", "organisation", {"agent"}, {}}});
        identity::Principal who;
        CPPUNIT_ASSERT(!reachOf(list, who, permissions));
        who.kind = identity::Principal::Kind::person;
        who.user = 3;
        CPPUNIT_ASSERT(!reachOf(list, who, permissions));
        who.roles = {"agent"};
        CPPUNIT_ASSERT(reachOf(list, who, permissions)->kind == Kind::none);
        who.organisation = 7;
        CPPUNIT_ASSERT(reachOf(list, who, permissions)->kind == Kind::organisation);
        CPPUNIT_ASSERT(!reachOf(list, who, identity::Permissions()));
        List own = list;
        own.permission.clear();
        CPPUNIT_ASSERT(reachOf(own, who, permissions)->kind == Kind::self);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ListRowsTest);

} // namespace
