// SPDX-License-Identifier: Apache-2.0
#include "unit/gateway/PortalFixture.h"

#include "admin/CountyPages.h"
#include "identity/Audit.h"
#include "identity/Delegations.h"
#include "services/rules/CivilDay.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::services::rules;
using dalate::test::Answer;
using dalate::test::Portal;

namespace {

std::string dayFromNow(int days) {
    return dayText(civilDayOf(now()) + std::chrono::days(days));
}

Rule rule(const char* name, RuleType type, Value value) {
    Rule made;
    made.name = name;
    made.type = type;
    made.source = "示例依据〔2024〕1号";
    made.values = {{startOf(*parseDay("2024-01-01")), std::move(value), made.source, false, false}};
    return made;
}

/// The portal with these pages; hello is wang's bureau's and has rules. li works there, qian administers
/// another bureau, zhao is the operator, tong a citizen.
struct CountyPortal : Portal {
    CountyRules rules;
    CountyCalendar calendar{
        HolidayFile::read(std::filesystem::path(DALATE_SOURCE_DIR) / "runtime/data/holidays.json")};
    services::Declarations declarations;
    std::shared_ptr<const RuleBook> book;
    admin::CountyPages pages{database().pool(), lifecycle.current(), declarations, rules,
                             calendar,          gateway.pages()};
    std::int64_t li = 0;

    CountyPortal() {
        std::vector<Rule> all;
        all.push_back(rule("fee", RuleType::money, Value::of(1250)));
        all.push_back(rule("answer_term", RuleType::term, Value::of("5 workdays")));
        all.push_back(rule("closers", RuleType::roles, Value::list([](ListWriter& l) { l.add("agent"); })));
        all.push_back(
            rule("hint", RuleType::text, Value::map([](MapWriter& m) { m.set("zh-CN", "请写明地址"); })));
        all.push_back(rule("most_files", RuleType::integer, Value::of(3)));
        book = std::make_shared<const RuleBook>("hello", std::move(all), &rules);
        auto declared = std::make_shared<services::Declared>();
        declared->plugin = "hello";
        declared->rules = book;
        declarations.publish({declared});
        pages.addTo(gateway);
        create("zhao", {"operator"});
        create("tong", {"citizen"});
        li = create("li", {"agent"});
        const auto other = database().write(
            [](storage::Tx& tx) { return identity::Organisations::create(tx, "文旅局", "bureau", 0); });
        const auto mine = std::exchange(bureau, other);
        create("qian", {"bureau_admin"});
        bureau = mine;
        load().start();
    }

    std::size_t acts(const std::string& object) {
        return database().read(
            [&](storage::Tx& tx) { return identity::Audit::latest(tx, object, 50).size(); });
    }
    /// Posts a form with the token of the page that shows it.
    Answer act(const std::string& page, const std::string& target, const std::string& session,
               const std::string& form) {
        return post(target, session, form + "&csrf=" + get(page, session).csrf());
    }
};

bool holds(const Answer& answer, const std::string& text) {
    return answer.body.find(text) != std::string::npos;
}

} // namespace

class CountyPagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CountyPagesTest);
    CPPUNIT_TEST(aBureauSeesItsRulesWithSourceAndValue);
    CPPUNIT_TEST(aValueIsAddedForADayToComeAndTakenBack);
    CPPUNIT_TEST(everyTypeHasItsForm);
    CPPUNIT_TEST(thePastAndNonsenseAreRefusedBesideTheQuestion);
    CPPUNIT_TEST(tooManyValuesAreSaidInTheForm);
    CPPUNIT_TEST(anotherBureausRulesDoNotExist);
    CPPUNIT_TEST(theCountySettlesAHoliday);
    CPPUNIT_TEST(onlyKeepersSeeTheWorkingDays);
    CPPUNIT_TEST(aDeskIsSetUpAndStaffed);
    CPPUNIT_TEST(aRoleIsGivenAndEnded);
    CPPUNIT_TEST(aDelegateReachesTheGiversPages);
    CPPUNIT_TEST_SUITE_END();

public:
    void aBureauSeesItsRulesWithSourceAndValue() {
        CountyPortal portal;
        const std::string session = portal.signIn("wang");
        const Answer page = portal.get("/admin/rules", session);
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        for (const char* text : {"12.50 元", "5 个工作日", "示例依据〔2024〕1号", "2024-01-01", "现行",
                                 "未对照原文核对", "/admin/rules/hello/fee", "请写明地址"})
            CPPUNIT_ASSERT_MESSAGE(text, holds(page, text));
        CPPUNIT_ASSERT(!holds(page, "/withdraw"));
        CPPUNIT_ASSERT_EQUAL(303, portal.get("/admin/rules").status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/admin/rules", portal.signIn("tong")).status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/admin/rules", portal.signIn("zhao")).status);
    }

    void aValueIsAddedForADayToComeAndTakenBack() {
        CountyPortal portal;
        const std::string session = portal.signIn("wang"), form = "/admin/rules/hello/fee";
        const Micros from = startOf(civilDayOf(now()) + std::chrono::days(3));
        const std::string fields = "from=" + dayFromNow(3) + "&value=0.5&source=%E7%BA%AA%E8%A6%81&read=yes";
        CPPUNIT_ASSERT_EQUAL(403, portal.post(form, session, fields).status);
        const Answer added = portal.act(form, form, session, fields);
        CPPUNIT_ASSERT_EQUAL(303, added.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/admin/rules?done=added"), added.field("Location"));
        // In force at once in this process, without a restart and without a build; the past keeps its value.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{50}, portal.book->at(from).money("fee"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1250}, portal.book->at(from - 1).money("fee"));
        CPPUNIT_ASSERT(portal.book->at(from).find("fee")->textRead);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, portal.acts("rule/hello/fee"));
        const Answer page = portal.get("/admin/rules?done=added", session);
        CPPUNIT_ASSERT(holds(page, "0.50 元") && holds(page, "待生效") && holds(page, "人名wang"));

        const std::string mark = "name=\"id\" value=\"";
        const std::size_t at = page.body.find(mark);
        CPPUNIT_ASSERT(at != std::string::npos);
        const std::string id =
            page.body.substr(at + mark.size(), page.body.find('"', at + mark.size()) - at - mark.size());
        CPPUNIT_ASSERT_EQUAL(404,
                             portal.act(form, "/admin/rules/hello/fee/withdraw", session, "id=1").status);
        CPPUNIT_ASSERT_EQUAL(303,
                             portal.act(form, "/admin/rules/hello/fee/withdraw", session, "id=" + id).status);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1250}, portal.book->at(from).money("fee"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, portal.acts("rule/hello/fee"));
    }

    void everyTypeHasItsForm() {
        CountyPortal portal;
        const std::string session = portal.signIn("wang");
        const Micros from = startOf(civilDayOf(now()) + std::chrono::days(1));
        const auto add = [&](const std::string& name, const std::string& value) {
            const std::string form = "/admin/rules/hello/" + name;
            const Answer shown = portal.get(form, session);
            CPPUNIT_ASSERT_EQUAL(200, shown.status);
            CPPUNIT_ASSERT(holds(shown, "min=\"" + dayFromNow(1) + "\""));
            CPPUNIT_ASSERT_EQUAL(
                303, portal.act(form, form, session, "from=" + dayFromNow(1) + "&source=s&" + value).status);
        };
        add("answer_term", "value=2&unit=workdays");
        add("closers", "value=agent%0D%0A+supervisor+%0D%0A");
        add("hint", "value=%E5%86%99&value_en=Say+where");
        add("most_files", "value=7");
        const RulesAt rules = portal.book->at(from);
        CPPUNIT_ASSERT(rules.term("answer_term") == Term(2, Term::Unit::workdays));
        CPPUNIT_ASSERT((std::vector<std::string>{"agent", "supervisor"}) == rules.roles("closers"));
        CPPUNIT_ASSERT_EQUAL(std::string_view("Say where"), rules.text("hint", "en"));
        CPPUNIT_ASSERT_EQUAL(std::string_view("写"), rules.text("hint", "zh-CN"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, rules.integer("most_files"));
    }

    void thePastAndNonsenseAreRefusedBesideTheQuestion() {
        CountyPortal portal;
        const std::string session = portal.signIn("wang");
        const auto refused = [&](const std::string& name, const std::string& fields) {
            const std::string form = "/admin/rules/hello/" + name;
            const Answer answer = portal.act(form, form, session, fields);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(fields, 422, answer.status);
            return answer;
        };
        CPPUNIT_ASSERT(
            holds(refused("fee", "from=" + dayFromNow(0) + "&value=1.00&source=s"), "href=\"#f-from\""));
        CPPUNIT_ASSERT(holds(refused("fee", "from=2020-01-01&value=1.00&source=s"), "过去和当天的值不能改"));
        CPPUNIT_ASSERT(
            holds(refused("fee", "from=" + dayFromNow(1) + "&value=1.234&source=s"), "href=\"#f-value\""));
        CPPUNIT_ASSERT(
            holds(refused("fee", "from=" + dayFromNow(1) + "&value=-1&source=s"), "href=\"#f-value\""));
        CPPUNIT_ASSERT(holds(refused("fee", "from=" + dayFromNow(1) + "&value=1."), "href=\"#f-source\""));
        CPPUNIT_ASSERT(holds(refused("answer_term", "from=" + dayFromNow(1) + "&value=2&unit=weeks&source=s"),
                             "#f-value"));
        CPPUNIT_ASSERT(
            holds(refused("closers", "from=" + dayFromNow(1) + "&value=Big+Boss&source=s"), "#f-value"));
        const Answer kept = refused("fee", "from=nonsense&value=1.00&source=kept-words");
        CPPUNIT_ASSERT(holds(kept, "kept-words"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, portal.acts("rule/hello/fee"));
    }

    void tooManyValuesAreSaidInTheForm() {
        CountyPortal portal;
        portal.database().write([](storage::Tx& tx) {
            for (int i = 0; i < 200; ++i)
                tx.exec("INSERT INTO rule_value (id, plugin, rule, type, from_at, value, source, text_read,"
                        " changed_by, changed_at) VALUES (:id, 'hello', 'fee', 'money', :from, :value, 's', "
                        "1, 'x', 1)",
                        {{"id", i + 1},
                         {"from", i + 1},
                         {"value", storage::Cell::blob(Value::of(1).view().raw())}});
        });
        const std::string form = "/admin/rules/hello/fee";
        const Answer answer = portal.act(form, form, portal.signIn("wang"),
                                         "from=" + dayFromNow(3) + "&value=0.5&source=s&read=yes");
        CPPUNIT_ASSERT_EQUAL(422, answer.status);
        CPPUNIT_ASSERT(holds(answer, "这条规则的值太多") && holds(answer, "href=\"#f-from\""));
    }

    void anotherBureausRulesDoNotExist() {
        CountyPortal portal;
        const std::string session = portal.signIn("qian");
        CPPUNIT_ASSERT(!holds(portal.get("/admin/rules", session), "/admin/rules/hello"));
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/admin/rules/hello/fee", session).status);
        const Answer own = portal.get("/admin/desks/new", session);
        CPPUNIT_ASSERT_EQUAL(404, portal
                                      .post("/admin/rules/hello/fee", session,
                                            "from=" + dayFromNow(1) + "&value=1&source=s&csrf=" + own.csrf())
                                      .status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/admin/rules/hello/nothing", portal.signIn("wang")).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, portal.acts("rule/hello/fee"));
    }

    void theCountySettlesAHoliday() {
        CountyPortal portal;
        const std::string session = portal.signIn("zhao"), form = "/admin/holidays/new";
        const Answer page = portal.get("/admin/holidays?year=2026", session);
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        for (const char* text : {"2026-10-10", "国庆节调休", "国办发明电〔2025〕7号", "18:00", "星期六"})
            CPPUNIT_ASSERT_MESSAGE(text, holds(page, text));
        CPPUNIT_ASSERT(holds(portal.get("/admin/holidays?year=2031", session), "还没有登记"));
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/admin/holidays?year=x", session).status);

        const std::string day = dayFromNow(8);
        CPPUNIT_ASSERT_EQUAL(
            422, portal.act(form, form, session, "day=" + dayFromNow(0) + "&kind=holiday&label=a&reason=b")
                     .status);
        CPPUNIT_ASSERT_EQUAL(
            422, portal.act(form, form, session, "day=" + day + "&kind=feast&label=a&reason=b").status);
        CPPUNIT_ASSERT_EQUAL(
            422, portal.act(form, form, session, "day=" + day + "&kind=holiday&label=&reason=").status);
        CPPUNIT_ASSERT_EQUAL(
            303,
            portal.act(form, form, session, "day=" + day + "&kind=holiday&label=Nadam&reason=No.5").status);
        CPPUNIT_ASSERT_EQUAL(false, *portal.calendar.get().isWorkday(*parseDay(day)));
        const Answer after = portal.get("/admin/holidays?year=" + day.substr(0, 4), session);
        CPPUNIT_ASSERT(holds(after, "Nadam") && holds(after, "No.5") &&
                       holds(after, "/admin/holidays/" + day + "/withdraw"));
        CPPUNIT_ASSERT_EQUAL(303,
                             portal.act(form, "/admin/holidays/" + day + "/withdraw", session, "").status);
        CPPUNIT_ASSERT_EQUAL(404,
                             portal.act(form, "/admin/holidays/" + day + "/withdraw", session, "").status);
        CPPUNIT_ASSERT_EQUAL(404, portal.act(form, "/admin/holidays/never/withdraw", session, "").status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, portal.acts("holiday/" + day));
        CPPUNIT_ASSERT(portal.calendar.get().special(*parseDay(day)) == nullptr);
    }

    void onlyKeepersSeeTheWorkingDays() {
        CountyPortal portal;
        CPPUNIT_ASSERT_EQUAL(303, portal.get("/admin/holidays").status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/admin/holidays", portal.signIn("tong")).status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/admin/holidays/new", portal.signIn("li")).status);
        // A bureau's administrator reads what the whole county's terms hang on; the operator, and whoever is named for
        // it, settle it, and neither in another's place.
        const std::string wang = portal.signIn("wang");
        const Answer page = portal.get("/admin/holidays", wang);
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        CPPUNIT_ASSERT(!holds(page, "/admin/holidays/new"));
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/admin/holidays/new", wang).status);
        const std::string day = dayFromNow(9);
        const std::string fields = "day=" + day + "&kind=holiday&label=Nadam&reason=No.5";
        CPPUNIT_ASSERT_EQUAL(404, portal.act("/admin/desks/new", "/admin/holidays/new", wang, fields).status);
        CPPUNIT_ASSERT(portal.calendar.get().special(*parseDay(day)) == nullptr);
        portal.create("bao", {"calendar_keeper"});
        const std::string bao = portal.signIn("bao");
        CPPUNIT_ASSERT(holds(portal.get("/admin/holidays", bao), "/admin/holidays/new"));
        CPPUNIT_ASSERT_EQUAL(303, portal.act("/admin/holidays/new", "/admin/holidays/new", bao, fields).status);
        CPPUNIT_ASSERT_EQUAL(404, portal.act("/admin/desks/new", "/admin/holidays/" + day + "/withdraw", wang, "").status);
    }

    void aDeskIsSetUpAndStaffed() {
        CountyPortal portal;
        const std::string session = portal.signIn("wang"), form = "/admin/desks/new";
        CPPUNIT_ASSERT_EQUAL(422, portal.act(form, form, session, "title=x&name=In+take").status);
        CPPUNIT_ASSERT_EQUAL(303, portal.act(form, form, session, "title=Intake&name=intake").status);
        CPPUNIT_ASSERT_EQUAL(422, portal.act(form, form, session, "title=Intake&name=intake").status);
        const std::int64_t desk = portal.database().read(
            [&](storage::Tx& tx) { return identity::Desks::find(tx, portal.bureau, "intake").value().id; });
        const std::string members = "/admin/desks/" + std::to_string(desk) + "/members";
        const Answer ask = portal.get(members, session);
        CPPUNIT_ASSERT(holds(ask, "人名li") && !holds(ask, "人名tong") && !holds(ask, "人名qian"));
        CPPUNIT_ASSERT_EQUAL(
            303, portal.act(members, members, session, "account=" + std::to_string(portal.li)).status);
        CPPUNIT_ASSERT_EQUAL(422, portal.act(members, members, session, "account=77").status);
        CPPUNIT_ASSERT(holds(portal.get("/admin/desks", session), "人名li"));
        // Another bureau's administrator finds neither the desk nor its members.
        const std::string other = portal.signIn("qian");
        CPPUNIT_ASSERT_EQUAL(404, portal.get(members, other).status);
        CPPUNIT_ASSERT(!holds(portal.get("/admin/desks", other), "intake"));
        const std::string remove = members + "/" + std::to_string(portal.li) + "/remove";
        CPPUNIT_ASSERT_EQUAL(404, portal.act("/admin/desks/new", remove, other, "").status);
        CPPUNIT_ASSERT_EQUAL(303, portal.act(form, remove, session, "").status);
        CPPUNIT_ASSERT_EQUAL(404, portal.act(form, remove, session, "").status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/admin/desks/x/members", session).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, portal.acts("desk/" + std::to_string(desk)));
    }

    void aRoleIsGivenAndEnded() {
        CountyPortal portal;
        const std::string session = portal.signIn("wang"), form = "/account/delegations/new";
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/account/delegations", portal.signIn("tong")).status);
        const std::string to = "&taker=" + std::to_string(portal.li);
        const auto give = [&](const std::string& fields) {
            return portal.act(form, form, session, fields).status;
        };
        CPPUNIT_ASSERT_EQUAL(
            422, give("role=regulator" + to + "&starts=" + dayFromNow(0) + "&until=" + dayFromNow(2)));
        CPPUNIT_ASSERT_EQUAL(
            422, give("role=bureau_admin" + to + "&starts=" + dayFromNow(2) + "&until=" + dayFromNow(1)));
        CPPUNIT_ASSERT_EQUAL(
            422, give("role=bureau_admin&taker=9&starts=" + dayFromNow(0) + "&until=" + dayFromNow(1)));
        CPPUNIT_ASSERT_EQUAL(422, give("role=bureau_admin" + to + "&starts=&until="));
        CPPUNIT_ASSERT_EQUAL(
            303, give("role=bureau_admin" + to + "&starts=" + dayFromNow(0) + "&until=" + dayFromNow(1)));
        const Answer page = portal.get("/account/delegations", session);
        CPPUNIT_ASSERT(holds(page, "人名li") && holds(page, dayFromNow(1)));
        const std::int64_t id = portal.database().read(
            [&](storage::Tx& tx) { return identity::Delegations::givenTo(tx, portal.li, now()).at(0).id; });
        const std::string end = "/account/delegations/" + std::to_string(id) + "/end",
                          li = portal.signIn("li");
        CPPUNIT_ASSERT(holds(portal.get("/account/delegations", li), "人名wang"));
        CPPUNIT_ASSERT_EQUAL(404, portal.act(form, end, li, "").status);
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/admin/rules", li).status);
        CPPUNIT_ASSERT_EQUAL(303, portal.act(form, end, session, "").status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/admin/rules", li).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, portal.acts("delegation/" + std::to_string(id)));
    }

    void aDelegateReachesTheGiversPages() {
        CountyPortal portal;
        const std::string li = portal.signIn("li");
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/admin/desks", li).status);
        portal.database().write([&](storage::Tx& tx) {
            identity::Delegations::give(
                tx, {}, {portal.account, portal.li, "bureau_admin", now() - 1, now() + 60'000'000}, now());
        });
        const Answer page = portal.get("/admin/desks", li);
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        CPPUNIT_ASSERT(holds(page, "代人名wang"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CountyPagesTest);
