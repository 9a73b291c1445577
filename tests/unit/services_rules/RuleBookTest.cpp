// SPDX-License-Identifier: Apache-2.0
#include "unit/identity/TestDatabase.h"

#include "base/Json.h"
#include "identity/Audit.h"
#include "services/rules/CivilDay.h"
#include "services/rules/CountyCalendar.h"
#include "services/rules/RuleBook.h"
#include "services/rules/RuleReader.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

using namespace dalate;
using namespace dalate::services::rules;

namespace {

Micros dayAt(const char* text) {
    return startOf(*parseDay(text));
}

const Value& schema() {
    static const Value value = [] {
        std::ifstream in(std::string(DALATE_SOURCE_DIR) + "/sdk/schema/rules.schema.json");
        return json::parse(std::string(std::istreambuf_iterator<char>(in), {})).take();
    }();
    return value;
}

std::vector<Rule> read(const std::string& text) {
    plugin::Problems problems;
    auto rules = readRules(schema(), text, "rules/fees.json", problems);
    CPPUNIT_ASSERT_MESSAGE(problems.empty() ? "" : problems.front().id + " " + problems.front().where,
                           rules.has_value());
    return *std::move(rules);
}

/// "id place" of each problem.
std::vector<std::string> faults(const std::string& text) {
    plugin::Problems problems;
    const auto rules = readRules(schema(), text, "rules/fees.json", problems);
    CPPUNIT_ASSERT(!rules && !problems.empty());
    std::vector<std::string> shown;
    for (const auto& problem : problems)
        shown.push_back(problem.id + " " + problem.where);
    return shown;
}

constexpr const char* sample = R"({"rules": [
    {"name": "fee", "type": "money", "label": "helpdesk.rule.fee", "source": "发改价格〔2023〕1号", "text_read": "no",
     "values": [{"from": "2024-01-01", "value": 500},
                {"from": "2025-07-01", "value": 800, "source": "发改价格〔2025〕9号", "text_read": "yes"}]},
    {"name": "answer_term", "type": "term", "source": "办法第十二条", "text_read": "no",
     "values": [{"from": "2024-01-01", "value": "5 workdays"}]},
    {"name": "most_files", "type": "integer", "source": "county", "text_read": "no",
     "values": [{"from": "2024-01-01", "value": 3}]},
    {"name": "hint", "type": "text", "source": "county", "text_read": "no",
     "values": [{"from": "2024-01-01", "value": {"zh-CN": "请写明地址", "en": "Say where"}}]},
    {"name": "closers", "type": "roles", "source": "county", "text_read": "no",
     "values": [{"from": "2024-01-01", "value": ["agent"]}]},
    {"name": "topics", "type": "list", "source": "county", "text_read": "no",
     "values": [{"from": "2024-01-01", "value": ["道路", "供水"]}]}
]})";

identity::Principal bureau() {
    identity::Principal actor;
    actor.kind = identity::Principal::Kind::person;
    actor.user = 7;
    actor.name = "王建国";
    actor.roles = {"bureau_admin"};
    return actor;
}

constexpr Micros day = Micros{24} * 3600 * 1'000'000;

struct County {
    test::TestDatabase database;
    CountyRules rules;
    RuleBook book{"helpdesk", read(sample), &rules};

    std::int64_t add(const char* rule, Micros from, const Value& value, const char* plugin = "helpdesk") {
        const std::int64_t id = database.write([&](storage::Tx& tx) {
            return CountyRules::add(
                tx, bureau(), {plugin, book.find(rule), from, value, "旗政府会议纪要〔2026〕5号", false},
                "REQ");
        });
        rules.reload(database.pool());
        return id;
    }
    std::string refusal(const char* rule, Micros from, const Value& value, const char* source = "s") {
        try {
            database.write([&](storage::Tx& tx) {
                CountyRules::add(tx, bureau(), {"helpdesk", book.find(rule), from, value, source, false});
            });
        } catch (const Error& error) {
            return error.id();
        }
        return "accepted";
    }
    std::size_t audited(const char* object) {
        return database.read(
            [&](storage::Tx& tx) { return identity::Audit::latest(tx, object, 100).size(); });
    }
};

template <class F>
std::string thrown(F&& act) {
    try {
        act();
    } catch (const Error& error) {
        return error.id();
    }
    return "none";
}

} // namespace

class RuleBookTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RuleBookTest);
    CPPUNIT_TEST(aRuleIsWhatItWasAtItsMoment);
    CPPUNIT_TEST(everyTypeIsReadAsItself);
    CPPUNIT_TEST(whatIsWrongWithAFileIsToldWithItsLine);
    CPPUNIT_TEST(valuesAreReadStrictly);
    CPPUNIT_TEST(theCountysValueHoldsFromItsDay);
    CPPUNIT_TEST(aLaterLawTakesOverFromTheCounty);
    CPPUNIT_TEST(thePastNeverChanges);
    CPPUNIT_TEST(aValueToComeCanBeWithdrawn);
    CPPUNIT_TEST(aPluginsValuesAreItsOwn);
    CPPUNIT_TEST(aRuleOfAnotherTypeForgetsTheOldValues);
    CPPUNIT_TEST(readersNeverSeeHalfAChange);
    CPPUNIT_TEST(fiveChangesLeaveAnOlderCaseItsRules);
    CPPUNIT_TEST(theCountySettlesDaysToCome);
    CPPUNIT_TEST_SUITE_END();

public:
    void aRuleIsWhatItWasAtItsMoment() {
        const RuleBook book("helpdesk", read(sample));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{500}, book.at(dayAt("2024-01-01")).money("fee"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{500}, book.at(dayAt("2025-07-01") - 1).money("fee"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{800}, book.at(dayAt("2025-07-01")).money("fee"));
        CPPUNIT_ASSERT_EQUAL(std::string("发改价格〔2023〕1号"),
                             book.at(dayAt("2024-05-01")).find("fee")->source);
        CPPUNIT_ASSERT(!book.at(dayAt("2024-05-01")).find("fee")->textRead);
        CPPUNIT_ASSERT(book.at(dayAt("2026-05-01")).find("fee")->textRead);
        CPPUNIT_ASSERT(book.at(dayAt("2024-01-01") - 1).find("fee") == nullptr);
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.no_value"),
                             thrown([&] { book.at(dayAt("2024-01-01") - 1).money("fee"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.unknown"), thrown([&] { book.at(now()).money("fees"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.type"), thrown([&] { book.at(now()).integer("fee"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.twice"), thrown([&] {
                                 auto twice = read(sample);
                                 twice.push_back(twice.front());
                                 RuleBook("helpdesk", twice);
                             }));
    }

    void everyTypeIsReadAsItself() {
        const RuleBook book("helpdesk", read(sample));
        const RulesAt rules = book.at(now());
        CPPUNIT_ASSERT(rules.term("answer_term") == Term(5, Term::Unit::workdays));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, rules.integer("most_files"));
        CPPUNIT_ASSERT_EQUAL(std::string_view("Say where"), rules.text("hint", "en"));
        CPPUNIT_ASSERT_EQUAL(std::string_view("请写明地址"), rules.text("hint", "mn-Mong"));
        CPPUNIT_ASSERT(rules.roles("closers") == std::vector<std::string>{"agent"});
        CPPUNIT_ASSERT(rules.allowsRole("closers", "agent"));
        CPPUNIT_ASSERT(!rules.allowsRole("closers", "agen"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rules.list("topics").size());
    }

    void whatIsWrongWithAFileIsToldWithItsLine() {
        const std::string head =
            "{\n\"rules\": [\n{\"name\": \"fee\", \"type\": \"money\",\n\"source\": \"s\","
            " \"text_read\": \"no\",\n\"values\": [\n";
        const std::string tail = "\n]}\n]}";
        const auto one = [&](const std::string& values) { return faults(head + values + tail); };
        using All = std::vector<std::string>;
        CPPUNIT_ASSERT(All{"core.rule.value rules/fees.json:6 $.rules[0].values[0].value"} ==
                       one(R"({"from": "2024-01-01", "value": "5.00"})"));
        CPPUNIT_ASSERT(All{"core.rule.day rules/fees.json:6 $.rules[0].values[0].from"} ==
                       one(R"({"from": "2024-02-30", "value": 5})"));
        CPPUNIT_ASSERT(
            All{"core.rule.order rules/fees.json:7 $.rules[0].values[1].from"} ==
            one("{\"from\": \"2024-02-01\", \"value\": 5},\n{\"from\": \"2024-02-01\", \"value\": 6}"));
        CPPUNIT_ASSERT(All{"core.manifest.unknown_key rules/fees.json:6 $.rules[0].values[0].until"} ==
                       one(R"({"from": "2024-02-01", "value": 5, "until": "2025-01-01"})"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2},
                             one(R"({"from": "2024-02-30", "value": 5}, {"from": "x", "value": 5})").size() +
                                 one(R"({"from": "2024-02-31", "value": 5})").size());
        CPPUNIT_ASSERT(All{"core.json.syntax rules/fees.json:3"} == faults("{\n\"rules\":\n[}"));
        const auto twice = faults(R"({"rules": [
{"name": "a", "type": "integer", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": 1}]},
{"name": "a", "type": "integer", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": 1.5}]}]})");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, twice.size()); // the name and the value, in one go
        CPPUNIT_ASSERT(!faults(R"({"rules": []})").empty());
        CPPUNIT_ASSERT(!faults(R"({"rules": [{"name": "A-b"}]})").empty());
        CPPUNIT_ASSERT(!faults(R"([])").empty());
    }

    void valuesAreReadStrictly() {
        const auto takes = [](RuleType type, const char* text) {
            return static_cast<bool>(readRuleValue(type, json::parse(text).take()));
        };
        CPPUNIT_ASSERT(takes(RuleType::term, R"("3 workdays")"));
        CPPUNIT_ASSERT(!takes(RuleType::term, R"("3 weeks")"));
        CPPUNIT_ASSERT(!takes(RuleType::term, "3"));
        CPPUNIT_ASSERT(takes(RuleType::money, "0"));
        CPPUNIT_ASSERT(!takes(RuleType::money, "-1"));
        CPPUNIT_ASSERT(!takes(RuleType::money, "1.5"));
        CPPUNIT_ASSERT(!takes(RuleType::money, R"("5")"));
        CPPUNIT_ASSERT(takes(RuleType::integer, "-1"));
        CPPUNIT_ASSERT(!takes(RuleType::integer, "99999999999999999999"));
        CPPUNIT_ASSERT(!takes(RuleType::integer, "true"));
        CPPUNIT_ASSERT(takes(RuleType::text, R"("x")"));
        CPPUNIT_ASSERT(!takes(RuleType::text, R"("")"));
        CPPUNIT_ASSERT(!takes(RuleType::text, R"({"en": "x"})"));
        CPPUNIT_ASSERT(!takes(RuleType::text, R"({"zh-CN": "x", "fr": "y"})"));
        CPPUNIT_ASSERT(!takes(RuleType::text, R"({"zh-CN": 3})"));
        CPPUNIT_ASSERT(!takes(RuleType::roles, R"(["Agent"])"));
        CPPUNIT_ASSERT(!takes(RuleType::roles, R"([])"));
        CPPUNIT_ASSERT(!takes(RuleType::roles, R"("agent")"));
        CPPUNIT_ASSERT(!takes(RuleType::list, R"(["a", 3])"));
        CPPUNIT_ASSERT(!takes(RuleType::list, R"(["a", ""])"));
    }

    void theCountysValueHoldsFromItsDay() {
        County county;
        const Micros from = startOf(civilDayOf(now()) + std::chrono::days(3));
        county.add("fee", from, Value::of(900));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{800}, county.book.at(from - 1).money("fee"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{900}, county.book.at(from).money("fee"));
        CPPUNIT_ASSERT(county.book.at(from).find("fee")->county);
        CPPUNIT_ASSERT_EQUAL(std::string("旗政府会议纪要〔2026〕5号"),
                             county.book.at(from).find("fee")->source);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, county.book.valuesOf("fee").size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, county.audited("rule/helpdesk/fee"));
        // A restart reads what stands in the table.
        CountyRules restarted;
        restarted.reload(county.database.pool());
        const RuleBook book("helpdesk", read(sample), &restarted);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{900}, book.at(from).money("fee"));
    }

    void aLaterLawTakesOverFromTheCounty() {
        County county;
        const Micros from = startOf(civilDayOf(now()) + std::chrono::days(3));
        county.add("fee", from, Value::of(900));
        auto rules = read(sample);
        const auto law = [&](Micros day, std::int64_t fen) {
            for (Rule& rule : rules)
                if (rule.name == "fee") rule.values.push_back({day, Value::of(fen), "law", true, false});
        };
        law(from, 1000);
        law(from + 10 * day, 1100);
        const RuleBook next("helpdesk", rules, &county.rules);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{900}, next.at(from).money("fee")); // of one day the county's
        CPPUNIT_ASSERT_EQUAL(std::int64_t{900}, next.at(from + 10 * day - 1).money("fee"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1100}, next.at(from + 10 * day).money("fee"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, next.valuesOf("fee").size());
    }

    void thePastNeverChanges() {
        County county;
        const Micros from = startOf(civilDayOf(now()) + std::chrono::days(2));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.past"), county.refusal("fee", now() - 1, Value::of(1)));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.past"),
                             county.refusal("fee", startOf(civilDayOf(now())), Value::of(1)));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.past"), county.refusal("fee", 0, Value::of(1)));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.value"), county.refusal("fee", from, Value::of("1")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.value"), county.refusal("fee", from, Value::of(-1)));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.source"), county.refusal("fee", from, Value::of(1), ""));
        county.add("fee", from, Value::of(1));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.taken"), county.refusal("fee", from, Value::of(2)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, county.audited("rule/helpdesk/fee"));
    }

    void aValueToComeCanBeWithdrawn() {
        County county;
        const Micros from = startOf(civilDayOf(now()) + std::chrono::days(2));
        const std::int64_t id = county.add("fee", from, Value::of(1));
        const auto withdraw = [&](const char* plugin) {
            return thrown([&] {
                county.database.write(
                    [&](storage::Tx& tx) { CountyRules::withdraw(tx, bureau(), plugin, id); });
            });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.no_such_value"), withdraw("hotline"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), withdraw("helpdesk"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.no_such_value"), withdraw("helpdesk"));
        county.rules.reload(county.database.pool());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{800}, county.book.at(from).money("fee"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, county.audited("rule/helpdesk/fee"));
        // One that is in force already stays.
        const std::int64_t old = county.add("fee", from, Value::of(2));
        county.database.write([&](storage::Tx& tx) {
            tx.exec("UPDATE rule_value SET from_at = :then WHERE id = :id",
                    {{"then", now() - day}, {"id", old}});
        });
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.past"), thrown([&] {
                                 county.database.write([&](storage::Tx& tx) {
                                     CountyRules::withdraw(tx, bureau(), "helpdesk", old);
                                 });
                             }));
    }

    void aPluginsValuesAreItsOwn() {
        County county;
        const Micros from = startOf(civilDayOf(now()) + std::chrono::days(1));
        county.add("fee", from, Value::of(1), "hotline");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{800}, county.book.at(from).money("fee"));
        const RuleBook hotline("hotline", read(sample), &county.rules);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, hotline.at(from).money("fee"));
        const auto rows =
            county.database.read([](storage::Tx& tx) { return CountyRules::list(tx, "hotline"); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rows.size());
        CPPUNIT_ASSERT_EQUAL(std::string("王建国"), rows.front().changedBy);
    }

    void aRuleOfAnotherTypeForgetsTheOldValues() {
        County county;
        const Micros from = startOf(civilDayOf(now()) + std::chrono::days(1));
        county.add("most_files", from, Value::of(9));
        auto rules = read(sample);
        for (Rule& rule : rules)
            if (rule.name == "most_files") {
                rule.type = RuleType::term;
                rule.values = {{dayAt("2024-01-01"), Value::of("3 days"), "s", false, false}};
            }
        const RuleBook next("helpdesk", rules, &county.rules);
        CPPUNIT_ASSERT(next.at(from).term("most_files") == Term(3, Term::Unit::days));
    }

    void readersNeverSeeHalfAChange() {
        County county;
        const Micros base = startOf(civilDayOf(now()) + std::chrono::days(1));
        std::atomic<bool> stop{false};
        std::atomic<int> wrong{0};
        std::vector<std::thread> readers;
        for (int i = 0; i < 3; ++i)
            readers.emplace_back([&] {
                while (!stop) {
                    const DatedValue* value = county.book.at(base + 1000 * day).find("fee");
                    if (value == nullptr || (value->value.view().integer() != 800 &&
                                             (value->value.view().integer() != value->from / day % 1000)))
                        ++wrong;
                }
            });
        for (int i = 0; i < 60; ++i) {
            const Micros from = base + i * day;
            county.add("fee", from, Value::of(from / day % 1000));
        }
        stop = true;
        for (std::thread& reader : readers)
            reader.join();
        CPPUNIT_ASSERT_EQUAL(0, wrong.load());
    }

    void fiveChangesLeaveAnOlderCaseItsRules() {
        County county;
        const Micros older = now(), from = startOf(civilDayOf(now()) + std::chrono::days(1)),
                     newer = from + 1;
        county.add("fee", from, Value::of(0));
        county.add("answer_term", from, Value::of("2 workdays"));
        county.add("most_files", from, Value::of(5));
        county.add("hint", from, json::parse(R"({"zh-CN": "请写明嘎查村"})").take());
        county.add("closers", from, json::parse(R"(["agent", "supervisor"])").take());

        const RulesAt before = county.book.at(older), after = county.book.at(newer);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{800}, before.money("fee"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, after.money("fee"));
        CPPUNIT_ASSERT(before.term("answer_term") == Term(5, Term::Unit::workdays));
        CPPUNIT_ASSERT(after.term("answer_term") == Term(2, Term::Unit::workdays));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, before.integer("most_files"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, after.integer("most_files"));
        CPPUNIT_ASSERT_EQUAL(std::string_view("请写明地址"), before.text("hint", "zh-CN"));
        CPPUNIT_ASSERT_EQUAL(std::string_view("请写明嘎查村"), after.text("hint", "zh-CN"));
        CPPUNIT_ASSERT(!before.allowsRole("closers", "supervisor"));
        CPPUNIT_ASSERT(after.allowsRole("closers", "supervisor"));
    }

    void theCountySettlesDaysToCome() {
        test::TestDatabase database;
        CountyCalendar calendar(
            HolidayFile::read(std::filesystem::path(DALATE_SOURCE_DIR) / "runtime/data/holidays.json"));
        const CivilDay tomorrow = civilDayOf(now()) + std::chrono::days(1);
        const auto set = [&](CivilDay on, SpecialDay::Kind kind, const char* label, const char* reason) {
            return thrown([&] {
                database.write([&](storage::Tx& tx) {
                    CountyCalendar::set(tx, bureau(), {on, kind, label, true}, reason, "REQ");
                });
            });
        };
        using Kind = SpecialDay::Kind;
        CPPUNIT_ASSERT_EQUAL(std::string("none"), set(tomorrow, Kind::holiday, "旗庆", "旗政府通知"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), set(tomorrow, Kind::workday, "旗庆", "改期"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.holiday.past"),
                             set(tomorrow - std::chrono::days(1), Kind::holiday, "x", "y"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.holiday.label"), set(tomorrow, Kind::holiday, "", "y"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.holiday.reason"), set(tomorrow, Kind::holiday, "x", ""));
        CPPUNIT_ASSERT(calendar.get().special(tomorrow) == nullptr ||
                       !calendar.get().special(tomorrow)->county);
        calendar.reload(database.pool());
        CPPUNIT_ASSERT_EQUAL(true, *calendar.get().isWorkday(tomorrow));
        CPPUNIT_ASSERT(calendar.get().special(tomorrow)->county);
        const auto listed = database.read([](storage::Tx& tx) { return CountyCalendar::list(tx); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listed.size());
        CPPUNIT_ASSERT_EQUAL(std::string("改期"), listed.front().reason);
        database.write([&](storage::Tx& tx) { CountyCalendar::withdraw(tx, bureau(), tomorrow); });
        CPPUNIT_ASSERT_EQUAL(
            std::string("core.holiday.unknown"), thrown([&] {
                database.write([&](storage::Tx& tx) { CountyCalendar::withdraw(tx, bureau(), tomorrow); });
            }));
        const auto acts = database.read([&](storage::Tx& tx) {
            return identity::Audit::latest(tx, "holiday/" + dayText(tomorrow), 10).size();
        });
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, acts);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RuleBookTest);
