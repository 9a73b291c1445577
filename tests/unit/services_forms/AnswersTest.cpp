// SPDX-License-Identifier: Apache-2.0
#include "FormFixture.h"

#include "base/Utf8.h"
#include "services/forms/IdCard.h"
#include "services/forms/TextShape.h"

#include <cstdlib>
#include <iostream>

using namespace dalate;
using namespace dalate::services::forms;
using dalate::test::formOf;
using dalate::test::formWith;
using dalate::test::jsonOf;
using dalate::test::ofJson;
using dalate::test::posted;
using dalate::test::today;

namespace {

void same(const std::string& expected, const std::string& actual, const std::string& about) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(about, expected, actual);
}

constexpr const char* ticket = R"({"form": "ticket", "title": "helpdesk.t", "way": "grouped", "fields": [
    {"name": "topic", "type": "choice", "label": "helpdesk.topic", "options": [
        {"value": "road", "label": "helpdesk.road"}, {"value": "water", "label": "helpdesk.water"}]},
    {"name": "lamp", "type": "text", "label": "helpdesk.lamp", "when": {"field": "topic", "is": ["road"]}},
    {"name": "lamp_dark", "type": "yesno", "label": "helpdesk.dark", "when": {"field": "topic", "is": ["road"]}},
    {"name": "since", "type": "date", "label": "helpdesk.since", "max": "today", "when": {"field": "lamp_dark", "is": ["yes"]}},
    {"name": "town", "type": "select", "label": "helpdesk.town", "codes": "data/towns.json"},
    {"name": "village", "type": "select", "label": "helpdesk.village", "codes": "data/villages.json", "of": "town"},
    {"name": "wishes", "type": "checks", "label": "helpdesk.wishes", "optional": true, "max": 2, "options": [
        {"value": "sms", "label": "helpdesk.sms"}, {"value": "mail", "label": "helpdesk.mail"}, {"value": "call", "label": "helpdesk.call"}]},
    {"name": "phone", "type": "phone", "label": "helpdesk.phone", "personal": true}
]})";

Value post(std::initializer_list<std::pair<const char*, std::vector<std::string>>> fields) {
    return Value::map([&](MapWriter& m) {
        for (const auto& [name, texts] : fields)
            m.list(name, [&, &texts = texts](ListWriter& l) {
                for (const std::string& text : texts)
                    l.add(text);
            });
    });
}

Judged judge(const Form& form, ValueView sent, Sent how) {
    return validate(form, sent, how, {today(), nullptr, today()});
}

std::string faultsOf(const Judged& judged) {
    std::string all;
    for (const Fault& fault : judged.faults)
        all += fault.path + " " + fault.messageId + "\n";
    return all;
}

class AnswersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AnswersTest);
    CPPUNIT_TEST(textIsTrimmedNormalisedAndCountedInCharacters);
    CPPUNIT_TEST(areaKeepsItsLinesAndTextHasOne);
    CPPUNIT_TEST(wholeNumbersAreReadAsPeopleWriteThem);
    CPPUNIT_TEST(decimalsKeepEveryDigit);
    CPPUNIT_TEST(moneyIsFen);
    CPPUNIT_TEST(datesAreReadInEveryUsualForm);
    CPPUNIT_TEST(phonesComeInOneForm);
    CPPUNIT_TEST(emailsAreWhole);
    CPPUNIT_TEST(identityNumbersAreChecked);
    CPPUNIT_TEST(choicesAreOfTheOptions);
    CPPUNIT_TEST(filesAreIdsThatOneMayUse);
    CPPUNIT_TEST(emptyIsMissingUnlessOptional);
    CPPUNIT_TEST(whatIsNotAskedIsNeitherDemandedNorKept);
    CPPUNIT_TEST(codesHoldForATimeAndUnderAnAnswer);
    CPPUNIT_TEST(unknownFieldsAreRefused);
    CPPUNIT_TEST(jsonIsJudgedByTheSameDeclarationWithItsPath);
    CPPUNIT_TEST(answersJudgedAgainStayTheSame);
    CPPUNIT_TEST(limitsMayBeRules);
    CPPUNIT_TEST(hostileStringsNeverPassAsFiguresAndStayWellFormed);
    CPPUNIT_TEST_SUITE_END();

public:
    void textIsTrimmedNormalisedAndCountedInCharacters() {
        const Form form = formWith("text", R"("min": 2, "max": 4)");
        same(R"("路灯不亮")", posted(form, "  路灯不亮　"), "blanks at the ends");
        same("core.form.too_long", posted(form, "路灯都不亮"), "five characters");
        same("core.form.too_short", posted(form, "路"), "one character");
        same("\"\xc3\xa9t\xc3\xa9\"", posted(form, "e\xcc\x81te\xcc\x81"), "NFC");
        same("core.form.characters",
             posted(form, "a\x01"
                          "b"),
             "control");
        same("core.form.characters",
             posted(form, "a\xe2\x80\xae"
                          "b"),
             "override");
        same("core.form.characters", posted(form, "\xff\xfe"), "not UTF-8");
        same("\"\xe1\xa0\xae\xe1\xa0\xa3\xe2\x80\xaf\xe1\xa0\xa4\"",
             posted(form, "\xe1\xa0\xae\xe1\xa0\xa3\xe2\x80\xaf\xe1\xa0\xa4"),
             "Mongolian with its narrow blank");
        same("core.form.too_long", posted(formWith("text"), std::string(201, 'x')), "a line's usual limit");
    }

    void areaKeepsItsLinesAndTextHasOne() {
        same(R"("a\nb\nc")", posted(formWith("area"), "a\r\nb\rc\r\n"), "line ends");
        same("core.form.one_line", posted(formWith("text"), "a\nb"), "one line");
        same("core.form.too_long", posted(formWith("area", R"("max": 3)"), "a\r\nbc"), "CRLF counts once");
        same("core.form.too_long", posted(formWith("area"), std::string(4001, 'x')), "usual limit");
    }

    void wholeNumbersAreReadAsPeopleWriteThem() {
        const Form form = formWith("integer", R"("min": -5, "max": 100000)");
        same("12", posted(form, " 12 "), "blanks");
        same("12", posted(form, "１２"), "full width");
        same("12500", posted(form, "12,500"), "thousands");
        same("-5", posted(form, "-5"), "sign");
        same("7", posted(form, "+007"), "noughts");
        for (const char* bad :
             {"1,2", "12,50", ",125", "1.5", "1e3", "0x10", "十二", "--1", "1 2", "1234567890123456", "-"})
            same("core.form.not_integer", posted(form, bad), bad);
        same("core.form.too_small", posted(form, "-6"), "below");
        same("core.form.too_large", posted(form, "100001"), "above");
    }

    void decimalsKeepEveryDigit() {
        const Form form = formWith("decimal", R"("decimals": 3, "min": 0.1, "max": 999999999999)");
        same("0.1", posted(form, "0.100"), "noughts at the end");
        same("12.125", posted(form, "12。125"), "the point of a Chinese keyboard");
        same("1234.5", posted(form, "1,234.5"), "thousands");
        same("999999999999", posted(form, "999999999999"), "twelve digits");
        same("core.form.decimals", posted(form, "1.0001"), "four places");
        same("core.form.too_small", posted(form, "0.099"), "below");
        for (const char* bad : {"1.", ".5", "1..2", "1e3", "NaN", "Infinity", "1234567890123", "1.1234567"})
            same("core.form.not_decimal", posted(form, bad), bad);
        same("0", posted(formWith("decimal"), "-0.00"), "no negative nought");
        same("-0.25", posted(formWith("decimal"), "-0.25"), "negative fraction");
    }

    void moneyIsFen() {
        const Form form = formWith("money", R"("max": 1000000)");
        same("1250", posted(form, "12.50"), "two places");
        same("1250", posted(form, "12.5"), "one place");
        same("1200", posted(form, "￥12元"), "with its mark");
        same("100000", posted(form, "1,000"), "thousands");
        same("core.form.not_money", posted(form, "12.505"), "half a fen");
        same("core.form.not_money", posted(form, "一百"), "words");
        same("core.form.too_small", posted(form, "-1"), "negative");
        same("core.form.too_large", posted(form, "10000.01"), "above");
    }

    void datesAreReadInEveryUsualForm() {
        const Form form = formWith("date", R"("min": "1900-01-01", "max": "today")");
        for (const char* good :
             {"2026-03-05", "2026/3/5", "2026年3月5日", "20260305", "2026.03.05", "２０２６-０３-０５"})
            same(R"("2026-03-05")", posted(form, good), good);
        for (const char* bad : {"2026-02-29", "2026-13-01", "05-03-2026", "2026-3", "2026年3月", "today",
                                "2026-03-05T00:00", "26-03-05"})
            same("core.form.not_date", posted(form, bad), bad);
        same(R"("2026-11-23")", posted(form, "2026-11-23"), "today");
        same("core.form.too_late", posted(form, "2026-11-24"), "tomorrow");
        same("core.form.too_early", posted(form, "1899-12-31"), "before");
        same(R"("1946-02-28")", posted(form, "1946-02-28"), "older than the epoch");
    }

    void phonesComeInOneForm() {
        const Form form = formWith("phone");
        for (const char* good : {"13912345678", "139 1234 5678", "139-1234-5678", "+86 139 1234 5678",
                                 "0086-13912345678", "１３９１２３４５６７８"})
            same(R"("13912345678")", posted(form, good), good);
        for (const char* good : {"0477-3123456", "(0477)3123456", "04773123456", "+86 477 3123456"})
            same(R"("0477-3123456")", posted(form, good), good);
        same(R"("010-62345678")", posted(form, "010 6234 5678"), "three digits of area");
        same(R"("0477-3123456-801")", posted(form, "0477-3123456-801"), "extension");
        same(R"("0477-3123456-801")", posted(form, "0477-3123456转801"), "extension in words");
        same(R"("4008001234")", posted(form, "400-800-1234"), "400");
        same(R"("+441632960961")", posted(form, "+44 1632 960961"), "abroad");
        for (const char* bad : {"12345678901", "3123456", "110", "12345", "1391234567", "139123456789",
                                "phone", "+0123456789", "0477-123456", "13912345678x"})
            same("core.form.not_phone", posted(form, bad), bad);
    }

    void emailsAreWhole() {
        const Form form = formWith("email");
        same(R"("a.b+c@example.com")", posted(form, " a.b+c@example.com "), "plain");
        same(R"("a@b.cn")", posted(form, "ａ＠ｂ.cn"), "full width");
        for (const char* bad :
             {"a@b", "@b.cn", "a@", "a b@c.cn", "a@b..cn", "a@-b.cn", "a@@b.cn", "a@b.cn,c@d.cn", "王@b.cn"})
            same("core.form.not_email", posted(form, bad), bad);
        same("core.form.not_email", posted(form, std::string(65, 'a') + "@b.cn"), "long before the @");
    }

    void identityNumbersAreChecked() {
        const Form form = formWith("idcard");
        // The check character follows from the 17 digits before it.
        std::string number = "15062119460228001";
        number.push_back(IdCard::checkOf(number));
        same("\"" + number + "\"", posted(form, number), number);
        same("\"" + number + "\"", posted(form, number.substr(0, 6) + " " + number.substr(6)), "in groups");
        same(R"("11010519491231002X")", posted(form, "11010519491231002x"),
             "the standard's own example, small x");
        same("core.form.idcard_check", posted(form, "110105194912310021"), "check");
        same("core.form.idcard_birth", posted(form, "11010519490229002X"), "no such day");
        std::string unborn = "11010520270101002";
        unborn.push_back(IdCard::checkOf(unborn));
        same("core.form.idcard_birth", posted(form, unborn), "not born yet");
        for (const char* bad : {"110105491231002", "1101051949123100", "99010519491231002X",
                                "00010519491231002X", "X1010519491231002X", "abc"})
            same("core.form.not_idcard", posted(form, bad), bad);
        // Each single wrong digit and each exchange of neighbours is found: what MOD 11-2 is for.
        const std::string good = "11010519491231002X";
        for (std::size_t i = 0; i < 17; ++i)
            for (char c = '0'; c <= '9'; ++c) {
                std::string wrong = good;
                if (wrong[i] == c) continue;
                wrong[i] = c;
                CPPUNIT_ASSERT_MESSAGE(wrong, posted(form, wrong).starts_with("core."));
            }
    }

    void choicesAreOfTheOptions() {
        const Form choice = formWith("choice", R"("options": [{"value": "a", "label": "helpdesk.a"}])");
        same(R"("a")", posted(choice, "a"), "offered");
        same("core.form.not_offered", posted(choice, "b"), "not offered");
        same("core.form.several",
             faultsOf(judge(choice, post({{"x", {"a", "a"}}}), Sent::posted)).substr(4, 17), "twice");
        const Form yesno = formWith("yesno");
        same("true", posted(yesno, "yes"), "yes");
        same("false", posted(yesno, "no"), "no");
        same("core.form.not_offered", posted(yesno, "true"), "another word");
        const Form checks = formWith("checks", R"("min": 2, "options": [{"value": "a", "label": "helpdesk.a"},
            {"value": "b", "label": "helpdesk.b"}])");
        const Judged both = judge(checks, post({{"x", {"b", "a", "b"}}}), Sent::posted);
        same(R"({"x":["a","b"]})", json::write(both.answers), "in the options' order, each once");
        same("$.x core.form.too_few\n", faultsOf(judge(checks, post({{"x", {"a"}}}), Sent::posted)),
             "too few");
        same("$.x[1] core.form.not_offered\n",
             faultsOf(judge(checks, post({{"x", {"a", "c"}}}), Sent::posted)), "the second");
    }

    void filesAreIdsThatOneMayUse() {
        const Form form = formWith("file");
        same(R"("71512345678901234")", posted(form, "71512345678901234"), "id");
        same("core.form.not_file", posted(form, "../../etc/passwd"), "path");
        const Value sent = post({{"x", {"42"}}});
        const auto mine = [](std::string_view file) { return file == "42"; };
        const auto nobodys = [](std::string_view) { return false; };
        CPPUNIT_ASSERT(validate(form, sent, Sent::posted, {today()}, mine));
        CPPUNIT_ASSERT(!validate(form, sent, Sent::posted, {today()}, nobodys));
    }

    void emptyIsMissingUnlessOptional() {
        for (const char* type :
             {"text", "area", "integer", "decimal", "money", "date", "phone", "email", "idcard"}) {
            same("core.form.missing", posted(formWith(type), "  \t "), type);
            same("null", posted(formWith(type, R"("optional": true)"), " "), type);
        }
        same("core.form.missing_choice", posted(formWith("yesno"), ""), "yesno");
        same("core.form.missing_file", posted(formWith("file"), ""), "file");
        const std::string options = R"("options": [{"value": "a", "label": "helpdesk.a"}])";
        for (const char* type : {"choice", "select", "checks"})
            same("core.form.missing_choice", posted(formWith(type, options), ""), type);
        same("$.x core.form.missing\n", faultsOf(judge(formWith("text"), Value::map(), Sent::posted)),
             "not sent");
    }

    void whatIsNotAskedIsNeitherDemandedNorKept() {
        const Form form = formOf(ticket);
        const auto base = [](auto... more) {
            return post({{"topic", {"water"}},
                         {"town", {"slz"}},
                         {"village", {"v1"}},
                         {"phone", {"13912345678"}},
                         more...});
        };
        const Judged water = judge(form, base(), Sent::posted);
        CPPUNIT_ASSERT_EQUAL(std::string(), faultsOf(water));
        using Pair = std::pair<const char*, std::vector<std::string>>;
        const Judged leftover =
            judge(form, base(Pair{"lamp", {"3号"}}, Pair{"since", {"never"}}), Sent::posted);
        CPPUNIT_ASSERT_EQUAL(std::string(), faultsOf(leftover));
        CPPUNIT_ASSERT(!leftover.answers.view().has("lamp"));
        same("$.lamp core.form.not_asked\n",
             faultsOf(judge(
                 form,
                 jsonOf(R"({"topic":"water","town":"slz","village":"v1","phone":"13912345678","lamp":"3"})"),
                 Sent::json)),
             "as JSON it is refused");
        const Judged road = judge(
            form,
            jsonOf(R"({"topic":"road","lamp_dark":true,"town":"slz","village":"v1","phone":"13912345678"})"),
            Sent::json);
        same("$.lamp core.form.missing\n$.since core.form.missing\n", faultsOf(road), "a chain of two");
        const Judged unknown = judge(
            form, jsonOf(R"({"topic":"air","lamp":"3","town":"slz","village":"v1","phone":"13912345678"})"),
            Sent::json);
        same("$.topic core.form.not_offered\n", faultsOf(unknown), "what hangs on a fault is left alone");
    }

    void codesHoldForATimeAndUnderAnAnswer() {
        const Form form = formOf(ticket);
        const auto answer = [&](const char* town, const char* village) {
            return faultsOf(judge(form,
                                  post({{"topic", {"water"}},
                                        {"town", {town}},
                                        {"village", {village}},
                                        {"phone", {"13912345678"}}}),
                                  Sent::posted));
        };
        same("", answer("slz", "v1"), "under it");
        same("", answer("bng", "other"), "under every one");
        same("$.village core.form.not_offered\n", answer("bng", "v1"), "under another");
        same("$.town core.form.not_offered\n$.village core.form.not_offered\n", answer("old", "v1"),
             "given up");
        const Value then = post(
            {{"topic", {"water"}}, {"town", {"old"}}, {"village", {"other"}}, {"phone", {"13912345678"}}});
        const Micros year2019 = services::rules::startOf(*services::rules::parseDay("2019-05-01"));
        CPPUNIT_ASSERT(validate(form, then, Sent::posted, {year2019, nullptr, today()}));
    }

    void unknownFieldsAreRefused() {
        const Form form = formWith("text");
        same("$['role'] core.form.unknown_field\n",
             faultsOf(judge(form, post({{"x", {"a"}}, {"role", {"admin"}}}), Sent::posted)), "posted");
        same("", faultsOf(judge(form, post({{"x", {"a"}}, {"_do", {"next"}}}), Sent::posted)),
             "the page's own");
        same("$['_do'] core.form.unknown_field\n",
             faultsOf(judge(form, jsonOf(R"({"x":"a","_do":"next"})"), Sent::json)), "which JSON has not");
        same("$ core.form.json_type\n",
             faultsOf(judge(formWith("text", R"("optional": true)"), jsonOf("[1]"), Sent::json)),
             "no object");
    }

    void jsonIsJudgedByTheSameDeclarationWithItsPath() {
        same(R"({"x":12})", ofJson(formWith("integer"), R"({"x":12})"), "integer");
        same("core.form.json_type $.x", ofJson(formWith("integer"), R"({"x":"12"})"), "text is no integer");
        same("core.form.json_type $.x", ofJson(formWith("integer"), R"({"x":1.5})"), "nor is a fraction");
        same(R"({"x":1250})", ofJson(formWith("money"), R"({"x":1250})"), "fen");
        same("core.form.json_type $.x", ofJson(formWith("money"), R"({"x":12.5})"), "yuan");
        same(R"({"x":12.5})", ofJson(formWith("decimal"), R"({"x":12.50})"), "decimal");
        same("core.form.not_decimal $.x", ofJson(formWith("decimal"), R"({"x":1e2})"), "exponent");
        same("core.form.json_type $.x", ofJson(formWith("yesno"), R"({"x":"yes"})"), "yesno");
        same("core.form.json_type $.x", ofJson(formWith("text"), R"({"x":["a"]})"), "a list");
        same("core.form.json_type $.x", ofJson(formWith("text"), R"({"x":{"$ne":null}})"), "an object");
        same("core.form.missing $.x", ofJson(formWith("text"), R"({"x":null})"), "null");
        const Form checks = formWith("checks", R"("options": [{"value": "a", "label": "helpdesk.a"}])");
        same("core.form.json_type $.x", ofJson(checks, R"({"x":"a"})"), "one for a list");
        same("core.form.not_offered $.x[1]", ofJson(checks, R"({"x":["a",7]})"), "the second");
        const Error error = refusal(judge(checks, jsonOf("{}"), Sent::json).faults);
        CPPUNIT_ASSERT_EQUAL(422, error.status());
        same(R"({"problems":[{"field":"x","path":"$.x","id":"core.form.missing_choice","values":null}]})",
             json::write(error.details()), "the refusal");
    }

    void answersJudgedAgainStayTheSame() {
        const Form form = formOf(ticket);
        const Judged once = judge(form,
                                  post({{"topic", {"road"}},
                                        {"lamp", {" 3号 "}},
                                        {"lamp_dark", {"yes"}},
                                        {"since", {"2026/1/5"}},
                                        {"town", {"slz"}},
                                        {"village", {"v1"}},
                                        {"wishes", {"mail", "sms"}},
                                        {"phone", {"+86 139 1234 5678"}}}),
                                  Sent::posted);
        CPPUNIT_ASSERT_EQUAL(std::string(), faultsOf(once));
        const Judged again = judge(form, once.answers, Sent::json);
        CPPUNIT_ASSERT_EQUAL(std::string(), faultsOf(again));
        CPPUNIT_ASSERT_EQUAL(json::write(once.answers), json::write(again.answers));
        same(
            R"({"topic":"road","lamp":"3号","lamp_dark":true,"since":"2026-01-05","town":"slz","village":"v1","wishes":["sms","mail"],"phone":"13912345678"})",
            json::write(once.answers), "in the form's order");
    }

    void limitsMayBeRules() {
        const auto book =
            test::bookOf(R"({"name": "most", "type": "integer", "source": "s", "text_read": "no",
            "values": [{"from": "2024-01-01", "value": 3}, {"from": "2026-07-01", "value": 5}]},
            {"name": "cap", "type": "money", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": 50000}]},
            {"name": "topics", "type": "list", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": ["道路"]},
             {"from": "2026-07-01", "value": ["道路", "供水"]}]})");
        const Form form = formWith("integer", R"("max": {"rule": "most"})");
        const Micros june = services::rules::startOf(*services::rules::parseDay("2026-06-30"));
        same("5", posted(form, "5", {today(), &book, today()}), "now");
        same("core.form.too_large", posted(form, "5", {june, &book, today()}),
             "a case of June keeps its limit");
        const Form money = formWith("money", R"("max": {"rule": "cap"})");
        same("core.form.too_large", posted(money, "500.01", {today(), &book, today()}), "a rule in fen");
        const Form topics = formWith("choice", R"("codes": {"rule": "topics"})");
        same(R"("供水")", posted(topics, "供水", {today(), &book, today()}), "listed now");
        same("core.form.not_offered", posted(topics, "供水", {june, &book, today()}), "not yet");
        CPPUNIT_ASSERT_THROW(posted(form, "5", {today(), nullptr, today()}), Error);
        plugin::Problems problems;
        demandRules(form, &book, problems);
        CPPUNIT_ASSERT(problems.empty());
        demandRules(formWith("integer", R"("max": {"rule": "topics"})"), &book, problems);
        demandRules(form, nullptr, problems);
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), problems.size());
        same("core.form_file.rule forms/ticket.json:1 $.fields[0].max",
             problems[0].id + " " + problems[0].where, "its place");
    }

    void hostileStringsNeverPassAsFiguresAndStayWellFormed() {
        const char* corpora = std::getenv("DALATE_CORPORA");
        std::ifstream in(std::string(corpora ? corpora : "") + "/strings/blns.json", std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        if (text.empty()) {
            std::cout << "skipped: no strings/blns.json under DALATE_CORPORA\n";
            return;
        }
        const auto strings = json::parse(text).take();
        const Form area = formWith("area"), phone = formWith("phone"), money = formWith("money"),
                   card = formWith("idcard"), mail = formWith("email"), day = formWith("date"),
                   file = formWith("file"),
                   choice = formWith("choice", R"("options": [{"value": "a", "label": "helpdesk.a"}])");
        std::size_t seen = 0;
        for (const ValueView naughty : strings.view()) {
            const std::string typed(naughty.text());
            const std::string kept = posted(area, typed);
            if (!kept.starts_with("core.")) {
                CPPUNIT_ASSERT(findInvalidUtf8(kept) == std::string::npos);
                // What was taken once is taken again, and is the same.
                const std::string value(json::parse(kept).take().view().text());
                CPPUNIT_ASSERT_EQUAL(kept, posted(area, value));
            }
            for (const Form* form : {&card, &mail, &day, &choice})
                CPPUNIT_ASSERT_MESSAGE(typed, posted(*form, typed).starts_with("core."));
            for (const Form* form : {&phone, &money, &file}) {
                const std::string figures = posted(*form, typed);
                const bool plain = figures.find_first_not_of("\"+-0123456789abcdef") == std::string::npos;
                CPPUNIT_ASSERT_MESSAGE(typed + " " + figures, figures.starts_with("core.") || plain);
            }
            ++seen;
        }
        CPPUNIT_ASSERT(seen > 400);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AnswersTest);

} // namespace
