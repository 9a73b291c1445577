// SPDX-License-Identifier: Apache-2.0
// The law changes and nothing is built: a service of declarations alone, a case opened before and one opened
// after. The county changes a fee, a term, a limit, a form's text and a role as dated values, and settles a
// holiday; the older case keeps what it was opened under, the newer one has the new, and both are asked
// through what people and plugins use: the engine, the forms, the rules' service.
#include "unit/identity/TestDatabase.h"

#include "base/Json.h"
#include "identity/Accounts.h"
#include "identity/Organisations.h"
#include "services/Declared.h"
#include "services/PluginCalls.h"
#include "services/cases/Deadlines.h"
#include "services/cases/Engine.h"
#include "services/cases/MachineReader.h"
#include "services/forms/CaseAnswers.h"
#include "services/forms/FormReader.h"
#include "services/forms/FormWords.h"
#include "services/rules/CountyCalendar.h"
#include "services/rules/RuleBook.h"
#include "services/rules/RuleReader.h"
#include "services/rules/RulesService.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>
#include <iterator>

using namespace dalate;
using namespace dalate::services;
using rules::CivilDay;
using storage::Tx;

namespace {

constexpr Micros hour = Micros{3600} * 1'000'000;

Value schemaNamed(const char* name) {
    std::ifstream in(std::string(DALATE_SOURCE_DIR) + "/sdk/schema/" + name);
    return json::parse(std::string(std::istreambuf_iterator<char>(in), {})).take();
}

constexpr const char* ruleFile = R"({"rules": [
    {"name": "fee", "type": "money", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": 1000}]},
    {"name": "answer_term", "type": "term", "source": "s", "text_read": "no",
     "values": [{"from": "2024-01-01", "value": "20 workdays"}]},
    {"name": "most_pages", "type": "integer", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": 10}]},
    {"name": "form_pages_help", "type": "text", "source": "s", "text_read": "no",
     "values": [{"from": "2024-01-01", "value": {"zh-CN": "最多十页"}}]},
    {"name": "closers", "type": "roles", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": ["clerk"]}]}
]})";

constexpr const char* formFile = R"({"form": "copy", "title": "archive.form.title", "way": "one", "fields": [
    {"name": "pages", "type": "integer", "label": "archive.form.pages", "help": "archive.form.pages_help",
     "min": 1, "max": {"rule": "most_pages"}}]})";

constexpr const char* machineFile = R"({
    "machine": "copy", "title": "archive.copy", "number": "A{yyyy}-{seq:4}", "form": "copy",
    "open": {"to": "submitted", "by": ["applicant"]},
    "states": [{"name": "submitted", "label": "archive.s.submitted", "kind": "working"},
               {"name": "overdue", "label": "archive.s.overdue", "kind": "working"},
               {"name": "closed", "label": "archive.s.closed", "kind": "done"}],
    "transitions": [
        {"name": "close", "label": "archive.t.close", "from": ["submitted", "overdue"], "to": "closed", "by": ["rule:closers"]},
        {"name": "escalate", "label": "archive.t.escalate", "from": ["submitted"], "to": "overdue", "by": ["system"]}],
    "deadlines": [{"name": "answer", "in": ["submitted"], "term": {"rule": "answer_term"},
                   "ladder": [{"after": "0 s", "transition": "escalate"}]}]})";

struct NoCode : PluginCalls {
    bool has(std::string_view, Kind, std::string_view) const override { return false; }
    Value call(Tx&, AfterCommit&, const Ask&) override { return {}; }
};
struct NoNotices : cases::NoticeSink {
    void send(Tx&, AfterCommit&, const Notice&) override {}
};

template <class T>
T readAll(std::optional<T> read, const plugin::Problems& problems) {
    CPPUNIT_ASSERT_MESSAGE(problems.empty() ? "not read" : problems[0].id + " " + problems[0].where,
                           read.has_value());
    return *std::move(read);
}

struct Archive {
    test::TestDatabase database;
    rules::CountyRules county;
    rules::CountyCalendar calendar{
        rules::HolidayFile::read(std::filesystem::path(DALATE_SOURCE_DIR) / "runtime/data/holidays.json")};
    Declarations declarations;
    std::shared_ptr<Declared> declared = std::make_shared<Declared>();
    Registry registry;
    NoCode code;
    NoNotices notices;
    forms::CaseAnswers answers;
    Micros clock = now();
    cases::Engine engine{{.declarations = declarations,
                          .pluginCalls = code,
                          .answers = answers,
                          .notices = notices,
                          .calendar = [this]() -> const rules::Calendar& { return calendar.get(); },
                          .clock = [this] { return clock; },
                          .wake = [](Micros) {}}};
    identity::Principal citizen, clerk, chief;

    Archive() {
        const auto office =
            database.write([](Tx& tx) { return identity::Organisations::create(tx, "档案局", "bureau", 0); });
        const auto person = [&](const char* login, const char* role, std::int64_t organisation) {
            identity::Principal p;
            p.kind = identity::Principal::Kind::person;
            p.user = database.write([&](Tx& tx) {
                return identity::Accounts::create(tx, {}, {login, login, "", organisation, {role}}, "-");
            });
            p.name = login;
            p.organisation = organisation;
            p.roles = {role};
            return p;
        };
        citizen = person("citizen", "citizen", 0);
        clerk = person("clerk", "clerk", office);
        chief = person("chief", "chief", office);
        database.write([&](Tx& tx) {
            tx.exec("INSERT INTO plugin_owner (plugin, organisation, changed_at) VALUES ('archive', :o, 1)",
                    {{"o", office}});
        });

        plugin::Problems problems;
        declared->plugin = "archive";
        auto read = rules::readRules(schemaNamed("rules.schema.json"), ruleFile, "rules/a.json", problems);
        declared->rules =
            std::make_shared<const rules::RuleBook>("archive", readAll(std::move(read), problems), &county);
        auto form = forms::readForm(
            schemaNamed("form.schema.json"), "archive", formFile, "forms/copy.json",
            [](std::string_view) { return std::optional<std::string>(); }, problems);
        declared->forms["copy"] = std::make_shared<const forms::Form>(readAll(std::move(form), problems));
        auto machine =
            cases::readMachine(schemaNamed("case.schema.json"), machineFile, "cases/copy.json", problems);
        declared->machines["copy"] =
            std::make_shared<const cases::Machine>(readAll(std::move(machine), problems));
        declarations.publish({declared});
        rules::offerRules({database.pool(), registry, declarations, code, [this] { return clock; }},
                          calendar);
    }

    cases::Who by(const identity::Principal& who, AfterCommit& after) {
        return {.principal = &who, .after = after, .requestId = {}, .ip = {}, .declared = {}};
    }
    void judge(const Value& sent, Micros rulesAt) {
        database.write([&](Tx& tx) {
            AfterCommit after;
            answers.check(tx,
                          {.principal = nullptr, .after = after, .requestId = {}, .ip = {}, .declared = {}},
                          *declared, "copy", sent, rulesAt);
        });
    }
    cases::Case open(std::int64_t pages) {
        return database.write([&](Tx& tx) {
            AfterCommit after;
            const Value sent = Value::map([&](MapWriter& m) { m.set("pages", pages); });
            cases::Engine::NewCase fresh;
            fresh.answers = sent;
            return engine.open(tx, by(citizen, after), "archive", "copy", fresh);
        });
    }
    template <class F>
    static std::string refusal(F&& act) {
        try {
            act();
        } catch (const Error& error) {
            return error.id();
        }
        return "none";
    }
    std::string closing(const identity::Principal& who, const cases::Case& c) {
        return refusal([&] {
            database.write([&](Tx& tx) {
                AfterCommit after;
                engine.move(tx, by(who, after), c.id, {"close", c.version, Value::map(), ""});
            });
        });
    }
    void change(const char* rule, Micros from, const Value& value) {
        identity::Principal bureau = chief;
        database.write([&](Tx& tx) {
            rules::CountyRules::add(
                tx, bureau, {"archive", declared->rules->find(rule), from, value, "决定〔2026〕1号", false});
        });
        county.reload(database.pool());
    }
    cases::Deadlines::Row deadline(const cases::Case& c) {
        return database.read([&](Tx& tx) { return cases::Deadlines::of(tx, c.id).at(0); });
    }
    /// As a plugin asks: rules/1.value {rule, case}.
    Value asked(const char* rule, const cases::Case& c) {
        return database.read([&](Tx& tx) {
            ServiceContext context{.plugin = "archive",
                                   .principal = clerk,
                                   .scope = {},
                                   .declaredJobs = {},
                                   .language = "zh-CN",
                                   .requestId = "r",
                                   .baseUrl = "",
                                   .deadline = {},
                                   .declared = {}};
            context.tx = &tx;
            context.declared = declared;
            const auto service = registry.find("rules/1", "value");
            return service->answer(context, Value::map([&](MapWriter& m) {
                                       m.set("rule", rule).set("case", std::to_string(c.id));
                                   }));
        });
    }
    std::string help(const cases::Case& c) {
        static const portal::Translator none;
        return forms::FormWords(none, "zh-CN", {c.rulesAt, declared->rules.get(), clock})
            .text("archive.form.pages_help");
    }
};

} // namespace

class LawChangeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LawChangeTest);
    CPPUNIT_TEST(fiveChangesWithoutABuild);
    CPPUNIT_TEST(aSettledHolidayMovesWhatStillRuns);
    CPPUNIT_TEST(theServiceRefusesWhatIsNotAsked);
    CPPUNIT_TEST_SUITE_END();

public:
    void fiveChangesWithoutABuild() {
        Archive archive;
        const cases::Case older = archive.open(10);
        const Micros from = rules::startOf(rules::civilDayOf(archive.clock) + std::chrono::days(2));
        archive.change("fee", from, Value::of(0));
        archive.change("answer_term", from, Value::of("3 workdays"));
        archive.change("most_pages", from, Value::of(5));
        archive.change("form_pages_help", from, Value::map([](MapWriter& m) { m.set("zh-CN", "最多五页"); }));
        archive.change("closers", from, Value::list([](ListWriter& l) { l.add("chief"); }));
        archive.clock = from + 9 * hour;
        const cases::Case newer = archive.open(5);

        // 1. The fee, as a plugin asks for it.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1000}, *archive.asked("fee", older)["value"].integer());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, *archive.asked("fee", newer)["value"].integer());
        CPPUNIT_ASSERT_EQUAL(std::string("决定〔2026〕1号"), archive.asked("fee", newer)["source"].asText());
        // 2. The term, as the engine has reckoned it.
        using rules::Term;
        CPPUNIT_ASSERT(Term(20, Term::Unit::workdays) == archive.deadline(older).term);
        CPPUNIT_ASSERT(Term(3, Term::Unit::workdays) == archive.deadline(newer).term);
        CPPUNIT_ASSERT_EQUAL(archive.calendar.get().due(archive.clock, Term(3, Term::Unit::workdays)).at,
                             archive.deadline(newer).dueAt);
        // 3. The limit, as the form judges it.
        CPPUNIT_ASSERT_EQUAL(std::string("core.case.answers"), Archive::refusal([&] { archive.open(6); }));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Archive::refusal([&] {
                                 const Value ten = Value::map([](MapWriter& m) { m.set("pages", 10); });
                                 archive.judge(ten, older.rulesAt);
                             }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.case.answers"), Archive::refusal([&] {
                                 const Value ten = Value::map([](MapWriter& m) { m.set("pages", 10); });
                                 archive.judge(ten, newer.rulesAt);
                             }));
        // 4. The form's text.
        CPPUNIT_ASSERT_EQUAL(std::string("最多十页"), archive.help(older));
        CPPUNIT_ASSERT_EQUAL(std::string("最多五页"), archive.help(newer));
        // 5. The role, as the engine lets people move.
        CPPUNIT_ASSERT(archive.closing(archive.clerk, newer) != "none");
        CPPUNIT_ASSERT(archive.closing(archive.chief, older) != "none");
        CPPUNIT_ASSERT_EQUAL(std::string("none"), archive.closing(archive.chief, newer));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), archive.closing(archive.clerk, older));
    }

    void aSettledHolidayMovesWhatStillRuns() {
        Archive archive;
        const cases::Case c = archive.open(1);
        const Micros before = archive.deadline(c).dueAt;
        // The first working day behind the start becomes a day of rest: the term ends one working day later.
        CivilDay day = rules::civilDayOf(archive.clock) + std::chrono::days(1);
        while (!archive.calendar.get().isWorkday(day).value_or(!rules::isWeekend(day)))
            day += std::chrono::days(1);
        archive.calendar.onChange([&] {
            archive.database.write([&](Tx& tx) {
                std::int64_t moved = 0;
                archive.engine.reckon(tx, "archive", 0, 100, moved);
                CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, moved);
            });
        });
        archive.database.write([&](Tx& tx) {
            rules::CountyCalendar::set(tx, archive.chief,
                                       {day, rules::SpecialDay::Kind::holiday, "旗庆", true}, "通知");
        });
        archive.calendar.reload(archive.database.pool());
        const cases::Deadlines::Row after = archive.deadline(c);
        CPPUNIT_ASSERT(after.dueAt > before);
        CPPUNIT_ASSERT_EQUAL(archive.calendar.get().due(c.openedAt, after.term).at, after.dueAt);
        CPPUNIT_ASSERT(rules::Term(20, rules::Term::Unit::workdays) == after.term);
    }

    void theServiceRefusesWhatIsNotAsked() {
        Archive archive;
        const cases::Case c = archive.open(1);
        const auto refusal = [&](const char* method, const char* arguments) {
            return Archive::refusal([&] {
                archive.database.read([&](Tx& tx) {
                    ServiceContext context{.plugin = "archive",
                                           .principal = archive.clerk,
                                           .scope = {},
                                           .declaredJobs = {},
                                           .language = "zh-CN",
                                           .requestId = "r",
                                           .baseUrl = "",
                                           .deadline = {},
                                           .declared = {}};
                    context.tx = &tx;
                    context.declared = archive.declared;
                    archive.registry.find("rules/1", method)->answer(context, json::parse(arguments).take());
                    return 0;
                });
            });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("none"), refusal("value", R"({"rule": "fee"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.argument.missing"), refusal("value", "{}"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.argument.type"),
                             refusal("value", R"({"rule": "fee", "at": "x"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.asked"),
                             refusal("value", R"({"rule": "fee", "at": 1, "case": 1})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.no_value"),
                             refusal("value", R"({"rule": "fee", "at": 1})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.case.unknown"),
                             refusal("value", R"({"rule": "fee", "case": 1})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.unknown"), refusal("value", R"({"rule": "fees"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), refusal("due", R"({"term": "3 days"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"),
                             refusal("due", R"({"rule": "answer_term", "start": 1700000000000000})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.asked"),
                             refusal("due", R"({"term": "3 days", "rule": "answer_term"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.asked"),
                             refusal("due", R"({"term": "3 days", "start": 9000000000000000000})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.term.form"), refusal("due", R"({"term": "3 weeks"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.rule.type"), refusal("due", R"({"rule": "fee"})"));
        // A case of another plugin is none of this one's.
        archive.database.write([&](Tx& tx) {
            tx.exec("UPDATE case_record SET plugin = 'other' WHERE id = :id", {{"id", c.id}});
        });
        CPPUNIT_ASSERT_EQUAL(std::string("core.case.unknown"),
                             Archive::refusal([&] { archive.asked("fee", c); }));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LawChangeTest);
