// SPDX-License-Identifier: Apache-2.0
#include "FormFixture.h"

#include <algorithm>
#include <filesystem>

using namespace dalate;
using namespace dalate::services::forms;

namespace {

/// "id place" of each problem.
std::vector<std::string> faults(const std::string& text, const std::string& file = "forms/ticket.json") {
    static const Value schema = test::schemaNamed("form.schema.json");
    plugin::Problems problems;
    const auto form = readForm(schema, "helpdesk", text, file, test::dataFile, problems);
    CPPUNIT_ASSERT(!form && !problems.empty());
    std::vector<std::string> shown;
    for (const auto& problem : problems)
        shown.push_back(problem.id + " " + problem.where);
    return shown;
}

std::string fieldsOnly(const std::string& fields, const std::string& more = "") {
    return R"({"form": "ticket", "title": "helpdesk.t", "way": "one")" + more + R"(, "fields": [)" + fields +
           "]}";
}

void oneFault(const std::string& expected, const std::string& text) {
    const auto found = faults(text);
    CPPUNIT_ASSERT_EQUAL(expected, found.front());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(found.back(), std::size_t(1), found.size());
}

class FormReaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FormReaderTest);
    CPPUNIT_TEST(theSamplesFormsAreRead);
    CPPUNIT_TEST(everyFaultIsToldWithFileLineAndPath);
    CPPUNIT_TEST(keysThatDoNotFitTheTypeAreRefused);
    CPPUNIT_TEST(limitsMustFit);
    CPPUNIT_TEST(optionsComeFromOnePlace);
    CPPUNIT_TEST(dependencesLookBack);
    CPPUNIT_TEST(groupsHoldEveryFieldInOrder);
    CPPUNIT_TEST(codeListsAreJudged);
    CPPUNIT_TEST(prefillsAreTakenApart);
    CPPUNIT_TEST_SUITE_END();

public:
    void theSamplesFormsAreRead() {
        const Value schema = test::schemaNamed("form.schema.json");
        int seen = 0;
        for (const char* sample : {"hotline", "helpdesk"}) {
            const auto folder = std::filesystem::path(DALATE_SOURCE_DIR) / "sdk/samples" / sample / "forms";
            if (!std::filesystem::exists(folder)) continue;
            for (const auto& entry : std::filesystem::directory_iterator(folder)) {
                std::ifstream in(entry.path());
                const std::string text{std::istreambuf_iterator<char>(in), {}};
                const ReadFile files = [&](std::string_view path) -> std::optional<std::string> {
                    std::ifstream data(folder.parent_path() / std::string(path));
                    if (!data) return std::nullopt;
                    return std::string(std::istreambuf_iterator<char>(data), {});
                };
                plugin::Problems problems;
                const auto form = readForm(schema, sample, text, "forms/" + entry.path().filename().string(),
                                           files, problems);
                CPPUNIT_ASSERT_MESSAGE(
                    problems.empty() ? "" : problems.front().id + " " + problems.front().where, form);
                ++seen;
            }
        }
        CPPUNIT_ASSERT(seen >= 3);
    }

    void everyFaultIsToldWithFileLineAndPath() {
        const auto found = faults(R"({
    "form": "other",
    "title": "core.t",
    "way": "one",
    "fields": [
        {"name": "a", "type": "text", "label": "helpdesk.a"},
        {"name": "a", "type": "text",
         "label": "traceability.a"}
    ]
})");
        const std::vector<std::string> expected{
            "core.form_file.name forms/ticket.json:2 $.form",
            "core.form_file.text_id forms/ticket.json:3 $.title",
            "core.form_file.text_id forms/ticket.json:8 $.fields[1].label",
            "core.form_file.twice forms/ticket.json:7 $.fields[1].name"};
        CPPUNIT_ASSERT_EQUAL(expected.size(), found.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            CPPUNIT_ASSERT_EQUAL(expected[i], found[i]);
        const auto shape =
            faults("{\n\"form\": \"ticket\",\n\"way\": \"two\", \"colour\": 1, \"fields\": []}");
        const auto has = [&](const char* one) {
            return std::find(shape.begin(), shape.end(), one) != shape.end();
        };
        CPPUNIT_ASSERT(has("core.manifest.missing forms/ticket.json:1 $"));
        CPPUNIT_ASSERT(has("core.manifest.value forms/ticket.json:3 $.way"));
        CPPUNIT_ASSERT(has("core.manifest.unknown_key forms/ticket.json:3 $.colour"));
        CPPUNIT_ASSERT(has("core.manifest.count forms/ticket.json:3 $.fields"));
        oneFault("core.json.syntax forms/ticket.json:2", "{\"form\":\n nope}");
    }

    void keysThatDoNotFitTheTypeAreRefused() {
        oneFault("core.form_file.key forms/ticket.json:1 $.fields[0].min",
                 fieldsOnly(R"({"name": "a", "type": "phone", "label": "helpdesk.a", "min": 3})"));
        oneFault(
            "core.form_file.key forms/ticket.json:1 $.fields[0].options",
            fieldsOnly(
                R"({"name": "a", "type": "text", "label": "helpdesk.a", "options": [{"value": "x", "label": "helpdesk.x"}]})"));
        oneFault("core.form_file.key forms/ticket.json:1 $.fields[0].decimals",
                 fieldsOnly(R"({"name": "a", "type": "integer", "label": "helpdesk.a", "decimals": 2})"));
        oneFault(
            "core.manifest.value forms/ticket.json:1 $.fields[0].autocomplete",
            fieldsOnly(
                R"({"name": "a", "type": "text", "label": "helpdesk.a", "autocomplete": "mothers-name"})"));
    }

    void limitsMustFit() {
        for (const char* bad : {R"("type": "text", "max": "long")", R"("type": "text", "max": -1)",
                                R"("type": "integer", "max": 1.5)", R"("type": "date", "max": "2026-02-30")",
                                R"("type": "date", "max": {"rule": "x"})",
                                R"("type": "integer", "max": {"rule": "x", "or": 1})",
                                R"("type": "integer", "max": "today")", R"("type": "decimal", "max": true)"})
            oneFault("core.form_file.limit forms/ticket.json:1 $.fields[0].max",
                     fieldsOnly(std::string(R"({"name": "a", "label": "helpdesk.a", )") + bad + "}"));
        oneFault("core.form_file.range forms/ticket.json:1 $.fields[0].min",
                 fieldsOnly(R"({"name": "a", "type": "text", "label": "helpdesk.a", "min": 3, "max": 2})"));
    }

    void optionsComeFromOnePlace() {
        const char* bad[] = {
            "", R"(, "options": [{"value": "x", "label": "helpdesk.x"}], "codes": "data/towns.json")"};
        for (const char* more : bad)
            oneFault("core.form_file.options forms/ticket.json:1 $.fields[0]",
                     fieldsOnly(std::string(R"({"name": "a", "type": "choice", "label": "helpdesk.a")") +
                                more + "}"));
        oneFault(
            "core.form_file.twice forms/ticket.json:1 $.fields[0].options[1].value",
            fieldsOnly(
                R"({"name": "a", "type": "choice", "label": "helpdesk.a", "options": [{"value": "x", "label": "helpdesk.x"}, )"
                R"({"value": "x", "label": "helpdesk.y"}]})"));
    }

    void dependencesLookBack() {
        const std::string choice =
            R"({"name": "a", "type": "choice", "label": "helpdesk.a", "options": [{"value": "x", "label": "helpdesk.x"}]})";
        const std::string text =
            R"({"name": "b", "type": "text", "label": "helpdesk.b", "when": {"field": "a", "is": ["x"]}})";
        test::formOf(fieldsOnly(choice + "," + text));
        oneFault("core.form_file.earlier forms/ticket.json:1 $.fields[0].when.field",
                 fieldsOnly(text + "," + choice));
        oneFault(
            "core.form_file.when_value forms/ticket.json:1 $.fields[1].when.is[0]",
            fieldsOnly(
                choice +
                R"(,{"name": "b", "type": "text", "label": "helpdesk.b", "when": {"field": "a", "is": ["y"]}})"));
        oneFault(
            "core.form_file.earlier forms/ticket.json:1 $.fields[0].when.field",
            fieldsOnly(
                R"({"name": "b", "type": "text", "label": "helpdesk.b", "when": {"field": "b", "is": ["y"]}})"));
        oneFault(
            "core.form_file.codes_of forms/ticket.json:1 $.fields[0].codes",
            fieldsOnly(
                R"({"name": "v", "type": "select", "label": "helpdesk.v", "codes": "data/villages.json"})"));
        oneFault(
            "core.form_file.codes_of forms/ticket.json:1 $.fields[1].codes",
            fieldsOnly(
                choice +
                R"(,{"name": "v", "type": "select", "label": "helpdesk.v", "codes": "data/towns.json", "of": "a"})"));
    }

    void groupsHoldEveryFieldInOrder() {
        const std::string two =
            R"({"name": "a", "type": "text", "label": "helpdesk.a"}, {"name": "b", "type": "text", "label": "helpdesk.b"})";
        const auto grouped = [&](const std::string& groups) {
            return fieldsOnly(two, R"(, "groups": [)" + groups + "]");
        };
        const Form form = test::formOf(
            grouped(R"({"title": "helpdesk.g", "fields": ["a"]}, {"title": "helpdesk.h", "fields": ["b"]})"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), form.groups.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), form.groups[1].fields.at(0));
        oneFault("core.form_file.groups forms/ticket.json:1 $.groups",
                 grouped(R"({"title": "helpdesk.g", "fields": ["a"]})"));
        oneFault("core.form_file.groups forms/ticket.json:1 $.groups[0].fields[0]",
                 grouped(R"({"title": "helpdesk.g", "fields": ["b", "a"]})"));
        oneFault("core.form_file.groups forms/ticket.json:1 $.groups[0].fields[2]",
                 grouped(R"({"title": "helpdesk.g", "fields": ["a", "b", "a"]})"));
    }

    void codeListsAreJudged() {
        oneFault("core.form_file.no_codes forms/ticket.json:1 $.fields[0].codes",
                 fieldsOnly(
                     R"({"name": "a", "type": "select", "label": "helpdesk.a", "codes": "data/none.json"})"));
        const auto found = faults(fieldsOnly(
            R"({"name": "a", "type": "select", "label": "helpdesk.a", "codes": "data/bad.json"})"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), found.size());
        CPPUNIT_ASSERT_EQUAL(std::string("core.form_file.code data/bad.json:2 $.codes[1].colour"), found[0]);
        CPPUNIT_ASSERT_EQUAL(std::string("core.form_file.code data/bad.json:2 $.codes[1].label"), found[1]);
        CPPUNIT_ASSERT_EQUAL(std::string("core.form_file.code data/bad.json:2 $.codes[1].value"), found[2]);
    }

    void prefillsAreTakenApart() {
        const Form form = test::formWith("text", R"("prefill": "people/1.address")");
        CPPUNIT_ASSERT(form.fields[0].prefill.kind == Prefill::Kind::service);
        CPPUNIT_ASSERT_EQUAL(std::string("people/1"), form.fields[0].prefill.service);
        CPPUNIT_ASSERT_EQUAL(std::string("address"), form.fields[0].prefill.method);
        oneFault(
            "core.manifest.pattern forms/ticket.json:1 $.fields[0].prefill",
            fieldsOnly(
                R"({"name": "a", "type": "text", "label": "helpdesk.a", "prefill": "person.password"})"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FormReaderTest);

} // namespace
