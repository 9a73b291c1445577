// SPDX-License-Identifier: Apache-2.0
#include "TestPort.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>

using namespace dalate;
using namespace dalate::plugin;
using namespace dalate::plugin::test;

namespace {

/// A sound manifest with `more` members.
std::string with(const std::string& more) {
    return R"({"id":"demo1","version":"1.2.3","vendor":"gov.dalate","api":"0.2","name":"demo1.name")" +
           (more.empty() ? "" : "," + more) + "}";
}

std::string problemsOf(const std::string& text) {
    return lines(reader().read(text).problems);
}

} // namespace

class ManifestTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ManifestTest);
    CPPUNIT_TEST(readsEveryTypedField);
    CPPUNIT_TEST(tellsEveryProblemAtOnceWithItsPath);
    CPPUNIT_TEST(refusesWhatTheRuntimeCannotDo);
    CPPUNIT_TEST(refusesBadJson);
    CPPUNIT_TEST(refusesEachBrokenRule);
    CPPUNIT_TEST(readsWhatIsDeclaredInFiles);
    CPPUNIT_TEST(readsTheSamples);
    CPPUNIT_TEST(schemaWithUnknownKeywordIsRefused);
    CPPUNIT_TEST(comparesVersionsByNumber);
    CPPUNIT_TEST_SUITE_END();

public:
    void readsEveryTypedField() {
        const Manifest m = manifestOf(with(R"(
            "requires":["people>=1.4.0","maps"],"uses":["jobs/1"],"concurrency":4,
            "permissions":[{"id":"demo1.lot.read","kind":"read","scope":"organisation","grants":["farmer"]}],
            "tables":[{"name":"demo1_lot","scope":{"self":"owner","organisation":["org"]}},{"name":"demo1_code"}],
            "routes":[{"name":"lots","method":"GET","path":"/","access":"permission:demo1.lot.read","token":"demo1.read",
                       "query":{"declared":["page"],"repeatable":["step"],"open":true},"timeout_ms":500},
                      {"name":"scan","method":"GET","path":"/scan/{gtin}","access":"public"},
                      {"name":"send","method":"POST","path":"/lots","access":"public","rate":"30/min","body":{"max":9,"types":["application/json"]}}],
            "aliases":[{"path":"/01/{gtin}","route":"scan"}],
            "menu":[{"route":"lots","label":"demo1.menu","order":7}],
            "settings":[{"name":"grace","type":"integer","default":5}],
            "jobs":[{"name":"sweep","every_s":30,"timeout_s":20},{"name":"nightly","cron":"30 2 * * *",
                "missed":"skip","timeout_s":20,"label":"demo1.nightly","retry":{"attempts":3,"pause_s":60}}],
            "provides":[{"service":"demo1/1","methods":["find"]}])"));
        CPPUNIT_ASSERT_EQUAL(std::string("people"), m.requirements.at(0).id);
        CPPUNIT_ASSERT(m.jobs.at(0).cron.empty() && !m.jobs.at(0).retry && !m.jobs.at(0).skipsMissed);
        const JobRule& nightly = m.jobs.at(1);
        CPPUNIT_ASSERT(nightly.cron == "30 2 * * *" && nightly.skipsMissed &&
                       nightly.label == "demo1.nightly");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, nightly.retry->attempts);
        CPPUNIT_ASSERT_EQUAL(Micros{60'000'000}, nightly.retry->pause);
        CPPUNIT_ASSERT_EQUAL(Micros{3'600'000'000}, nightly.retry->longest);
        CPPUNIT_ASSERT_EQUAL(std::string("1.4.0"), m.requirements.at(0).leastVersion);
        CPPUNIT_ASSERT_EQUAL(std::string(), m.requirements.at(1).leastVersion);
        CPPUNIT_ASSERT_EQUAL(4, *m.concurrency);
        CPPUNIT_ASSERT(m.tables.at(0).scoped && !m.tables.at(1).scoped);
        CPPUNIT_ASSERT_EQUAL(std::string("owner"), m.tables[0].selfColumn);
        CPPUNIT_ASSERT_EQUAL(std::string("/demo1"), m.routes.at(0).path);
        CPPUNIT_ASSERT(m.routes[0].access == Access::permission);
        CPPUNIT_ASSERT_EQUAL(std::string("demo1.lot.read"), m.routes[0].permission);
        CPPUNIT_ASSERT(m.routes[0].query.open);
        CPPUNIT_ASSERT_EQUAL(Micros{500'000}, m.routes[0].timeout);
        CPPUNIT_ASSERT_EQUAL(std::string("/demo1/scan/{gtin}"), m.routes.at(1).path);
        CPPUNIT_ASSERT_EQUAL(30, m.routes.at(2).rate->count);
        CPPUNIT_ASSERT_EQUAL(Micros{60'000'000}, m.routes[2].rate->window);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, m.routes[2].body.max);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, m.aliases.at(0).route);
        CPPUNIT_ASSERT_EQUAL(7, m.menu.at(0).order);
        CPPUNIT_ASSERT_EQUAL(std::string("5"), m.setting("grace")->fallback);
        CPPUNIT_ASSERT(m.setting("grace")->admits("-7") && !m.setting("grace")->admits("many"));
        CPPUNIT_ASSERT_EQUAL(Micros{30'000'000}, m.job("sweep")->every);
        CPPUNIT_ASSERT_EQUAL(std::string("find"), m.provides.at(0).methods.at(0));
    }

    void tellsEveryProblemAtOnceWithItsPath() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("core.manifest.missing@$\n" // name
                        "core.manifest.pattern@$.id\n"
                        "core.manifest.type@$.version\n"
                        "core.manifest.unknown_key@$.colour\n"
                        "core.manifest.missing@$.routes[0]\n" // access
                        "core.manifest.value@$.routes[0].method\n"
                        "core.manifest.unknown_key@$.routes[0].acess\n"
                        "core.manifest.range@$.routes[1].timeout_ms\n"
                        "core.manifest.pattern@$.routes[1].path\n"),
            problemsOf(R"({"id":"Bad Id","version":1,"vendor":"v","api":"0.2","colour":"red","routes":[
                {"name":"a","method":"FETCH","path":"/a","acess":"public"},
                {"name":"b","method":"GET","access":"public","timeout_ms":1,"path":"b/../c"}]})"));
    }

    void refusesWhatTheRuntimeCannotDo() {
        for (const std::string key :
             {"layers", "guides", "helpers", "exchanges", "schema", "http_allow", "native", "indicators"})
            CPPUNIT_ASSERT_EQUAL("core.manifest.unsupported@$." + key + "\n",
                                 problemsOf(with('"' + key + R"(":[])")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.manifest.isolation@$.isolation\n"),
                             problemsOf(with(R"("isolation":"process")")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.manifest.unsupported@$.tables[0].personal\n"),
                             problemsOf(with(R"("tables":[{"name":"demo1_a","personal":["phone"]}])")));
    }

    void refusesBadJson() {
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.syntax@plugin.json\n"), problemsOf("{"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.duplicate_key@plugin.json\n"),
                             problemsOf(R"({"id":"a","id":"b"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.manifest.type@$\n"), problemsOf("[]"));
    }

    void refusesEachBrokenRule() {
        const auto rule = [](const std::string& expected, const std::string& more) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(more, expected + "\n", problemsOf(with(more)));
        };
        const std::string get = R"({"name":"a","method":"GET","path":"/a","access":"public"})";
        rule("core.manifest.no_permission@$.routes[0].access",
             R"("routes":[{"name":"a","method":"GET","path":"/a","access":"permission:demo1.x"}])");
        rule("core.manifest.public_write@$.routes[0]",
             R"("routes":[{"name":"a","method":"POST","path":"/a","access":"public"}])");
        rule("core.manifest.anyone_token@$.routes[0].token",
             R"("routes":[{"name":"a","method":"GET","path":"/a","access":"session","token":"demo1.t"}])");
        rule(
            "core.manifest.body@$.routes[0].body",
            R"("routes":[{"name":"a","method":"GET","path":"/a","access":"public","body":{"max":1,"types":[]}}])");
        rule("core.manifest.twice@$.routes[1]",
             R"("routes":[)" + get + R"(,{"name":"a","method":"GET","path":"/b","access":"public"}])");
        rule("core.plugin.route_conflict@$.routes[1]",
             R"("routes":[{"name":"a","method":"GET","path":"/{x}","access":"public"},
             {"name":"b","method":"GET","path":"/{y}","access":"public"}])");
        rule("core.manifest.twice@$.routes[0].path",
             R"("routes":[{"name":"a","method":"GET","path":"/{x}/{x}","access":"public"}])");
        rule("core.manifest.no_route@$.aliases[0].route",
             R"("routes":[)" + get + R"(],"aliases":[{"path":"/01/{x}","route":"zz"}])");
        for (const std::string path : {"/", "/{x}", "/static/a", "/admin/plugins", "/.well-known"})
            rule("core.manifest.alias@$.aliases[0].path",
                 R"("routes":[)" + get + R"(],"aliases":[{"path":")" + path + R"(","route":"a"}])");
        CPPUNIT_ASSERT_EQUAL(
            std::string(),
            problemsOf(with(R"("routes":[)" + get +
                            R"(],"aliases":[{"path":"/.well-known/gs1resolver","route":"a"}])")));
        rule("core.manifest.menu_count@$.menu[0].count",
             R"("routes":[{"name":"a","method":"GET","path":"/","access":"public"}],
             "provides":[{"service":"demo1/1","methods":["b"]}],
             "menu":[{"route":"a","label":"demo1.m","count":"demo1/2.b"}])");
        rule("core.manifest.menu_route@$.menu[0].route",
             R"("routes":[{"name":"a","method":"GET","path":"/{x}","access":"public"}],
             "menu":[{"route":"a","label":"demo1.m"}])");
        for (const std::string target : {R"("label":"demo1.m")", R"("label":"demo1.m","machine":"ticket")",
                                         R"("label":"demo1.m","page":"list")",
                                         R"("label":"demo1.m","route":"a","machine":"ticket","page":"list")",
                                         R"("label":"demo1.m","route":"a","page":"list")"})
            rule("core.manifest.menu_target@$.menu[0]", R"("cases":["cases/ticket.json"],"routes":[)" + get +
                                                            R"(],"menu":[{)" + target + "}]");
        rule("core.manifest.no_list@$.menu[0].list",
             R"("lists":["lists/calls.json"],"menu":[{"list":"call","label":"demo1.l"}])");
        rule("core.manifest.no_machine@$.menu[0].machine",
             R"("menu":[{"label":"demo1.m","machine":"ticket","page":"list"}])");
        rule("core.manifest.pattern@$.cases[0]", R"("cases":["cases/../ticket.json"])");
        rule("core.manifest.pattern@$.forms[0]", R"("forms":["cases/ticket.json"])");
        rule("core.manifest.repeated@$.rules[1]", R"("rules":["rules/a.json","rules/a.json"])");
        rule("core.manifest.prefix@$.publishes[0]", R"("publishes":["other.ticket_closed/1"])");
        rule("core.manifest.pattern@$.subscribes[0]", R"("subscribes":["other.ticket_closed"])");
        rule("core.manifest.twice@$.notices[1]",
             R"("notices":[{"name":"a","subject":"demo1.a","text":"demo1.b"},
             {"name":"a","subject":"demo1.a","text":"demo1.b"}])");
        rule("core.manifest.prefix@$.notices[0].text",
             R"("notices":[{"name":"a","subject":"demo1.a","text":"other.b"}])");
        rule("core.manifest.prefix@$.tables[0].name", R"("tables":[{"name":"other_lot"}])");
        rule("core.manifest.prefix@$.tables[0].name", R"("tables":[{"name":"demo12_lot"}])");
        rule("core.manifest.prefix@$.permissions[0].id",
             R"("permissions":[{"id":"other.read","kind":"read","scope":"self"}])");
        rule("core.manifest.prefix@$.provides[0].service",
             R"("provides":[{"service":"people/1","methods":["a"]}])");
        rule("core.manifest.setting@$.settings[0].default",
             R"("settings":[{"name":"a","type":"integer","default":"many"}])");
        rule("core.manifest.self_requirement@$.requires[0]", R"("requires":["demo1"])");
        rule("core.manifest.repeated@$.uses[1]", R"("uses":["jobs/1","jobs/1"])");
        rule("core.cron.field@$.jobs[0].cron",
             R"("jobs":[{"name":"sweep","cron":"61 2 * * *","timeout_s":20}])");
        rule("core.cron.fields@$.jobs[0].cron",
             R"("jobs":[{"name":"sweep","cron":"every night","timeout_s":20}])");
        rule("core.cron.never@$.jobs[0].cron",
             R"("jobs":[{"name":"sweep","cron":"0 0 30 2 *","timeout_s":20}])");
        rule("core.manifest.job_rhythm@$.jobs[0]",
             R"("jobs":[{"name":"sweep","cron":"0 2 * * *","every_s":60,"timeout_s":20}])");
        rule("core.manifest.job_rhythm@$.jobs[0]",
             R"("jobs":[{"name":"sweep","missed":"skip","timeout_s":20}])");
        CPPUNIT_ASSERT_EQUAL(
            std::string("core.manifest.reserved@$.id\n"),
            problemsOf(R"({"id":"admin","version":"1.0.0","vendor":"v","api":"0.2","name":"admin.name"})"));
        // A plugin owns the tables that begin with its id, so none may have the first word of one of the core's.
        int tables = 0;
        for (const auto& file : std::filesystem::directory_iterator(DALATE_SOURCE_DIR "/migrations")) {
            std::ifstream in(file.path());
            const std::string create = "CREATE TABLE ";
            for (std::string line; std::getline(in, line);) {
                if (!line.starts_with(create)) continue;
                ++tables;
                const std::string word = line.substr(create.size(), line.find_first_of("_ (", create.size()) - create.size());
                CPPUNIT_ASSERT_EQUAL_MESSAGE(word, std::string("core.manifest.reserved@$.id\n"),
                                             problemsOf(R"({"id":")" + word + R"(","version":"1.0.0","vendor":"v","api":"0.2","name":")" +
                                                        word + R"(.name"})"));
            }
        }
        CPPUNIT_ASSERT(tables > 20);
        CPPUNIT_ASSERT_EQUAL(
            std::string("core.manifest.api@$.api\n"),
            problemsOf(R"({"id":"demo1","version":"1.0.0","vendor":"v","api":"0.9","name":"demo1.name"})"));
    }

    void readsWhatIsDeclaredInFiles() {
        const Manifest m = manifestOf(with(R"(
            "cases":["cases/ticket.json"],"forms":["forms/ticket.json"],
            "rules":["rules/terms.json"],"relations":["handler"],
            "publishes":["demo1.ticket_closed/1"],"subscribes":["other.lot_held/2"],
            "notices":[{"name":"closed","subject":"demo1.closed","text":"demo1.closed_text","urgent":true},
                       {"name":"late","subject":"demo1.late","text":"demo1.late_text"}],
            "menu":[{"machine":"ticket","page":"list","label":"demo1.tickets"},
                    {"machine":"ticket","page":"open","label":"demo1.new"}])"));
        CPPUNIT_ASSERT_EQUAL(std::string("cases/ticket.json"), m.cases.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("forms/ticket.json"), m.forms.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("rules/terms.json"), m.rules.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("handler"), m.relations.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("demo1.ticket_closed/1"), m.publishes.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("other.lot_held/2"), m.subscribes.at(0));
        CPPUNIT_ASSERT(m.notices.at(0).urgent && !m.notices.at(1).urgent);
        CPPUNIT_ASSERT_EQUAL(std::string("demo1.late_text"), m.notices[1].text);
        CPPUNIT_ASSERT(m.menu.at(0).page == MenuItem::Page::list && m.menu.at(1).page == MenuItem::Page::open);
        CPPUNIT_ASSERT_EQUAL(std::string("ticket"), m.menu[1].machine);
        // Only code can take an event; cases alone need none.
        CPPUNIT_ASSERT(m.needsCode());
        CPPUNIT_ASSERT(!manifestOf(with(R"("cases":["cases/ticket.json"])")).needsCode());
    }

    void readsTheSamples() {
        const std::filesystem::path source = DALATE_SOURCE_DIR;
        CPPUNIT_ASSERT_EQUAL(std::string(),
                             problemsOf(readFile(source / "sdk/samples/hello/plugin.json", 1u << 20)));
        for (const auto& folder : std::filesystem::directory_iterator(source / "plugins"))
            if (std::filesystem::exists(folder.path() / "plugin.json"))
                CPPUNIT_ASSERT_EQUAL(std::string(),
                                     problemsOf(readFile(folder.path() / "plugin.json", 1u << 20)));
    }

    void schemaWithUnknownKeywordIsRefused() {
        for (const std::string schema :
             {R"({"type":"object","if":{}})", R"({"properties":{"a":{"format":"uri"}}})",
              R"({"items":{"$ref":"#/$defs/none"}})", R"({"additionalProperties":{}})"})
            try {
                const ManifestReader r(schema);
                CPPUNIT_FAIL(schema);
            } catch (const Error& error) {
                CPPUNIT_ASSERT_EQUAL(std::string("core.manifest.schema"), error.id());
            }
    }

    void comparesVersionsByNumber() {
        CPPUNIT_ASSERT_EQUAL(-1, compareVersions("1.9.0", "1.10.0"));
        CPPUNIT_ASSERT_EQUAL(1, compareVersions("2.0.0", "1.99.99"));
        CPPUNIT_ASSERT_EQUAL(0, compareVersions("1.2.3", "1.2.3"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ManifestTest);
