// SPDX-License-Identifier: Apache-2.0
// A form on its way through its pages, rendered by the core's own templates; drafts on a real database.
#include "FormFixture.h"
#include "unit/identity/TestDatabase.h"

#include "portal/Renderer.h"
#include "services/Registry.h"
#include "services/forms/CheckAnswers.h"
#include "services/forms/FormFlow.h"
#include "services/forms/FormModel.h"
#include "services/forms/Prefill.h"

#include <filesystem>

using namespace dalate;
using namespace dalate::services::forms;

namespace {

constexpr Micros second = 1'000'000;

/// Labels are ids of the core here, so that no plugin has to be loaded for its words.
const char* const fields = R"(
    {"name": "about", "type": "text", "label": "helpdesk.about", "max": 60},
    {"name": "paid", "type": "yesno", "label": "helpdesk.paid"},
    {"name": "amount", "type": "money", "label": "helpdesk.amount", "when": {"field": "paid", "is": ["yes"]}},
    {"name": "born", "type": "date", "label": "helpdesk.born", "optional": true},
    {"name": "wishes", "type": "checks", "label": "helpdesk.wishes", "optional": true, "options": [
        {"value": "sms", "label": "helpdesk.sms"}, {"value": "call", "label": "helpdesk.call"}]},
    {"name": "who", "type": "text", "label": "helpdesk.who", "personal": true, "prefill": "person.name", "autocomplete": "name"},
    {"name": "phone", "type": "phone", "label": "helpdesk.phone", "personal": true, "prefill": "people/1.phone"}
)";

Form formAs(const std::string& way) {
    return test::formOf(R"({"form": "ticket", "title": "helpdesk.t", "way": ")" + way + R"(", "fields": [)" +
                        fields + "]}");
}

std::filesystem::path source() {
    return DALATE_SOURCE_DIR;
}

/// The core's own templates for forms, without the pages of other services.
const std::shared_ptr<const portal::TemplateStore>& store() {
    static const auto it = [] {
        namespace fs = std::filesystem;
        const fs::path folder = fs::temp_directory_path() / ("dalate-forms-" + randomHex(8));
        fs::create_directories(folder / "pages");
        fs::copy(source() / "templates/layout.mustache", folder / "layout.mustache");
        fs::copy(source() / "templates/components", folder / "components");
        for (const char* name : {"form", "form-question", "check-answers", "form-done"})
            fs::copy(source() / "templates/pages" / (std::string(name) + ".mustache"), folder / "pages");
        auto made =
            portal::TemplateStore::core(folder, source() / "runtime/i18n", source() / "runtime/static");
        fs::remove_all(folder);
        return made;
    }();
    return it;
}

Value post(std::initializer_list<std::pair<const char*, std::vector<std::string>>> sent) {
    return Value::map([&](MapWriter& m) {
        for (const auto& [name, texts] : sent)
            m.list(name, [&, &texts = texts](ListWriter& l) {
                for (const std::string& text : texts)
                    l.add(text);
            });
    });
}

bool holds(const std::string& html, const std::string& part) {
    return html.find(part) != std::string::npos;
}

identity::Principal person(std::int64_t id) {
    identity::Principal who;
    who.kind = identity::Principal::Kind::person;
    who.user = id;
    who.name = "巴图";
    who.organisationName = "树林召镇";
    return who;
}

/// One person, one form, one database.
struct Journey {
    explicit Journey(const std::string& way) : form(formAs(way)) {
        database.write([](storage::Tx& tx) {
            tx.exec("INSERT INTO account (id, login, name, password_hash, created_at) VALUES (7, 'batu', "
                    "'巴图', '-', 1)");
        });
    }

    Filling filling() {
        Filling f{form,
                  "helpdesk",
                  subject,
                  who,
                  store()->texts(),
                  language,
                  {now, book, now},
                  "/cases/helpdesk/ticket/open",
                  "/back",
                  given,
                  {}};
        return f;
    }
    FormPage get(std::string_view at = {}) {
        return database.read([&](storage::Tx& tx) { return page(tx, filling(), at); });
    }
    Outcome send(const Value& posted) {
        return database.write([&](storage::Tx& tx) { return submit(tx, filling(), posted); });
    }
    std::string html(const FormPage& shown) {
        portal::PageContext context;
        context.csrf = "token";
        context.title = shown.title;
        context.wrong = shown.status == 422;
        context.language = language;
        const std::string text = portal::Renderer(store()).page(shown.name, shown.model, context);
        CPPUNIT_ASSERT_MESSAGE(text, !holds(text, "{{"));
        return text;
    }
    std::optional<Draft> draft() {
        return database.read([&](storage::Tx& tx) {
            return Drafts::find(tx, {7, "helpdesk", "ticket", subject}, now);
        });
    }

    test::TestDatabase database;
    Form form;
    identity::Principal who = person(7);
    std::string subject;
    std::string language = "zh-CN";
    Value given;
    Micros now = test::today();
    const services::rules::RuleBook* book = nullptr;
};

class FormPagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FormPagesTest);
    CPPUNIT_TEST(aPageAsksEveryFieldWithItsLabelAndKeys);
    CPPUNIT_TEST(aRefusedPageKeepsAllInputAndLinksEachFault);
    CPPUNIT_TEST(aGoodPostIsAcceptedAndItsDraftGone);
    CPPUNIT_TEST(aGroupedFormIsCheckedBeforeItIsSent);
    CPPUNIT_TEST(oneThingAPageAsksOnlyWhatIsAsked);
    CPPUNIT_TEST(aVisitorsAnswersTravelWithThePages);
    CPPUNIT_TEST(aVisitorChoosesHerFileAnew);
    CPPUNIT_TEST(personalQuestionsAreMarked);
    CPPUNIT_TEST(theLastStepBelievesNoPageBefore);
    CPPUNIT_TEST(aDraftSurvivesSignOutAndIsOfferedAgain);
    CPPUNIT_TEST(anotherDevicesDraftIsNotWrittenOver);
    CPPUNIT_TEST(draftsEndAndAreBounded);
    CPPUNIT_TEST(prefillShowsItsSourceAndNeverFails);
    CPPUNIT_TEST(detailsMaskWhatIsPersonal);
    CPPUNIT_TEST(wordsAreDatedByRules);
    CPPUNIT_TEST_SUITE_END();

public:
    void aPageAsksEveryFieldWithItsLabelAndKeys() {
        Journey j("one");
        const std::string html = j.html(j.get());
        for (const char* part :
             {"<label class=\"question\" for=\"f-about\">helpdesk.about", "maxlength=\"60\"",
              "type=\"radio\" id=\"f-paid-0\" name=\"paid\" value=\"yes\"",
              "data-when=\"paid\" data-is=\"yes\"", "inputmode=\"decimal\"",
              "<span class=\"unit\" id=\"f-amount-unit\">元</span>", "type=\"date\" id=\"f-born\"",
              "type=\"checkbox\" id=\"f-wishes-1\"", "type=\"tel\" id=\"f-phone\"", "autocomplete=\"name\"",
              "data-draft=\"7\"", "name=\"csrf\" value=\"token\"", "action=\"/cases/helpdesk/ticket/open\"",
              "href=\"/back\""})
            CPPUNIT_ASSERT_MESSAGE(std::string(part) + "\n" + html, holds(html, part));
        CPPUNIT_ASSERT(!holds(html, "summary-wrong"));
    }

    void aRefusedPageKeepsAllInputAndLinksEachFault() {
        Journey j("one");
        const Outcome outcome = j.send(post({{"about", {"<b>\"路灯\"</b>"}},
                                             {"paid", {"yes"}},
                                             {"amount", {"许多"}},
                                             {"born", {"春天"}},
                                             {"wishes", {"call"}},
                                             {"who", {""}},
                                             {"phone", {"3123456"}},
                                             {"_at", {""}},
                                             {"_do", {"next"}}}));
        CPPUNIT_ASSERT(outcome.kind == Outcome::Kind::show);
        CPPUNIT_ASSERT_EQUAL(422, outcome.page.status);
        const std::string html = j.html(outcome.page);
        for (const char* part :
             {"<title>错误：", "role=\"alert\"", "<a href=\"#f-amount\">", "<a href=\"#f-born\">",
              "<a href=\"#f-who\">", "<a href=\"#f-phone\">", "value=\"许多\"", "value=\"春天\"",
              "value=\"3123456\"", "value=\"&lt;b&gt;&quot;路灯&quot;&lt;/b&gt;\"", "value=\"call\" checked",
              "value=\"yes\" checked", "aria-invalid=\"true\"", "aria-describedby=\"f-phone-about"})
            CPPUNIT_ASSERT_MESSAGE(std::string(part) + "\n" + html, holds(html, part));
        CPPUNIT_ASSERT(!holds(html, "<a href=\"#f-about\">"));
        // The same words above and beside the field.
        const std::string words = "要写手机号";
        const std::size_t first = html.find(words);
        CPPUNIT_ASSERT(first != std::string::npos && html.find(words, first + 1) != std::string::npos);
        const Outcome stranger = j.send(post({{"about", {"x"}},
                                              {"paid", {"no"}},
                                              {"who", {"x"}},
                                              {"phone", {"13912345678"}},
                                              {"price", {"0"}}}));
        CPPUNIT_ASSERT_EQUAL(422, stranger.page.status);
    }

    void aGoodPostIsAcceptedAndItsDraftGone() {
        Journey j("one");
        j.send(post({{"about", {"路灯"}}, {"_do", {"keep"}}, {"_draft", {"0"}}}));
        CPPUNIT_ASSERT(j.draft());
        const Outcome outcome = j.send(post({{"about", {"路灯"}},
                                             {"paid", {"yes"}},
                                             {"amount", {"12.50"}},
                                             {"who", {"巴图"}},
                                             {"phone", {"139 1234 5678"}},
                                             {"_do", {"next"}}}));
        CPPUNIT_ASSERT(outcome.kind == Outcome::Kind::accepted);
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"about":"路灯","paid":true,"amount":1250,"who":"巴图","phone":"13912345678"})"),
            json::write(outcome.answers));
        CPPUNIT_ASSERT(!j.draft());
        // Given up with the transaction, the draft is there still.
        j.send(post({{"about", {"路灯"}}, {"_do", {"keep"}}}));
        {
            auto lease = j.database.pool().lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            const auto again = submit(
                tx, j.filling(),
                post({{"about", {"路灯"}}, {"paid", {"no"}}, {"who", {"巴图"}}, {"phone", {"13912345678"}}}));
            CPPUNIT_ASSERT(again.kind == Outcome::Kind::accepted);
        }
        CPPUNIT_ASSERT(j.draft());
    }

    void aGroupedFormIsCheckedBeforeItIsSent() {
        Journey j("grouped");
        const Outcome next = j.send(post({{"about", {"路灯"}},
                                          {"paid", {"no"}},
                                          {"wishes", {"sms", "call"}},
                                          {"who", {"巴图"}},
                                          {"phone", {"13912345678"}},
                                          {"_do", {"next"}}}));
        CPPUNIT_ASSERT(next.kind == Outcome::Kind::go);
        CPPUNIT_ASSERT_EQUAL(std::string("/cases/helpdesk/ticket/open?at=check"), next.href);
        const FormPage check = j.get("check");
        CPPUNIT_ASSERT_EQUAL(std::string("pages/check-answers"), std::string(check.name));
        const std::string html = j.html(check);
        for (const char* part :
             {"helpdesk.sms、helpdesk.call", "13912345678", "href=\"/cases/helpdesk/ticket/open?at=phone\"",
              "value=\"send\"", "未填写", "<dd>否</dd>"})
            CPPUNIT_ASSERT_MESSAGE(std::string(part) + "\n" + html, holds(html, part));
        CPPUNIT_ASSERT(!holds(html, "helpdesk.amount"));
        const Outcome sent = j.send(post({{"_at", {"check"}}, {"_do", {"send"}}}));
        CPPUNIT_ASSERT(sent.kind == Outcome::Kind::accepted);
        CPPUNIT_ASSERT_EQUAL(std::string("13912345678"), sent.answers["phone"].asText());
        // Without answers nobody gets to the check page.
        CPPUNIT_ASSERT_EQUAL(std::string("pages/form"), std::string(j.get("check").name));
    }

    void oneThingAPageAsksOnlyWhatIsAsked() {
        Journey j("one_thing");
        CPPUNIT_ASSERT(holds(j.html(j.get()), "第 1 题"));
        const auto step = [&](const char* at, std::vector<std::string> values, const char* expected) {
            const Outcome outcome = j.send(post({{at, std::move(values)}, {"_at", {at}}, {"_do", {"next"}}}));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(at, std::string("/cases/helpdesk/ticket/open?at=") + expected,
                                         outcome.href);
            j.now += second;
        };
        step("about", {"路灯"}, "paid");
        step("paid", {"yes"}, "amount");
        const Outcome wrong = j.send(post({{"amount", {"-1"}}, {"_at", {"amount"}}, {"_do", {"next"}}}));
        CPPUNIT_ASSERT_EQUAL(422, wrong.page.status);
        const std::string html = j.html(wrong.page);
        CPPUNIT_ASSERT(holds(html, "value=\"-1\"") && holds(html, "#f-amount") && !holds(html, "#f-phone"));
        CPPUNIT_ASSERT(holds(html, "href=\"/cases/helpdesk/ticket/open?at=paid\""));
        // Another answer, and the amount is asked no more.
        step("paid", {"no"}, "born");
        step("born", {""}, "wishes");
        const Outcome early = j.send(post({{"_at", {"check"}}, {"_do", {"send"}}}));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the first that is missing", 422, early.page.status);
        CPPUNIT_ASSERT(holds(j.html(early.page), "id=\"f-who\""));
        step("wishes", {"sms"}, "who");
        step("who", {"巴图"}, "phone");
        step("phone", {"13912345678"}, "check");
        // A box that is not ticked is not posted: going back, it is empty and not what it was.
        const Outcome unticked = j.send(post({{"_at", {"wishes"}}, {"_do", {"next"}}, {"_then", {"check"}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("/cases/helpdesk/ticket/open?at=check"), unticked.href);
        const Outcome sent = j.send(post({{"_at", {"check"}}, {"_do", {"send"}}}));
        CPPUNIT_ASSERT(sent.kind == Outcome::Kind::accepted);
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"about":"路灯","paid":false,"who":"巴图","phone":"13912345678"})"),
            json::write(sent.answers));
    }

    void aVisitorsAnswersTravelWithThePages() {
        Journey j("one_thing");
        j.who = {};
        const Outcome first = j.send(post({{"about", {"路灯"}}, {"_at", {"about"}}, {"_do", {"next"}}}));
        CPPUNIT_ASSERT(first.kind == Outcome::Kind::show);
        const std::string html = j.html(first.page);
        CPPUNIT_ASSERT(holds(html, "type=\"hidden\" name=\"about\" value=\"路灯\"") &&
                       holds(html, "id=\"f-paid-0\""));
        CPPUNIT_ASSERT(!holds(html, "data-draft"));
        const Outcome last = j.send(post({{"about", {"路灯"}},
                                          {"paid", {"no"}},
                                          {"who", {"巴图"}},
                                          {"phone", {"13912345678"}},
                                          {"_at", {"phone"}},
                                          {"_do", {"next"}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("pages/check-answers"), std::string(last.page.name));
        const std::string check = j.html(last.page);
        CPPUNIT_ASSERT(holds(check, "name=\"_do\" value=\"at:phone\"") &&
                       holds(check, "type=\"hidden\" name=\"who\" value=\"巴图\""));
        const Outcome change = j.send(post(
            {{"about", {"路灯"}}, {"phone", {"13912345678"}}, {"_at", {"check"}}, {"_do", {"at:phone"}}}));
        CPPUNIT_ASSERT(holds(j.html(change.page), "value=\"13912345678\""));
        CPPUNIT_ASSERT_THROW(j.send(post({{"_do", {"keep"}}})), Error);
        const Outcome sent = j.send(post({{"about", {"路灯"}},
                                          {"paid", {"no"}},
                                          {"who", {"巴图"}},
                                          {"phone", {"13912345678"}},
                                          {"_at", {"check"}},
                                          {"_do", {"send"}}}));
        CPPUNIT_ASSERT(sent.kind == Outcome::Kind::accepted);
    }

    void aVisitorChoosesHerFileAnew() {
        const char* const asked = R"({"form": "ticket", "title": "helpdesk.t", "way": "one", "fields": [
            {"name": "about", "type": "text", "label": "helpdesk.about"},
            {"name": "photo", "type": "file", "label": "helpdesk.photo"}]})";
        Journey j("one");
        j.form = test::formOf(asked);
        const Value half = post({{"about", {""}}, {"photo", {"12"}}, {"_do", {"next"}}});
        const std::string kept = "type=\"hidden\" name=\"photo\"";
        CPPUNIT_ASSERT(holds(j.html(j.send(half).page), kept));
        j.who = {};
        const std::string html = j.html(j.send(half).page);
        CPPUNIT_ASSERT(!holds(html, kept) && holds(html, "type=\"file\""));
    }

    void personalQuestionsAreMarked() {
        Journey j("one");
        const std::string html = j.html(j.get());
        const auto blockOf = [&](const std::string& id) {
            const std::size_t at = html.find("id=\"f-" + id + "\"");
            return html.substr(html.rfind("<div class=\"asked\"", at), 40);
        };
        CPPUNIT_ASSERT(holds(blockOf("phone"), "data-personal"));
        CPPUNIT_ASSERT(!holds(blockOf("about"), "data-personal"));
    }

    void theLastStepBelievesNoPageBefore() {
        Journey j("grouped");
        j.who = {};
        const Outcome forged = j.send(post({{"about", {"路灯"}},
                                            {"paid", {"no"}},
                                            {"who", {"巴图"}},
                                            {"phone", {"x"}},
                                            {"_at", {"check"}},
                                            {"_do", {"send"}}}));
        CPPUNIT_ASSERT_EQUAL(422, forged.page.status);
        CPPUNIT_ASSERT_THROW(j.send(post({{"_do", {"drop table"}}})), Error);
        CPPUNIT_ASSERT_THROW(j.send(post({{"_do", {"at:nothing"}}})), Error);
    }

    void aDraftSurvivesSignOutAndIsOfferedAgain() {
        Journey j("one");
        const Outcome kept =
            j.send(post({{"about", {"路灯"}}, {"phone", {"3123"}}, {"stranger", {"x"}}, {"_do", {"save"}}}));
        CPPUNIT_ASSERT(kept.kind == Outcome::Kind::go);
        j.now += 3 * 24 * 3600 * second;
        const std::string html = j.html(j.get());
        for (const char* part :
             {"value=\"路灯\"", "value=\"3123\"", "2026-11-23 00:00 保存的草稿", "value=\"discard\""})
            CPPUNIT_ASSERT_MESSAGE(std::string(part) + "\n" + html, holds(html, part));
        CPPUNIT_ASSERT(!j.draft()->raw.view().has("stranger"));
        j.who = person(8);
        CPPUNIT_ASSERT_MESSAGE("it is nobody else's", !holds(j.html(j.get()), "路灯"));
        j.who = person(7);
        j.send(post({{"_do", {"discard"}}}));
        CPPUNIT_ASSERT(!j.draft());
    }

    void anotherDevicesDraftIsNotWrittenOver() {
        Journey j("one");
        const Outcome first = j.send(post({{"about", {"一"}}, {"_do", {"keep"}}, {"_draft", {"0"}}}));
        CPPUNIT_ASSERT(first.kind == Outcome::Kind::saved);
        const Outcome second_ =
            j.send(post({{"about", {"二"}}, {"_do", {"keep"}}, {"_draft", {std::to_string(first.version)}}}));
        CPPUNIT_ASSERT(second_.version > first.version);
        try {
            j.send(post({{"about", {"三"}}, {"_do", {"keep"}}, {"_draft", {std::to_string(first.version)}}}));
            CPPUNIT_FAIL("an old page wrote over a newer draft");
        } catch (const Error& error) {
            CPPUNIT_ASSERT_EQUAL(std::string("core.form.draft_newer"), error.id());
            CPPUNIT_ASSERT_EQUAL(409, error.status());
        }
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"about":["二"]})"), json::write(j.draft()->raw));
    }

    void draftsEndAndAreBounded() {
        Journey j("one");
        j.send(post({{"about", {"路灯"}}, {"_do", {"keep"}}}));
        j.now += Drafts::keep;
        CPPUNIT_ASSERT(!j.draft());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1),
                             j.database.write([&](storage::Tx& tx) { return Drafts::expire(tx, j.now); }));
        CPPUNIT_ASSERT_THROW(
            j.send(post({{"about", {std::string(Drafts::mostBytes, 'x')}}, {"_do", {"keep"}}})), Error);
        j.database.write([&](storage::Tx& tx) {
            const Value raw = post({{"about", {"x"}}});
            for (int i = 0; i < Drafts::mostDrafts + 5; ++i)
                Drafts::save(tx, {7, "helpdesk", "ticket", std::to_string(i)}, raw, 0, j.now + i);
        });
        const auto all = j.database.read([&](storage::Tx& tx) { return Drafts::of(tx, 7, j.now); });
        CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(Drafts::mostDrafts), all.size());
        CPPUNIT_ASSERT_EQUAL(std::string("54"), all.front().subject);
    }

    void prefillShowsItsSourceAndNeverFails() {
        Journey j("one");
        services::Registry registry;
        services::ServiceContext context{"helpdesk", j.who, {}, {}, "zh-CN", "r", "", {}};
        j.given = prefill(j.form, {j.now, nullptr, j.now}, registry, context);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "no service, no fault",
            std::string(R"({"who":{"value":"巴图","source":"core.form.source.account"}})"),
            json::write(j.given));
        std::string answer = "139 1234 5678";
        registry.offer({"core", "people/1", "phone", services::Touch::nothing,
                        [&](services::ServiceContext&, ValueView) {
                            return Value::map(
                                [&](MapWriter& m) { m.set("value", answer).set("source", "人口库"); });
                        }});
        j.given = prefill(j.form, {j.now, nullptr, j.now}, registry, context);
        const std::string html = j.html(j.get());
        for (const char* part :
             {"value=\"13912345678\"", "已从“人口库”填入，可以修改", "已从“您的账户”填入", "value=\"巴图\""})
            CPPUNIT_ASSERT_MESSAGE(std::string(part) + "\n" + html, holds(html, part));
        // Changed by the person, it is hers.
        const Outcome wrong = j.send(post({{"who", {"苏和"}}, {"phone", {"13912345678"}}}));
        const std::string again = j.html(wrong.page);
        CPPUNIT_ASSERT(holds(again, "人口库") && !holds(again, "您的账户") && holds(again, "value=\"苏和\""));
        answer = "not a number";
        CPPUNIT_ASSERT(!prefill(j.form, {j.now, nullptr, j.now}, registry, context).view().has("phone"));
        identity::Principal nobody;
        services::ServiceContext visitor{"helpdesk", nobody, {}, {}, "zh-CN", "r", "", {}};
        CPPUNIT_ASSERT_EQUAL(std::size_t(0),
                             prefill(j.form, {j.now, nullptr, j.now}, registry, visitor).view().size());
    }

    void detailsMaskWhatIsPersonal() {
        const Form form = formAs("one");
        const FormWords words(store()->texts(), "zh-CN", {test::today(), nullptr, test::today()});
        const Value answers =
            test::jsonOf(R"({"about":"路灯","paid":true,"amount":1250,"who":"巴图","phone":"13912345678"})");
        const std::string hidden = json::write(detailRows(form, answers, words, Personal::masked));
        for (const char* part : {R"("text":"巴*")", R"("text":"139****5678")", R"("text":"12.50 元")",
                                 R"("text":"是")", R"("text":"未填写")"})
            CPPUNIT_ASSERT_MESSAGE(std::string(part) + hidden, holds(hidden, part));
        CPPUNIT_ASSERT(!holds(hidden, "13912345678"));
        CPPUNIT_ASSERT(holds(json::write(detailRows(form, answers, words, Personal::shown)), "13912345678"));
        Field field;
        field.type = FieldType::idcard;
        CPPUNIT_ASSERT_EQUAL(std::string("110105********002X"), masked(field, "11010519491231002X"));
        field.type = FieldType::email;
        CPPUNIT_ASSERT_EQUAL(std::string("a***@b.cn"), masked(field, "abc@b.cn"));
        field.type = FieldType::area;
        CPPUNIT_ASSERT_EQUAL(std::string("****"), masked(field, "住在树林召镇"));
    }

    void wordsAreDatedByRules() {
        const auto book =
            test::bookOf(R"({"name": "about", "type": "text", "source": "s", "text_read": "no", "values": [
            {"from": "2024-01-01", "value": {"zh-CN": "反映的问题", "en": "What is it about"}}, {"from": "2026-07-01", "value": "诉求"}]})");
        Journey j("one");
        j.book = &book;
        CPPUNIT_ASSERT(holds(j.html(j.get()), "for=\"f-about\">诉求"));
        j.now = services::rules::startOf(*services::rules::parseDay("2026-06-30"));
        CPPUNIT_ASSERT(holds(j.html(j.get()), "for=\"f-about\">反映的问题"));
        j.language = "en";
        CPPUNIT_ASSERT(holds(j.html(j.get()), "for=\"f-about\">What is it about"));
        j.now = services::rules::startOf(*services::rules::parseDay("2023-06-30"));
        CPPUNIT_ASSERT_MESSAGE("before the rule's first day",
                               holds(j.html(j.get()), "for=\"f-about\">helpdesk.about"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FormPagesTest);

} // namespace
