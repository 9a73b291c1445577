// SPDX-License-Identifier: Apache-2.0
//
// A machine, a form or a rule that is declared wrongly keeps its plugin off, with the file, the line and what
// to do. A sound service of declarations is broken in one place at a time; each broken one is a plugin of its
// own beside the sound one, all are given to the real lifecycle at once, and the sound one must serve.
#include "base/Ids.h"
#include "base/Json.h"
#include "base/Log.h"
#include "host/PluginHost.h"
#include "plugin/Lifecycle.h"
#include "storage/Migrator.h"
#include "storage/Pool.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace {

using namespace dalate;
namespace fs = std::filesystem;

constexpr const char* manifest =
    R"({"id": "@", "version": "1.0.0", "vendor": "gov.dalate", "api": "0.2", "name": "@.name",
 "relations": ["handler"], "cases": ["cases/call.json"], "forms": ["forms/call.json"], "rules": ["rules/terms.json"],
 "notices": [{"name": "late", "subject": "@.name", "text": "@.name"}]})";

constexpr const char* machineFile = R"({
    "machine": "call",
    "title": "@.name",
    "number": "F{yyyy}-{seq:4}",
    "form": "call",
    "relations": ["handler"],
    "open": {"to": "filed", "by": ["applicant"]},
    "states": [
        {"name": "filed", "label": "@.name", "kind": "waiting"},
        {"name": "late", "label": "@.name", "kind": "working"},
        {"name": "closed", "label": "@.name", "kind": "done"}
    ],
    "transitions": [
        {"name": "close", "label": "@.name", "from": ["filed", "late"], "to": "closed",
         "by": ["role:agent", "rule:closers", "relation:handler"], "reason": "optional"},
        {"name": "escalate", "label": "@.name", "from": ["filed"], "to": "late", "by": ["system"]}
    ],
    "deadlines": [
        {"name": "answer", "in": ["filed"], "term": {"rule": "answer_term"},
         "ladder": [{"after": "0 s", "transition": "escalate"},
                    {"after": "2 days", "notices": [{"to": "role:agent", "notice": "late"}]}]}
    ]
})";

constexpr const char* formFile = R"({
    "form": "call",
    "title": "@.name",
    "way": "grouped",
    "groups": [
        {"title": "@.name", "fields": ["title", "kind"]},
        {"title": "@.name", "fields": ["pages", "phone"]}
    ],
    "fields": [
        {"name": "title", "type": "text", "label": "@.name", "min": 2, "max": 60},
        {"name": "kind", "type": "choice", "label": "@.name", "options": [{"value": "a", "label": "@.name"}, {"value": "b", "label": "@.name"}]},
        {"name": "pages", "type": "integer", "label": "@.name", "max": {"rule": "most_pages"}, "when": {"field": "kind", "is": ["a"]}},
        {"name": "phone", "type": "phone", "label": "@.name", "autocomplete": "tel", "personal": true}
    ]
})";

constexpr const char* rulesFile = R"({"rules": [
    {"name": "answer_term", "type": "term", "source": "s", "text_read": "no",
     "values": [{"from": "2024-01-01", "value": "3 workdays"},
                {"from": "2025-01-01", "value": "2 workdays"}]},
    {"name": "most_pages", "type": "integer", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": 10}]},
    {"name": "closers", "type": "roles", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": ["agent"]}]}
]})";

enum File { cases, forms, rules };
constexpr const char* pathOf[] = {"cases/call.json", "forms/call.json", "rules/terms.json"};
constexpr const char* soundText[] = {machineFile, formFile, rulesFile};

/// One fault: a piece of a sound file and what stands in its place; the line at which it must be told, and
/// its word.
struct Fault {
    File file;
    const char *piece, *instead;
    int line;
    const char* id;
};

const Fault faults[] = {
    {cases, "\"machine\": \"call\"", "\"machine\": \"cal\"", 2, "core.manifest.file_name"},
    {cases, "\"number\"", "\"nubmer\"", 4, "core.manifest.unknown_key"},
    {cases, "{seq:4}", "{seq:1}", 4, "core.case.number_form"},
    {cases, "\"form\": \"call\"", "\"form\": \"called\"", 5, "core.case.unknown_form"},
    {cases, "\"relations\": [\"handler\"]", "\"relations\": [\"keeper\", \"handler\"]", 6,
     "core.case.undeclared_relation"},
    {cases, "{\"to\": \"filed\", \"by\"", "{\"to\": \"sent\", \"by\"", 7, "core.case.unknown_state"},
    {cases, "\"by\": [\"applicant\"]", "\"by\": []", 7, "core.manifest.count"},
    {cases, "\"kind\": \"waiting\"", "\"kind\": \"wiating\"", 9, "core.manifest.value"},
    {cases, "{\"name\": \"late\", \"label\"", "{\"name\": \"filed\", \"label\"", 10, "core.case.twice"},
    {cases, "\"kind\": \"done\"", "\"kind\": \"working\"", 11, "core.case.no_exit"},
    {cases, "\"to\": \"closed\"", "\"to\": \"closde\"", 14, "core.case.unknown_state"},
    {cases, "\"from\": [\"filed\", \"late\"]", "\"from\": [\"filed\", \"lost\"]", 14,
     "core.case.unknown_state"},
    {cases, "\"name\": \"close\"", "\"name\": \"Close it\"", 14, "core.manifest.pattern"},
    {cases, "\"role:agent\", \"rule", "\"agent\", \"rule", 15, "core.manifest.pattern"},
    {cases, "rule:closers", "rule:openers", 15, "core.case.unknown_rule"},
    {cases, "relation:handler", "relation:friend", 15, "core.case.unknown_relation"},
    {cases, "\"reason\": \"optional\"", "\"reason\": \"maybe\"", 15, "core.manifest.value"},
    {cases, "\"reason\": \"optional\"}", "\"reason\": \"optional\", \"form\": \"none\"}", 15,
     "core.case.unknown_form"},
    {cases, "\"name\": \"escalate\", \"label\"", "\"name\": \"close\", \"label\"", 16, "core.case.twice"},
    {cases, "\"by\": [\"system\"]", "\"by\": [\"role:agent\"]", 20, "core.case.rung_system"},
    {cases, "\"in\": [\"filed\"]", "\"in\": [\"closed\"]", 19, "core.case.deadline_state"},
    {cases, "{\"rule\": \"answer_term\"}", "\"3 weeks\"", 19, "core.term.form"},
    {cases, "\"rule\": \"answer_term\"", "\"rule\": \"most_pages\"", 19, "core.case.unknown_rule"},
    {cases, "\"transition\": \"escalate\"", "\"transition\": \"explode\"", 20,
     "core.case.unknown_transition"},
    {cases, "\"2 days\"", "\"0 s\"", 21, "core.case.ladder_order"},
    {cases, "\"notice\": \"late\"", "\"notice\": \"laet\"", 21, "core.case.unknown_notice"},
    {cases, "    \"title\": \"@.name\",\n", "    \"title\" \"@.name\",\n", 3, "core.json.syntax"},
    {forms, "\"form\": \"call\"", "\"form\": \"cal\"", 2, "core.form_file.name"},
    {forms, "\"way\": \"grouped\"", "\"way\": \"all\"", 4, "core.manifest.value"},
    {forms, "[\"title\", \"kind\"]", "[\"title\", \"knid\"]", 6, "core.form_file.groups"},
    {forms, "[\"pages\", \"phone\"]", "[\"pages\"]", 5, "core.form_file.groups"},
    {forms, "\"type\": \"text\"", "\"type\": \"txt\"", 10, "core.manifest.value"},
    {forms, "\"min\": 2", "\"min\": 90", 10, "core.form_file.range"},
    {forms, "\"max\": 60", "\"max\": \"long\"", 10, "core.form_file.limit"},
    {forms, "\"max\": 60", "\"maximum\": 60", 10, "core.manifest.unknown_key"},
    {forms, "\"value\": \"b\"", "\"value\": \"a\"", 11, "core.form_file.twice"},
    {forms, "\"type\": \"choice\"", "\"type\": \"text\"", 11, "core.form_file.key"},
    {forms, "most_pages", "least_pages", 12, "core.form_file.rule"},
    {forms, "\"field\": \"kind\"", "\"field\": \"phone\"", 12, "core.form_file.earlier"},
    {forms, "\"is\": [\"a\"]", "\"is\": [\"c\"]", 12, "core.form_file.when_value"},
    {forms, "\"type\": \"phone\", \"label\": \"@.name\"", "\"type\": \"phone\", \"label\": \"other.name\"",
     13, "core.form_file.text_id"},
    {forms, "\"name\": \"phone\"", "\"name\": \"pages\"", 13, "core.form_file.twice"},
    {forms, "\"autocomplete\": \"tel\"", "\"autocomplete\": \"telephone\"", 13, "core.manifest.value"},
    {forms, "\"way\": \"grouped\",", "\"way\": \"grouped\"", 5, "core.json.syntax"},
    {rules, "\"type\": \"term\"", "\"type\": \"time\"", 2, "core.manifest.value"},
    {rules, "\"3 workdays\"", "\"3 weeks\"", 3, "core.rule.value"},
    {rules, "2025-01-01", "2025-02-30", 4, "core.rule.day"},
    {rules, "2025-01-01", "2023-01-01", 4, "core.rule.order"},
    {rules, "\"value\": 10", "\"value\": \"ten\"", 5, "core.rule.value"},
    {rules, "\"name\": \"closers\"", "\"name\": \"most_pages\"", 6, "core.rule.twice"},
};

void write(const fs::path& file, std::string text, const std::string& id) {
    for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at))
        text.replace(at, 1, id);
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

class FaultyDeclarationsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FaultyDeclarationsTest);
    CPPUNIT_TEST(eachIsRefusedWithFileLineAndRemedy);
    CPPUNIT_TEST_SUITE_END();

    /// A plugin with one fault, or none.
    static void plugin(const fs::path& folder, const std::string& id, const Fault* fault) {
        write(folder / id / "plugin.json", manifest, id);
        write(folder / id / "i18n/zh-CN.json", "{\"@.name\": \"热线\"}", id);
        write(folder / id / "i18n/en.json", "{\"@.name\": \"Hotline\"}", id);
        for (const File file : {cases, forms, rules}) {
            std::string text = soundText[file];
            if (fault && fault->file == file) {
                const std::size_t at = text.find(fault->piece);
                CPPUNIT_ASSERT_MESSAGE(fault->piece, at != std::string::npos);
                text.replace(at, std::string(fault->piece).size(), fault->instead);
            }
            write(folder / id / pathOf[file], text, id);
        }
    }

public:
    void eachIsRefusedWithFileLineAndRemedy() {
        const fs::path folder = fs::temp_directory_path() / ("dalate-faulty-" + randomHex(8)),
                       source = DALATE_SOURCE_DIR;
        log::configure(log::Form::text, static_cast<log::Level>(9));
        plugin(folder / "plugins", "sound", nullptr);
        int number = 0;
        for (const Fault& fault : faults)
            plugin(folder / "plugins", "faulty" + std::to_string(++number), &fault);
        std::ifstream in(source / "runtime/data/messages.json");
        const Value messages = json::parse(std::string((std::istreambuf_iterator<char>(in)), {})).take();

        storage::Pool pool({.file = folder / "test.db"});
        storage::Migrator(pool).run("core", source / "migrations");
        host::PluginHost::Options options;
        options.schemas = source / "sdk/schema";
        host::PluginHost host(options, pool,
                              portal::TemplateStore::core(source / "templates", source / "runtime/i18n",
                                                          source / "runtime/static"));
        plugin::LifecycleOptions life;
        life.folders = {folder / "plugins"};
        life.data = folder / "data";
        life.schema = source / "sdk/schema/plugin.schema.json";
        life.first = plugin::Desired::enabled;
        int broken = 0;
        {
            plugin::Lifecycle lifecycle(life, pool, host);
            host.attach(lifecycle.invoke(), lifecycle.current());
            lifecycle.start();
            lifecycle.settle(std::chrono::seconds(30));
            CPPUNIT_ASSERT(lifecycle.current().get()->find("sound"));
            number = 0;
            for (const Fault& fault : faults) {
                const std::string id = "faulty" + std::to_string(++number);
                const auto status = lifecycle.status(id);
                const std::string at = std::string(pathOf[fault.file]) + ":" + std::to_string(fault.line);
                bool told = false, remedies = true;
                std::string all;
                for (const auto& problem : status->problems) {
                    told = told || (problem.id == fault.id &&
                                    (problem.where == at || problem.where.starts_with(at + " ")));
                    const ValueView entry = messages[problem.id];
                    remedies = remedies && !entry["remedy"].text().empty() &&
                               !entry["zh-CN"]["remedy"].text().empty();
                    all += " " + problem.id + " at " + problem.where + ";";
                }
                if (told && remedies && !lifecycle.current().get()->find(id)) continue;
                ++broken;
                std::printf("  %s: %s expected at %s, told:%s%s\n", fault.instead, fault.id, at.c_str(),
                            all.c_str(), remedies ? "" : " without a remedy");
            }
            lifecycle.stop();
        }
        std::printf(
            "guarantee: faulty declarations refused with file, line and remedy, tries %d, broken %d\n",
            number, broken);
        std::fflush(stdout);
        log::configure(log::Form::text, log::Level::error);
        fs::remove_all(folder);
        CPPUNIT_ASSERT_EQUAL(0, broken);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FaultyDeclarationsTest);

} // namespace
