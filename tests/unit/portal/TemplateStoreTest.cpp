// SPDX-License-Identifier: Apache-2.0
#include "Workshop.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::portal;
using dalate::portal::test::Workshop;

class TemplateStoreTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TemplateStoreTest);
    CPPUNIT_TEST(componentsReadTheScopeOrTheirArguments);
    CPPUNIT_TEST(argumentsPassThroughComponents);
    CPPUNIT_TEST(circlesAreFound);
    CPPUNIT_TEST(depthAndSizeAreBounded);
    CPPUNIT_TEST(missingThingsAreNamedWithFileAndLine);
    CPPUNIT_TEST(headsAreChecked);
    CPPUNIT_TEST(sectionsMustFit);
    CPPUNIT_TEST(textsBecomeMarkupWithTheirValues);
    CPPUNIT_TEST(pluginsBringPagesTextsAndFiles);
    CPPUNIT_TEST(aFaultyPluginIsRefusedWithAllItsFaults);
    CPPUNIT_TEST(pluginsDoNotUseEachOthersTexts);
    CPPUNIT_TEST(snapshotsDoNotChange);
    CPPUNIT_TEST_SUITE_END();

    Workshop shop_;

    void refused(const std::string& part) {
        const std::string why = shop_.refusal();
        CPPUNIT_ASSERT_MESSAGE("expected `" + part + "` in: " + why, why.find(part) != std::string::npos);
    }

public:
    void componentsReadTheScopeOrTheirArguments() {
        shop_.component("box", "<b>{{@title}}</b>{{#@body}}<p>{{@body}}</p>{{/@body}}{{^@body}}-{{/@body}}",
                        "title, body");
        CPPUNIT_ASSERT_EQUAL(std::string("<b>T</b><p>B</p>"),
                             shop_.rendered("{{>components/box}}", R"({"title": "T", "body": "B"})"));
        // With any argument, the scope's `body` is not taken by accident.
        CPPUNIT_ASSERT_EQUAL(
            std::string("<b>名</b>-"),
            shop_.rendered("{{>components/box title=t:core.name}}", R"({"title": "T", "body": "B"})"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("<b>&lt;x&gt;</b><p>N</p>"),
            shop_.rendered("{{>components/box title=\"<x>\" body=note.text}}", R"({"note": {"text": "N"}})"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("<b>1</b>-<b>2</b>-"),
            shop_.rendered("{{#rows}}{{>components/box title=.}}{{/rows}}", R"({"rows": ["1", "2"]})"));
    }

    void argumentsPassThroughComponents() {
        shop_.component("inner", "<i>{{@name}}</i>", "name");
        shop_.component("outer", "{{>components/inner name=@icon}}", "icon, other");
        CPPUNIT_ASSERT_EQUAL(
            std::string("<i>a</i><i>b</i><i></i>"),
            shop_.rendered(
                "{{>components/outer}}{{>components/outer icon=\"b\"}}{{>components/outer other=\"c\"}}",
                R"({"icon": "a"})"));
    }

    void circlesAreFound() {
        shop_.component("a", "{{>components/b}}");
        shop_.component("b", "\n{{>components/a}}");
        refused("templates/components/b.mustache:6: {{>components/a}} includes itself");
        shop_.component("a", "{{>components/a}}");
        shop_.component("b", "");
        refused("{{>components/a}} includes itself");
    }

    void depthAndSizeAreBounded() {
        for (int i = 0; i < 20; ++i)
            shop_.component("c" + std::to_string(i),
                            i == 19 ? "x" : "{{>components/c" + std::to_string(i + 1) + "}}");
        refused("nested deeper than 16");
        for (int i = 0; i < 15; ++i) {
            std::string body;
            for (int n = 0; n < 8; ++n)
                body += "{{>components/c" + std::to_string(i + 1) + "}}";
            shop_.component("c" + std::to_string(i), i == 14 ? std::string(2000, 'x') : body);
        }
        refused("passes 1 MiB");
    }

    void missingThingsAreNamedWithFileAndLine() {
        shop_.page("probe", "<p>\n{{t:core.none}}\n{{>components/none}}\n<img src=\"{{static:none.png}}\">");
        refused("templates/pages/probe.mustache:6: {{t:core.none}} has no text in zh-CN");
        refused("templates/pages/probe.mustache:7: {{>components/none}} names no component");
        refused("templates/pages/probe.mustache:8: {{static:none.png}} names no file");
        shop_.component("box", "{{@title}}", "title");
        shop_.page("probe", "{{>components/box titel=\"x\"}}");
        refused("{{>components/box}} has no parameter titel");
    }

    void headsAreChecked() {
        shop_.write("templates/pages/probe.mustache", "<p>no head</p>");
        refused("does not begin with a head comment");
        shop_.write("templates/pages/probe.mustache", "{{! page: pages/other\nexample: {}\n}}\n");
        refused("does not name this template");
        shop_.write("templates/pages/probe.mustache", "{{! page: pages/probe\nexample: {\"a\": {}}\n}}\n");
        refused("`} }`");
        shop_.write("templates/pages/probe.mustache", "{{! page: pages/probe\nexample: {\"a\": }\n}}\n");
        refused("no JSON object");
        shop_.write("templates/pages/probe.mustache", "{{! page: pages/probe\n}}\n");
        refused("has no example");
        shop_.page("probe", "{{@x}}");
        refused("{{@x}} is no parameter");
    }

    void sectionsMustFit() {
        shop_.page("probe", "{{#a}}\n{{#b}}{{/a}}");
        refused("{{/a}} closes {{#b}}");
        refused("section {{#a}} is never closed");
        shop_.page("probe", "{{/a}}");
        refused("{{/a}} closes nothing");
        shop_.page("probe", "{{a");
        refused("a tag is not closed");
        shop_.page("probe", "{{=<% %>=}}");
        refused("not allowed here");
        shop_.page("probe", "{{a b}}");
        refused("`a b` is no name");
        shop_.page("probe", "{{lambda()}}");
        refused("is no name");
        std::string deep;
        for (int i = 0; i < 70; ++i)
            deep += "{{#a}}";
        for (int i = 0; i < 70; ++i)
            deep += "{{/a}}";
        shop_.page("probe", deep);
        refused("nested deeper than 64");
    }

    void textsBecomeMarkupWithTheirValues() {
        CPPUNIT_ASSERT_EQUAL(std::string("你好，&lt;w&gt;!"),
                             shop_.rendered("{{t:core.hello}}!", R"({"who": "<w>"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("<a title=\"你好，&quot;\">"),
                             shop_.rendered("<a title=\"{{t:core.hello}}\">", R"({"who": "\""})"));
        PageContext english;
        english.language = "en";
        PageContext mongolian;
        mongolian.language = "mn-Mong";
        // A text that is borrowed from Chinese says so, where an element may stand.
        CPPUNIT_ASSERT_EQUAL(
            std::string("<p title=\"名\"><span lang=\"zh-CN\">名</span></p><option>名</option>"),
            shop_.rendered("<p title=\"{{t:core.name}}\">{{t:core.name}}</p><option>{{t:core.name}}</option>",
                           "{}", mongolian));
        CPPUNIT_ASSERT_EQUAL(std::string("Hello, w"),
                             shop_.rendered("{{t:core.hello}}", R"({"who": "w"})", english));
    }

    void pluginsBringPagesTextsAndFiles() {
        shop_.component("box", "<b>{{@title}}</b>", "title");
        shop_.write("p/templates/list.mustache",
                    "{{! page: demo/list\nlayout: none\nexample: {}\n}}\n{{>components/box "
                    "title=t:demo.name}}{{>demo/row}}<img src=\"{{static:demo/a.svg}}\">");
        shop_.write("p/templates/row.mustache", Workshop::head("component: demo/row") + "<i>{{n}}</i>");
        shop_.write("p/i18n/zh-CN.json", R"({"demo.name": "示例"})");
        shop_.write("p/i18n/en.json", R"({"demo.name": "Demo"})");
        shop_.write("p/static/a.svg", "<svg/>");
        Problems problems;
        const auto store = shop_.store()->with("demo", shop_.root() / "p", problems);
        CPPUNIT_ASSERT(store && problems.empty());
        const std::string html = Renderer(store).page("demo/list", Workshop::model(R"({"n": 1})"), {});
        CPPUNIT_ASSERT_EQUAL(
            std::string("<b>示例</b><i>1</i><img src=\"" + *store->statics().href("demo/a.svg") + "\">"),
            html);
        CPPUNIT_ASSERT_EQUAL(std::string("Demo"), store->texts().tr("en", "demo.name"));
        const auto gone = store->without("demo");
        CPPUNIT_ASSERT(gone->find("demo/list", "en") == nullptr);
        CPPUNIT_ASSERT(gone->statics().href("demo/a.svg") == nullptr);
        CPPUNIT_ASSERT(gone->texts().find("en", "demo.name") == nullptr);
    }

    void aFaultyPluginIsRefusedWithAllItsFaults() {
        shop_.write("p/templates/a.mustache",
                    "{{! page: demo/a\nexample: {}\n}}\n<p style=\"x\">{{t:demo.none}}");
        shop_.write("p/templates/b.mustache", "{{! page: demo/b\nexample: {}\n}}\n{{>components/nope}}");
        shop_.write("p/i18n/zh-CN.json", R"({"demo.only": "一"})");
        Problems problems;
        CPPUNIT_ASSERT(!shop_.store()->with("demo", shop_.root() / "p", problems));
        std::string all;
        for (const Problem& problem : problems)
            all += problem.text() + "\n";
        for (const char* part : {"demo/templates/a.mustache:4: attribute style",
                                 "a.mustache:4: {{t:demo.none}} has no text in zh-CN",
                                 "demo/templates/b.mustache:4: {{>components/nope}}",
                                 "demo/i18n/en.json: there is no text for demo.only"})
            CPPUNIT_ASSERT_MESSAGE(all, all.find(part) != std::string::npos);
        Problems reserved;
        CPPUNIT_ASSERT(!shop_.store()->with("pages", shop_.root() / "p", reserved) && !reserved.empty());
    }

    void pluginsDoNotUseEachOthersTexts() {
        shop_.write("p/i18n/zh-CN.json", R"({"demo.name": "示例"})");
        shop_.write("p/i18n/en.json", R"({"demo.name": "Demo"})");
        shop_.write("p/templates/row.mustache", Workshop::head("component: demo/row") + "x");
        shop_.write("q/templates/a.mustache",
                    Workshop::head("page: demo2/a") + "{{t:demo.name}}{{>demo/row}}");
        Problems problems;
        const auto store = shop_.store()->with("demo", shop_.root() / "p", problems);
        CPPUNIT_ASSERT(store);
        CPPUNIT_ASSERT(!store->with("demo2", shop_.root() / "q", problems));
        // Told in both complete languages and the third: three times the text, once the component.
        CPPUNIT_ASSERT_EQUAL(std::size_t(4), problems.size());
    }

    void snapshotsDoNotChange() {
        shop_.write("p/templates/a.mustache", "{{! page: demo/a\nlayout: none\nexample: {}\n}}\nold");
        Problems problems;
        const auto first = shop_.store()->with("demo", shop_.root() / "p", problems);
        shop_.write("p/templates/a.mustache", "{{! page: demo/a\nlayout: none\nexample: {}\n}}\nnew");
        const auto second = first->with("demo", shop_.root() / "p", problems);
        CPPUNIT_ASSERT_EQUAL(std::string("old"), Renderer(first).page("demo/a", {}, {}));
        CPPUNIT_ASSERT_EQUAL(std::string("new"), Renderer(second).page("demo/a", {}, {}));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TemplateStoreTest);
