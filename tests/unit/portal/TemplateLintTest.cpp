// SPDX-License-Identifier: Apache-2.0
#include "Workshop.h"

#include <cppunit/extensions/HelperMacros.h>

#include <vector>

using namespace dalate::portal;
using dalate::portal::test::Workshop;

class TemplateLintTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TemplateLintTest);
    CPPUNIT_TEST(whatMustNotBeInATemplateIsRefused);
    CPPUNIT_TEST(whatMayBeInATemplateLoads);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatMustNotBeInATemplateIsRefused() {
        const std::vector<std::pair<std::string, std::string>> table{
            {"{{{name}}}", "unescaped data"},
            {"{{&name}}", "unescaped data"},
            {"{{{html_anything}}}", "unescaped data"},
            {"<p title=\"{{{html_svg}}}\">", "stands inside a tag"},
            {"<script>alert(1)</script>", "<script> is inline"},
            {"<script src=\"{{static:portal.css}}\">alert(1)</script>", "<script> has content"},
            {"<script src=\"{{static:portal.css}}\">{{x}}</script>", "a tag stands in <script>"},
            {"<script src=\"/x.js\"></script>", "<script> is inline or from elsewhere"},
            {"<script src=\"{{x}}\"></script>", "takes its address from data"},
            {"<link rel=\"stylesheet\" href=\"https://cdn.example/x.css\">", "<link> is not from"},
            {"<style>p{}</style>", "<style> is not allowed"},
            {"<p style=\"color:red\">", "inline script, style"},
            {"<p STYLE='color:red'>", "inline script, style"},
            {"<p onclick=\"x()\">", "inline script, style"},
            {"<p OnClick=x>", "inline script, style"},
            {"<iframe src=\"/x\"></iframe>", "<iframe> is not allowed"},
            {"<base href=\"/x\">", "<base> is not allowed"},
            {"<meta http-equiv=\"refresh\" content=\"0\">", "http-equiv"},
            {"<a href=\"javascript:x()\">", "script or data address"},
            {"<a href=\"java\nscript:x()\">", "script or data address"},
            {"<a href=\"data:text/html,x\">", "script or data address"},
            {"<p title={{x}}>", "without quotes"},
            {"<p title=a{{x}}>", "without quotes"},
            {"<p {{x}}>", "makes up the name"},
            {"<p data-{{x}}=\"1\">", "makes up the name"},
            {"<h{{x}}>", "makes up the name"},
            {"<{{x}}>", "makes up the name"},
            {"<!-- {{x}} -->", "HTML comment"},
            {"<p title=\"{{>components/csrf}}\">", "stands inside a tag"},
            {"{{#a}}<p title=\"{{/a}}\">", "different places of the markup"},
            {"<p {{#a}}title=\"x{{/a}}\">", "different places of the markup"},
            {"<p title=\"x", "ends inside a tag"},
            {"<!-- x", "ends inside a tag"},
            {"<p", "ends inside a tag"},
            {"1 < 2", "begins no tag"},
            {"<img srcset=\"{{x}} 2x\">", "srcset"},
            {"<a href=\"{{t:core.name}}\">", "begins with a text"},
            {"<form method=\"post\" action=\"/x\"><button>x</button></form>",
             "without the hidden field csrf"},
            {"<form method='POST'></form><form method=\"get\">{{>components/csrf}}</form>",
             "without the hidden field csrf"},
            {"<p {{#a}}x=\"1\"{{/a}}=\"2\">", "has no name"},
        };
        for (const auto& [body, part] : table) {
            Workshop shop;
            shop.page("probe", body);
            const std::string why = shop.refusal();
            CPPUNIT_ASSERT_MESSAGE(body + " gave: " + why, why.find(part) != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(why, why.find("templates/pages/probe.mustache:") != std::string::npos);
        }
    }

    void whatMayBeInATemplateLoads() {
        for (const char* body :
             {"<p title=\"{{a}} and {{b}}\" class='x {{c}}'>{{d}}</p>",
              "<input type=\"checkbox\"{{#on}} checked{{/on}}>", "<input{{#on}} value=\"{{.}}\"{{/on}}>",
              "<p class=\"a{{#b}} c{{/b}}{{^b}} d{{/b}}\">",
              "{{#a}}<a href=\"{{.}}\">{{/a}}x{{#a}}</a>{{/a}}",
              "<!doctype html><!-- plain --><br/><textarea>{{x}} <b></textarea>",
              "<script type=\"module\" src=\"{{static:portal.css}}\"></script>",
              "<link rel=\"stylesheet\" href=\"{{static:portal.css}}\">",
              "<form method=\"post\" action=\"/x/{{id}}\">{{>components/csrf}}</form>",
              "<form method=\"get\" action=\"/x\"><input name=\"q\"></form>",
              "<svg><use href=\"{{static:portal.css}}#{{name}}\"></use></svg>",
              "<td data-first>1 &lt; 2</td>"}) {
            Workshop shop;
            shop.page("probe", body);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(body, std::string(), shop.refusal());
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TemplateLintTest);
