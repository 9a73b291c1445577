// SPDX-License-Identifier: Apache-2.0
#include "Workshop.h"

#include "base/Result.h"
#include "portal/Escape.h"
#include "portal/PageProgram.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdlib>
#include <iterator>

using namespace dalate;
using namespace dalate::portal;
using dalate::portal::test::Workshop;

class RendererTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RendererTest);
    CPPUNIT_TEST(valuesAreEscapedWhereverTheyStand);
    CPPUNIT_TEST(scalarsPrintAndOthersDoNot);
    CPPUNIT_TEST(rowsDoNotSeeTheirParentsFields);
    CPPUNIT_TEST(mapsDoNotSeeTheirParentsFields);
    CPPUNIT_TEST(scalarSectionsKeepTheScope);
    CPPUNIT_TEST(onceSectionsNeitherRepeatNorOpenAScope);
    CPPUNIT_TEST(pageAndModelAreReachedFromRows);
    CPPUNIT_TEST(dataIsNeverReadAsATemplate);
    CPPUNIT_TEST(addressesFromDataKeepToTheSite);
    CPPUNIT_TEST(partsOfAddressesArePercentEncoded);
    CPPUNIT_TEST(rawValuesMustBePlainSvg);
    CPPUNIT_TEST(naughtyStringsComeOutAsText);
    CPPUNIT_TEST(aModelThatIsNoMapRendersEmpty);
    CPPUNIT_TEST(indentationCollapsesButNotInPre);
    CPPUNIT_TEST(titleComesFromCodeOrFromThePage);
    CPPUNIT_TEST(anUnknownPageIsAnError);
    CPPUNIT_TEST_SUITE_END();

    Workshop shop_;

    void same(const std::string& body, std::string_view model, const std::string& expected) {
        CPPUNIT_ASSERT_EQUAL(expected, shop_.rendered(body, model));
    }

public:
    void valuesAreEscapedWhereverTheyStand() {
        same("<p title=\"{{a}}\">{{a}}</p>", R"({"a": "<>&\"'"})",
             "<p title=\"&lt;&gt;&amp;&quot;&apos;\">&lt;&gt;&amp;&quot;&apos;</p>");
        same("{{a}}", R"({"a": "x\u0000y\u0007z"})", "x\xEF\xBF\xBDy\xEF\xBF\xBDz");
        same("<p title=\"{{t:core.odd}}\">", "{}", "<p title=\"&lt;b&gt;&quot;&apos;&amp;\">");
    }

    void scalarsPrintAndOthersDoNot() {
        same("{{a}}|{{b}}|{{c}}|{{d}}|{{e}}|{{f}}|{{g}}",
             R"({"a": 12.50, "b": true, "c": null, "d": [1], "e": {"x": 1}, "f": "字"})",
             "12.50||||"
             "|字|");
        shop_.page("whole", "{{n}}");
        const Value model = Value::map([](MapWriter& m) { m.set("n", -9223372036854775807LL - 1); });
        CPPUNIT_ASSERT_EQUAL(std::string("-9223372036854775808"),
                             Renderer(shop_.store()).page("pages/whole", model, {}));
    }

    void rowsDoNotSeeTheirParentsFields() {
        same("{{#rows}}[{{name}}{{idcard}}]{{/rows}}",
             R"({"idcard": "admin's", "name": "outer", "rows": [{"name": "a"}, {}, {"name": "b"}]})",
             "[a][][b]");
        same("{{#rows}}[{{.}}{{name}}]{{/rows}}", R"({"name": "outer", "rows": ["x", "y"]})", "[x][y]");
        same("{{#rows}}{{^name}}none{{/name}}{{/rows}}", R"({"name": "outer", "rows": [{}]})", "none");
    }

    void mapsDoNotSeeTheirParentsFields() {
        same("{{#user}}{{name}}{{secret}}{{/user}}", R"({"secret": "s", "user": {"name": "n"}})", "n");
        same("{{user.name}}{{user.none.deeper}}", R"({"user": {"name": "n"}})", "n");
    }

    void scalarSectionsKeepTheScope() {
        same("{{#on}}{{name}}{{/on}}{{#name}}<b>{{.}}</b>{{/name}}{{#zero}}z{{/zero}}",
             R"({"on": true, "name": "n", "zero": 0})", "n<b>n</b>z");
        same("{{#no}}x{{/no}}{{#empty}}x{{/empty}}{{#list}}x{{/list}}{{^list}}y{{/list}}",
             R"({"no": false, "empty": "", "list": []})", "y");
    }

    void onceSectionsNeitherRepeatNorOpenAScope() {
        same("{{#?rows}}<ul>{{title}}{{#rows}}<li>{{n}}</li>{{/rows}}</ul>{{/?rows}}{{^?rows}}none{{/?rows}}",
             R"({"title": "T", "rows": [{"n": 1}, {"n": 2}]})", "<ul>T<li>1</li><li>2</li></ul>");
        same("{{#?rows}}x{{/?rows}}{{^?rows}}none{{/?rows}}", R"({"rows": []})", "none");
    }

    void pageAndModelAreReachedFromRows() {
        shop_.page("probe", "{{#rows}}{{page.csrf}}{{model.title}}{{csrf}}{{/rows}}");
        PageContext context;
        context.csrf = "tok<en";
        CPPUNIT_ASSERT_EQUAL(std::string("tok&lt;enT"),
                             shop_.render("probe", R"({"title": "T", "csrf": "no", "rows": [{}]})", context));
        // A model cannot stand in for the page-wide values.
        CPPUNIT_ASSERT_EQUAL(
            std::string("tok&lt;enT"),
            shop_.render(
                "probe",
                R"({"title": "T", "page": {"csrf": "forged"}, "rows": [{"page": {"csrf": "forged"}}]})",
                context));
    }

    void dataIsNeverReadAsATemplate() {
        // A key that equals a component's name, and values that look like tags, stay data.
        shop_.component("card", "<i>{{@text}}</i>", "text");
        same(
            "{{>components/card text=name}}{{name}}",
            R"({"components/card": "{{{secret}}}", "name": "{{{secret}}}{{>components/card}}{{#x}}", "secret": "S"})",
            "<i>{{{secret}}}{{&gt;components/card}}{{#x}}</i>{{{secret}}}{{&gt;components/card}}{{#x}}");
    }

    void addressesFromDataKeepToTheSite() {
        PageContext context;
        context.baseUrl = "http://127.0.0.1:8080";
        const auto href = [&](const std::string& url) {
            shop_.page("link", "<a href=\"{{u}}\">");
            const Value model = Value::map([&](MapWriter& m) { m.set("u", url); });
            return Renderer(shop_.store()).page("pages/link", model, context);
        };
        for (const char* good : {"/", "/a/b?c=d#e", "#f", "?page=2", "https://example.org/", "tel:12345",
                                 "mailto:a@example.org", "http://127.0.0.1:8080/01/1", ""})
            CPPUNIT_ASSERT_EQUAL("<a href=\"" + std::string(good) + "\">", href(good));
        for (const char* bad :
             {"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
              "\x01javascript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example",
              "/\\evil.example", "\\\\evil.example", "http://evil.example/",
              "http://127.0.0.1:8080.evil.example/", "http://127.0.0.1:8080@evil.example/",
              "/\t/evil.example", "file:///etc/passwd", "lots/1"})
            CPPUNIT_ASSERT_EQUAL(std::string("<a href=\"#\">"), href(bad));
    }

    void partsOfAddressesArePercentEncoded() {
        same("<a href=\"/01/{{gtin}}/10/{{lot}}?q={{q}}\">",
             R"({"gtin": "06901234567892", "lot": "A/B?#&\"", "q": "沙 &x=1"})",
             "<a href=\"/01/06901234567892/10/A%2FB%3F%23%26%22?q=%E6%B2%99%20%26x%3D1\">");
        same("<a href=\"tel:{{phone}}\">", R"({"phone": "12345"})", "<a href=\"tel:12345\">");
    }

    void rawValuesMustBePlainSvg() {
        const std::string svg = R"(<svg viewBox='0 0 1 1'><title>a&amp;b</title><path d='M0 0h1'/></svg>)";
        same("<b>{{{html_svg}}}</b>", "{\"html_svg\": \"" + svg + "\"}", "<b>" + svg + "</b>");
        for (const char* bad :
             {"<b>x</b>", "<svg><script>alert(1)</script></svg>", "<svg onload='x'></svg>", "<svg></svg><p>x",
              "<svg><a href='javascript:x'><path/></a></svg>",
              "<svg><foreignObject><p>x</p></foreignObject></svg>", "<svg><path d='M0 0'", "<svg><g></svg>",
              "<svg style='x'></svg>", "x<svg></svg>", "<svg><rect fill='url(https://evil.example/)'/></svg>",
              "<svg><!-- --></svg>", "<svg><a href='/&#9;/evil.example'></a></svg>"}) {
            shop_.page("raw", "[{{{html_svg}}}]");
            const Value model = Value::map([&](MapWriter& m) { m.set("html_svg", bad); });
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("[]"),
                                         Renderer(shop_.store()).page("pages/raw", model, {}));
        }
    }

    void naughtyStringsComeOutAsText() {
        const char* corpora = std::getenv("DALATE_CORPORA");
        std::ifstream in(std::string(corpora ? corpora : "") + "/strings/blns.json", std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(in), {}};
        if (text.empty())
            text =
                R"(["<script>alert(1)</script>", "\" onfocus=\"x", "'; DROP TABLE x; --", "𝕏 \u202e", "{{7*7}}"])";
        const auto strings = json::parse(text);
        CPPUNIT_ASSERT(strings && strings->view().isList());
        shop_.page("naughty", "<p title=\"{{s}}\">{{s}}</p>");
        const Renderer renderer(shop_.store());
        for (const ValueView naughty : strings->view()) {
            const Value model = Value::map([&](MapWriter& m) { m.set("s", naughty); });
            const std::string html = renderer.page("pages/naughty", model, {});
            CPPUNIT_ASSERT_EQUAL(std::size_t(14), html.find("\">") == std::string::npos
                                                      ? 0
                                                      : std::string("<p title=\"\">").size() + 2);
            const std::string inside = html.substr(10, html.find("\">") - 10);
            CPPUNIT_ASSERT_EQUAL("<p title=\"" + inside + "\">" + inside + "</p>", html);
            CPPUNIT_ASSERT(inside.find_first_of("<>\"'") == std::string::npos);
            // Turned back, it is what went in (but for control characters).
            std::string back = inside;
            for (const auto& [entity, plain] :
                 {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}})
                for (std::size_t at = 0; (at = back.find(entity, at)) != std::string::npos; at += 1)
                    back.replace(at, std::string(entity).size(), plain);
            if (inside.find("\xEF\xBF\xBD") == std::string::npos)
                CPPUNIT_ASSERT_EQUAL(std::string(naughty.text()), back);
        }
    }

    void aModelThatIsNoMapRendersEmpty() {
        shop_.page("none", "[{{a}}{{#b}}x{{/b}}]");
        CPPUNIT_ASSERT_EQUAL(std::string("[]"), Renderer(shop_.store()).page("pages/none", ValueView(), {}));
    }

    void indentationCollapsesButNotInPre() {
        same("<p>\n    a  b\n\n    {{x}}\n</p><pre>\n  a\n    {{x}}\n</pre>", R"({"x": "1\n  2"})",
             "<p>\na b\n1\n  2\n</p><pre>\n  a\n    1\n  2\n</pre>");
    }

    void titleComesFromCodeOrFromThePage() {
        shop_.page("titled", "x", "title: t:core.hello\n");
        PageContext context;
        CPPUNIT_ASSERT_EQUAL(std::string("<html><title>你好，w&amp;</title><main>x</main></html>"),
                             shop_.render("titled", R"({"who": "w&"})", context));
        context.title = "<T>";
        context.language = "en";
        CPPUNIT_ASSERT_EQUAL(std::string("<html><title>&lt;T&gt;</title><main>x</main></html>"),
                             shop_.render("titled", "{}", context));
        context.title.clear();
        CPPUNIT_ASSERT(shop_.render("titled", R"({"who": "w"})", context).find("Hello, w") !=
                       std::string::npos);
        context.language = "xx";
        CPPUNIT_ASSERT(shop_.render("titled", R"({"who": "w"})", context).find("你好") != std::string::npos);
    }

    void anUnknownPageIsAnError() {
        CPPUNIT_ASSERT_THROW(Renderer(shop_.store()).page("pages/none", {}, {}), Error);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RendererTest);
