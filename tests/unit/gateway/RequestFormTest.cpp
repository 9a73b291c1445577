// SPDX-License-Identifier: Apache-2.0
#include "gateway/Accept.h"
#include "gateway/Cookies.h"
#include "gateway/FormFields.h"
#include "gateway/Headers.h"
#include "gateway/PluginRoute.h"
#include "gateway/RequestTarget.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::gateway;

namespace {

/// The fields as `a=1,2;b=` or the error's id.
std::string read(std::string_view text) {
    const auto fields = parseFields(text);
    if (!fields) return fields.error().id();
    std::string out;
    for (const auto& [name, values] : *fields) {
        if (!out.empty()) out += ';';
        out += name + '=';
        for (std::size_t i = 0; i < values.size(); ++i)
            out += (i ? "," : "") + values[i];
    }
    return out;
}

} // namespace

class RequestFormTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RequestFormTest);
    CPPUNIT_TEST(formsAreReadAsBrowsersWriteThem);
    CPPUNIT_TEST(badFormsAreRefused);
    CPPUNIT_TEST(formsHaveLimits);
    CPPUNIT_TEST(pathsWithASecondSpellingAreRefused);
    CPPUNIT_TEST(redirectsStayOnThisSite);
    CPPUNIT_TEST(hostsAreNamesOnly);
    CPPUNIT_TEST(cookiesAreReadAndFlagged);
    CPPUNIT_TEST(acceptTellsPagesFromJson);
    CPPUNIT_TEST(bodyTypesMatchWithoutParameters);
    CPPUNIT_TEST(entityTagsCompareWeakly);
    CPPUNIT_TEST(queriesObeyTheirRoute);
    CPPUNIT_TEST_SUITE_END();

public:
    void formsAreReadAsBrowsersWriteThem() {
        const struct {
            const char* text;
            const char* expected;
        } cases[] = {
            {"", ""},
            {"a=1", "a=1"},
            {"a=1&b=2", "a=1;b=2"},
            {"a=1&a=2&b=&a=3", "a=1,2,3;b="},
            {"a", "a="},
            {"a=b=c", "a=b=c"},
            {"a=x+y&b=x%2By", "a=x y;b=x+y"},
            {"name=%E7%8E%8B%E5%BB%BA%E5%9B%BD", "name=王建国"},
            {"a=%3Cscript%3E", "a=<script>"},
            {"a=line%0D%0Atwo", "a=line\r\ntwo"},
            {"&&a=1&&", "a=1"},
            {"a%5B%5D=1", "a[]=1"},
        };
        for (const auto& c : cases)
            CPPUNIT_ASSERT_EQUAL(std::string(c.expected), read(c.text));
    }

    void badFormsAreRefused() {
        for (const char* text : {"a=%", "a=%4", "a=%zz", "a=%00", "%00=1", "a=%FF", "a=%C0%80", "a=%ED%A0%80",
                                 "=1", "a%0D%0A=1", "a=%F4%90%80%80", "a=%E7%8E"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("core.form.encoding"), read(text));
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.encoding"), read(std::string_view("a=\0b", 4)));
    }

    void formsHaveLimits() {
        std::string many;
        for (int i = 0; i < 200; ++i)
            many += "f" + std::to_string(i) + "=1&";
        CPPUNIT_ASSERT(parseFields(many));
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.size"), read(many + "one=more"));
        std::string same;
        for (int i = 0; i < 201; ++i)
            same += "a=1&";
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.size"), read(same));
        CPPUNIT_ASSERT(parseFields("a=" + std::string(64 * 1024, 'x')));
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.size"), read("a=" + std::string(64 * 1024 + 1, 'x')));
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.size"), read(std::string(257, 'n') + "=1"));
    }

    void pathsWithASecondSpellingAreRefused() {
        for (const char* path : {"/", "/hello", "/hello/", "/01/06901234567892/10/L%2F2407", "/a/..b/c.",
                                 "/%E7%8E%8B", "/a/.../b", "/~x/$y"})
            CPPUNIT_ASSERT_MESSAGE(path, isPlainPath(path));
        for (const char* path :
             {"",        "*",      "hello",       "//",   "//evil", "/a//b",   "/.",           "/..",
              "/a/../b", "/a/./b", "/a/%2e%2e/b", "/%2E", "/a\\b",  "/a/%5cb", "/%",           "/%4",
              "/%00",    "/%FF",   "/a b",        "/a?b", "/a#b",   "/\x01",   "/\xe7\x8e\x8b"})
            CPPUNIT_ASSERT_MESSAGE(path, !isPlainPath(path));
    }

    void redirectsStayOnThisSite() {
        for (const char* back : {"/", "/bureau/plugins", "/list?page=2&q=%E7%8E%8B", "/a?back=//evil"})
            CPPUNIT_ASSERT_EQUAL(std::string(back), localPathOr(back));
        for (const char* back : {"",
                                 "//evil",
                                 "///evil",
                                 "/\\evil",
                                 "\\\\evil",
                                 "https://evil",
                                 "https:evil",
                                 "javascript:alert(1)",
                                 "evil",
                                 "/a\r\nSet-Cookie: x=1",
                                 "/a?x=\r\n",
                                 "/\tevil",
                                 "/a/../../evil",
                                 "/%2e%2e/evil",
                                 " /evil",
                                 "/a b",
                                 "?x",
                                 "/a?b#c",
                                 "/a?x=\\evil",
                                 "//evil?x",
                                 "/\x7f"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(back, std::string("/"), localPathOr(back));
        CPPUNIT_ASSERT_EQUAL(std::string("/"), localPathOr("/" + std::string(3000, 'a')));
    }

    void hostsAreNamesOnly() {
        for (const char* host : {"localhost", "127.0.0.1:8080", "[::1]:8080", "dalate.example.gov.cn"})
            CPPUNIT_ASSERT(isPlainHost(host));
        for (const char* host : {"", "a b", "evil/..", "a;script-src *", "user@evil", "a,b", "a'b", "a\"b"})
            CPPUNIT_ASSERT_MESSAGE(host, !isPlainHost(host));
        CPPUNIT_ASSERT(!isPlainHost(std::string(256, 'a')));
    }

    void cookiesAreReadAndFlagged() {
        CPPUNIT_ASSERT_EQUAL(std::string("1"), std::string(Cookies::value("a=0; sid=1; b=2", "sid")));
        CPPUNIT_ASSERT_EQUAL(std::string(), std::string(Cookies::value("xsid=1; sidx=2", "sid")));
        CPPUNIT_ASSERT_EQUAL(std::string(), std::string(Cookies::value("sid=1; sid=2", "sid")));
        CPPUNIT_ASSERT_EQUAL(std::string("a=b"), std::string(Cookies::value("sid=a=b", "sid")));
        CPPUNIT_ASSERT_EQUAL(std::string(), std::string(Cookies::value("; ;=;sid", "sid")));
        CPPUNIT_ASSERT_EQUAL(std::string("sid=x; Path=/; HttpOnly; SameSite=Lax"),
                             Cookies::setProtected("sid", "x", CookieWay::loopback));
        CPPUNIT_ASSERT_EQUAL(std::string("__Host-sid=x; Path=/; HttpOnly; SameSite=Lax; Secure"),
                             Cookies::setProtected("sid", "x", CookieWay::tls));
        CPPUNIT_ASSERT_EQUAL(std::string("__Host-sid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"),
                             Cookies::clearProtected("sid", CookieWay::tls));
    }

    void acceptTellsPagesFromJson() {
        CPPUNIT_ASSERT(tasteOf("") == Taste::unsaid);
        CPPUNIT_ASSERT(tasteOf("*/*") == Taste::unsaid);
        CPPUNIT_ASSERT(tasteOf("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8") ==
                       Taste::page);
        CPPUNIT_ASSERT(tasteOf("application/json") == Taste::json);
        CPPUNIT_ASSERT(tasteOf("Application/Problem+JSON; q=0.5, */*") == Taste::json);
        CPPUNIT_ASSERT(tasteOf("application/json, text/html") == Taste::page);
        CPPUNIT_ASSERT(tasteOf(",,;;,") == Taste::unsaid);
    }

    void bodyTypesMatchWithoutParameters() {
        CPPUNIT_ASSERT(typeMatches("application/json; charset=utf-8", "application/json"));
        CPPUNIT_ASSERT(typeMatches("Application/JSON", "application/json"));
        CPPUNIT_ASSERT(typeMatches("image/png", "image/*"));
        CPPUNIT_ASSERT(!typeMatches("image/", "image/*"));
        CPPUNIT_ASSERT(!typeMatches("", "application/json"));
        CPPUNIT_ASSERT(!typeMatches("application/jsonx", "application/json"));
        CPPUNIT_ASSERT(!typeMatches("text/plain", "application/json"));
    }

    void entityTagsCompareWeakly() {
        CPPUNIT_ASSERT(namesTag("\"a\"", "\"a\""));
        CPPUNIT_ASSERT(namesTag("\"x\", W/\"a\"", "\"a\""));
        CPPUNIT_ASSERT(namesTag("\"a\"", "W/\"a\""));
        CPPUNIT_ASSERT(namesTag("*", "\"a\""));
        CPPUNIT_ASSERT(!namesTag("", "\"a\""));
        CPPUNIT_ASSERT(!namesTag("\"b\"", "\"a\""));
    }

    void queriesObeyTheirRoute() {
        plugin::QueryRule rule;
        rule.declared = {"page"};
        rule.repeatable = {"epc"};
        const auto refusal = [&](std::string_view query) -> std::string {
            try {
                checkQuery(parseFields(query).take(), rule);
                return {};
            } catch (const Error& e) {
                return e.id();
            }
        };
        CPPUNIT_ASSERT_EQUAL(std::string(), refusal("page=1&epc=a&epc=b"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.query.repeated"), refusal("page=1&page=2"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.query.unknown"), refusal("role=admin"));
        rule.open = true;
        CPPUNIT_ASSERT_EQUAL(std::string(), refusal("role=admin"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.query.repeated"), refusal("role=admin&role=x"));
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(RequestFormTest);
