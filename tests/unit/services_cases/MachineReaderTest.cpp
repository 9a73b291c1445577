// SPDX-License-Identifier: Apache-2.0
#include "County.h"

#include "plugin/JsonSchema.h"
#include "services/cases/MachineRules.h"
#include "services/forms/Form.h"

#include <algorithm>

namespace {

using namespace dalate;
using namespace dalate::test;

class MachineReaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MachineReaderTest);
    CPPUNIT_TEST(aSoundMachineIsReadWhole);
    CPPUNIT_TEST(theSchemaIsOneThatIsChecked);
    CPPUNIT_TEST(eachFaultIsToldWithItsPlace);
    CPPUNIT_TEST(allFaultsAreToldAtOnce);
    CPPUNIT_TEST(brokenTextIsToldWithItsLine);
    CPPUNIT_TEST(namesOfOtherFilesAreDemanded);
    CPPUNIT_TEST(visitorsFilesNeedAFormOfOnePage);
    CPPUNIT_TEST(whatAMachineTakesFromItsFormsIsThere);
    CPPUNIT_TEST(actorsAreReadAndWritten);
    CPPUNIT_TEST(numbersOfEveryForm);
    CPPUNIT_TEST_SUITE_END();

    static plugin::Problems problemsOf(std::string_view text) {
        plugin::Problems problems;
        const auto machine = readMachine(caseSchema(), text, "cases/m.json", problems);
        CPPUNIT_ASSERT_EQUAL(problems.empty(), machine.has_value());
        return problems;
    }

    /// The sound machine with one piece replaced.
    static std::string with(std::string_view piece, std::string_view other) {
        std::string text(ticketMachine);
        const std::size_t at = text.find(piece);
        CPPUNIT_ASSERT_MESSAGE(std::string(piece), at != std::string::npos);
        return text.replace(at, piece.size(), other);
    }

    static void says(const char* id, const char* path, std::string_view piece, std::string_view other) {
        const auto problems = problemsOf(with(piece, other));
        std::string all;
        for (const plugin::Problem& p : problems)
            all += p.id + " " + p.where + "\n";
        const bool found = std::any_of(problems.begin(), problems.end(), [&](const plugin::Problem& p) {
            return p.id == id && p.where.starts_with("cases/m.json:") && p.where.ends_with(path);
        });
        CPPUNIT_ASSERT_MESSAGE(std::string(id) + " " + path + " not in\n" + all, found);
    }

public:
    void aSoundMachineIsReadWhole() {
        plugin::Problems problems;
        const auto m = readMachine(caseSchema(), ticketMachine, "cases/ticket.json", problems);
        CPPUNIT_ASSERT(m && problems.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, m->states.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{11}, m->transitions.size());
        CPPUNIT_ASSERT(m->transition("submitted", "take"));
        CPPUNIT_ASSERT(!m->transition("working", "take"));
        CPPUNIT_ASSERT(!m->transition("gone", "take"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, m->bound.size());
        CPPUNIT_ASSERT_EQUAL(std::string("may_take"), m->bound[1].name);
        CPPUNIT_ASSERT(m->bound[1].guard);
        CPPUNIT_ASSERT_EQUAL(std::string("cases/ticket.json:17 $.transitions[0].guard"), m->bound[1].where);
    }

    void theSchemaIsOneThatIsChecked() { plugin::demandKnownSchema(caseSchema()); }

    void eachFaultIsToldWithItsPlace() {
        says("core.case.unknown_state", "$.transitions[0].to", R"("to": "working", "by": ["role:agent"])",
             R"("to": "worling", "by": ["role:agent"])");
        says("core.case.unknown_state", "$.open.to", R"({"to": "submitted")", R"({"to": "sent")");
        says("core.case.unreachable", "$.states[2]", R"("to": "asked")", R"("to": "working")");
        says("core.case.no_exit", "$.states[6]", R"("kind": "stopped")", R"("kind": "working")");
        says("core.case.no_end", "$.states[6]", R"("kind": "stopped"}],
    "transitions": [)", R"("kind": "working"}], "transitions": [
        {"name": "spin", "label": "desk.t.x", "from": ["withdrawn"], "to": "withdrawn", "by": ["system"]},)");
        says("core.case.no_reopen", "$.transitions[10]", R"("reopen": true)", R"("reopen": false)");
        says("core.case.no_reopen", "$.transitions[1]", R"("reason": "required", "notices")",
             R"("reopen": true, "reason": "required", "notices")");
        says("core.case.twice", "$.states[1].name", R"({"name": "working", "label")", R"({"name": "submitted", "label")");
        says("core.case.twice", "$.transitions[1].name", R"({"name": "ask")", R"({"name": "take")");
        says("core.case.twice", "$.transitions[1].name", R"({"name": "ask")", R"({"name": "open")");
        says("core.case.actor", "$.transitions[1].by[0]", R"("by": ["assignee"])", R"("by": ["anyone"])");
        says("core.case.actor", "$.open.by[1]", R"("by": ["applicant", "role:agent"])", R"("by": ["applicant", "assignee"])");
        says("core.case.actor", "$.open.notices[0].to", R"({"to": "desk:intake")", R"({"to": "system")");
        says("core.manifest.pattern", "$.transitions[1].by[0]", R"("by": ["assignee"])", R"("by": ["role:Agent"])");
        says("core.case.unknown_relation", "$.transitions[3].by[0]", "relation:handler", "relation:helper");
        says("core.case.unknown_relation", "$.transitions[0].relate.keeper", R"({"handler": "self"})", R"({"keeper": "self"})");
        says("core.case.source", "$.transitions[0].relate.handler", R"({"handler": "self"})", R"({"handler": 3})");
        says("core.case.unknown_transition", "$.transitions[4].not_by[0]", R"("not_by": ["solve"])", R"("not_by": ["resolve"])");
        says("core.case.field", "$.transitions[0].assign", R"("assign": "self")", R"("assign": "field:who")");
        says("core.case.source", "$.transitions[0].assign", R"("assign": "self")", R"("assign": "origin")");
        says("core.case.field", "$.titled_by", R"("form": "ticket",)", "");
        says("core.case.number_form", "$.number", "{seq:4}", "{seq:1}");
        says("core.case.deadline_state", "$.deadlines[0].in", R"("in": ["submitted", "working"])",
             R"("in": ["submitted", "closed"])");
        says("core.case.unknown_state", "$.deadlines[0].in[1]", R"("in": ["submitted", "working"])",
             R"("in": ["submitted", "nowhere"])");
        says("core.term.form", "$.deadlines[0].term", "\"10 min\"", "\"10 minutes\"");
        says("core.case.ladder_order", "$.deadlines[0].ladder[1].after", "\"5 min\"", "\"0 min\"");
        says("core.case.rung_system", "$.deadlines[0].ladder[1].transition", R"("transition": "escalate")",
             R"("transition": "take")");
        says("core.case.rung_from", "$.deadlines[0].ladder[1].transition", R"("transition": "escalate")",
             R"("transition": "take")");
        says("core.case.unknown_transition", "$.deadlines[0].ladder[1].transition", R"("transition": "escalate")",
             R"("transition": "explode")");
        says("core.case.rung_empty", "$.deadlines[1].ladder[0]",
             R"({"after": "0 s", "notices": [{"to": "applicant", "notice": "remind"}]})", R"({"after": "0 s"})");
        says("core.case.rung_needs", "$.deadlines[0].ladder[1].transition", R"("by": ["system"]})",
             R"("by": ["system"], "reason": "required"})");
        says("core.manifest.unknown_key", "$.transitions[1].form_", R"("reason": "required", "notices")",
             R"("form_": "x", "reason": "required", "notices")");
        says("core.manifest.missing", "$.open", R"({"to": "submitted", "by": ["applicant", "role:agent"],)", R"({"to": "submitted",)");
    }

    void allFaultsAreToldAtOnce() {
        std::string text = with(R"("kind": "done")", R"("kind": "working")");
        text = text.replace(text.find("relation:handler"), 16, "relation:helperr");
        text = text.replace(text.rfind("\"escalate\""), 10, "\"explode_\"");
        CPPUNIT_ASSERT(problemsOf(text).size() >= 3);
    }

    void brokenTextIsToldWithItsLine() {
        const auto problems = problemsOf("{\n  \"machine\": \"a\",\n  \"title\" \"b\"\n}");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, problems.size());
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.syntax"), problems[0].id);
        CPPUNIT_ASSERT(problems[0].where.starts_with("cases/m.json:3 "));
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.duplicate_key"), problemsOf(R"({"a": 1, "a": 2})")[0].id);
        CPPUNIT_ASSERT(!problemsOf("").empty());
        CPPUNIT_ASSERT(!problemsOf("[]").empty());
        CPPUNIT_ASSERT(!problemsOf("{}").empty());
    }

    void namesOfOtherFilesAreDemanded() {
        plugin::Problems problems;
        const auto m = readMachine(caseSchema(), ticketMachine, "cases/ticket.json", problems);
        Declared empty;
        checkNames(*m, ticketMachine, empty, problems);
        const auto has = [&](const char* id, const char* where) {
            return std::any_of(problems.begin(), problems.end(), [&](const plugin::Problem& p) {
                return p.id == id && p.where.find(where) != std::string::npos;
            });
        };
        CPPUNIT_ASSERT(has("core.case.unknown_form", "$.form"));
        CPPUNIT_ASSERT(has("core.case.unknown_form", "$.transitions[3].form"));
        CPPUNIT_ASSERT(has("core.case.undeclared_relation", "$.relations[0]"));
        CPPUNIT_ASSERT(has("core.case.unknown_notice", "$.open.notices[0].notice"));
        CPPUNIT_ASSERT(has("core.case.unknown_notice", "$.deadlines[0].ladder[1].notices[1].notice"));
        CPPUNIT_ASSERT(has("core.case.unknown_rule", "$.deadlines[1].term.rule"));
        CPPUNIT_ASSERT(has("core.case.unknown_rule", "$.transitions[10].by[0]"));
        // A rule of another type is none.
        problems.clear();
        Declared wrong;
        rules::Rule rule{"answer_term", rules::RuleType::integer, {}, "s", true, {}};
        rule.values = {{0, Value::of(3), "s", true, false}};
        wrong.rules = std::make_shared<rules::RuleBook>("desk", std::vector<rules::Rule>{rule});
        checkNames(*m, ticketMachine, wrong, problems);
        CPPUNIT_ASSERT(has("core.case.unknown_rule", "$.deadlines[1].term.rule"));
    }

    void visitorsFilesNeedAFormOfOnePage() {
        Declared declared;
        auto form = std::make_shared<forms::Form>();
        form->fields.resize(1);
        form->fields[0].type = forms::FieldType::file;
        declared.forms["ticket"] = form;
        const auto told = [&](std::string_view by) {
            std::string text(ticketMachine);
            const std::string_view usual = R"("by": ["applicant", "role:agent"])";
            text.replace(text.find(usual), usual.size(), by);
            plugin::Problems problems;
            const auto machine = readMachine(caseSchema(), text, "cases/m.json", problems);
            CPPUNIT_ASSERT(machine);
            checkNames(*machine, text, declared, problems);
            return std::any_of(problems.begin(), problems.end(), [](const plugin::Problem& p) {
                return p.id == "core.case.visitors_files" && p.where.find("$.form") != std::string::npos;
            });
        };
        const char* const anyone = R"("by": ["anyone"])";
        form->way = forms::Form::Way::oneThing;
        CPPUNIT_ASSERT(told(anyone));
        CPPUNIT_ASSERT(!told(R"("by": ["applicant"])"));
        form->way = forms::Form::Way::grouped;
        CPPUNIT_ASSERT(told(anyone));
        form->way = forms::Form::Way::one;
        CPPUNIT_ASSERT(!told(anyone));
    }

    void whatAMachineTakesFromItsFormsIsThere() {
        Declared declared;
        const auto form = [&](const char* name, std::vector<std::string> fields) {
            forms::Form made;
            made.name = name;
            for (const std::string& field : fields) {
                forms::Field one;
                one.name = field;
                one.personal = field == "phone";
                made.fields.push_back(one);
            }
            declared.forms[name] = std::make_shared<const forms::Form>(made);
        };
        form("ticket", {"subject", "phone"});
        form("pass", {"where"});
        const auto problemsIn = [&](const std::string& text) {
            plugin::Problems problems;
            const auto m = readMachine(caseSchema(), text, "cases/ticket.json", problems);
            CPPUNIT_ASSERT(m && problems.empty());
            checkNames(*m, text, declared, problems);
            return problems;
        };
        const auto has = [](const plugin::Problems& problems, const char* id, const char* where) {
            return std::any_of(problems.begin(), problems.end(), [&](const plugin::Problem& p) {
                return p.id == id && p.where.starts_with("cases/ticket.json:") &&
                       p.where.find(where) != std::string::npos;
            });
        };
        std::string text(ticketMachine);
        const auto problems = problemsIn(text);
        CPPUNIT_ASSERT(has(problems, "core.case.unknown_field", " $.transitions[5].organisation"));
        CPPUNIT_ASSERT(!has(problems, "core.case.unknown_field", " $.titled_by"));
        const std::string titled = "\"titled_by\": \"subject\"";
        const std::size_t at = text.find(titled);
        text.replace(at, titled.size(), "\"titled_by\": \"phone\"");
        CPPUNIT_ASSERT(has(problemsIn(text), "core.case.title_personal", ":3 $.titled_by"));
        text.replace(at, std::string("\"titled_by\": \"phone\"").size(), "\"titled_by\": \"nothing\"");
        CPPUNIT_ASSERT(has(problemsIn(text), "core.case.unknown_field", ":3 $.titled_by"));
        form("pass", {"office"});
        CPPUNIT_ASSERT(!has(problemsIn(text), "core.case.unknown_field", " $.transitions[5].organisation"));
    }

    void actorsAreReadAndWritten() {
        for (const char* text : {"anyone", "applicant", "assignee", "system", "role:a", "role:a@origin", "role:a@any",
                                 "rule:x@any", "relation:r", "desk:d", "token:t.x"})
            CPPUNIT_ASSERT_EQUAL(std::string(text), Actor::read(text).value().text());
        for (const char* text : {"", "role", "role:", "role:a@", "role:a@here", "desk:d@any", "applicant:x", "x:y", "anyone:"})
            CPPUNIT_ASSERT_MESSAGE(text, !Actor::read(text));
    }

    void numbersOfEveryForm() {
        const Micros newYear = 1'767'196'800'000'000; // 2026-01-01 00:00 in China, still 2025 in Greenwich
        const auto form = NumberForm::parse("事{yy}{mm}{dd}/{seq:3}-{yyyy}").take();
        CPPUNIT_ASSERT_EQUAL(std::string("事260101/042-2026"), form.number(newYear, 42));
        CPPUNIT_ASSERT_EQUAL(std::string("事251231/12345-2025"), form.number(newYear - 1, 12345));
        CPPUNIT_ASSERT(form.period(newYear) != form.period(newYear - 1));
        CPPUNIT_ASSERT_EQUAL(form.period(newYear), form.period(newYear + 5));
        for (const char* bad : {"", "HD", "{seq:2}", "{seq:10}", "{seq:5}{seq:5}", "{seq:5", "seq:5}", "{YYYY}{seq:5}",
                                "{seq:5}01234567890123456789012345678901234"})
            CPPUNIT_ASSERT_MESSAGE(bad, !NumberForm::parse(bad));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MachineReaderTest);

} // namespace
