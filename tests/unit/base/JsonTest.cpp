// SPDX-License-Identifier: Apache-2.0
#include "base/Json.h"

#include <cppunit/extensions/HelperMacros.h>

#include <limits>
#include <string>
#include <vector>

namespace dalate {

class JsonTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JsonTest);
    CPPUNIT_TEST(textsComeBackAsTheyWere);
    CPPUNIT_TEST(numbersKeepTheirDigits);
    CPPUNIT_TEST(escapesAreDecoded);
    CPPUNIT_TEST(whiteSpaceIsFree);
    CPPUNIT_TEST(brokenTextsAreSyntaxErrors);
    CPPUNIT_TEST(badEncodingIsRefused);
    CPPUNIT_TEST(duplicateKeysAreRefusedWithPath);
    CPPUNIT_TEST(depthIsBounded);
    CPPUNIT_TEST(sizeIsBounded);
    CPPUNIT_TEST(errorsTellWhere);
    CPPUNIT_TEST(longKeyIsRefused);
    CPPUNIT_TEST(writeEscapesWhatItMust);
    CPPUNIT_TEST(writeTakesDeepValues);
    CPPUNIT_TEST(bytesAreBase64);
    CPPUNIT_TEST_SUITE_END();

public:
    static std::string again(std::string_view text) {
        auto value = json::parse(text);
        if (!value) return value.error().id() + " " + value.error().details().asText();
        return json::write(*value);
    }
    static std::string refusal(std::string_view text, const json::Limits& limits = {}) {
        const auto value = json::parse(text, limits);
        return value ? "accepted" : value.error().id();
    }
    static std::string path(std::string_view text) {
        const auto value = json::parse(text);
        return value ? "accepted" : std::string(value.error().details()["path"].text());
    }

    void textsComeBackAsTheyWere() {
        for (const char* text : {"null", "true", "false", "0", "\"\"", "\"中文 é 😀\"", "[]", "{}", "[[],{}]",
                                 R"({"a":1,"b":[true,null,"x"],"c":{"":{"d":[{}]}}})",
                                 R"({"b":1,"a":2})"}) // keys keep their order
            CPPUNIT_ASSERT_EQUAL(std::string(text), again(text));
        const auto value = json::parse(R"({"list":[{"name":"甲","n":12}]})");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, *(*(*value)["list"].begin())["n"].integer());
        CPPUNIT_ASSERT_EQUAL(std::string("甲"), std::string((*(*value)["list"].begin())["name"].text()));
    }

    void numbersKeepTheirDigits() {
        for (const char* text : {"12.50", "-0", "0.10000000000000000000000000000000000001", "1e5", "1E+05",
                                 "-1.5e-10", "12345678901234567890123456789012345678901234567890",
                                 "9223372036854775808", "100e-400", "123.4567890123456789e-12", "0e0"})
            CPPUNIT_ASSERT_EQUAL(std::string(text), again(text));
        CPPUNIT_ASSERT_EQUAL(std::string("[1.10,2.0,-3.00]"), again("[1.10, 2.0 ,-3.00]"));
    }

    void escapesAreDecoded() {
        const auto value = json::parse(R"("\"\\\/\b\f\n\r\t\u0041\u4e2d\ud83d\ude00\u0000z")");
        CPPUNIT_ASSERT(value);
        CPPUNIT_ASSERT(value->view().text() == std::string_view("\"\\/\b\f\n\r\tA中😀\0z", 18));
        // 0xED leads Hangul too, which is no surrogate.
        CPPUNIT_ASSERT_EQUAL(std::string("\"\xed\x9f\xbf\""), again("\"\\ud7ff\""));
        CPPUNIT_ASSERT_EQUAL(std::string("\"퀀\""), again("\"퀀\""));
    }

    void whiteSpaceIsFree() {
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a":[1,2]})"), again(" \t\r\n{ \"a\" :\n[ 1 , 2 ] } \n"));
    }

    void brokenTextsAreSyntaxErrors() {
        for (const char* text : {"",           " ",           "{",        "[",
                                 "[1,",        "[1,]",        "{\"a\"}",  "{\"a\":}",
                                 "{\"a\":1,}", "{a:1}",       "{'a':1}",  "[1 2]",
                                 "nul",        "tru",         "True",     "NaN",
                                 "Infinity",   "-Infinity",   "-",        "01",
                                 "1.",         ".5",          "+1",       "1e",
                                 "1e+",        "0x10",        "\"a",      "\"\\x\"",
                                 "\"\\u12\"",  "\"\\u12g4\"", "\"a\nb\"", "\"tab\there\"",
                                 "1 2",        "{} {}",       "[]]",      "null,",
                                 "// c\n1",    "/* c */1",    "1e400",    "[1]x",
                                 "\"\x1f\""})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("core.json.syntax"), refusal(text));
    }

    void badEncodingIsRefused() {
        for (const char* text :
             {"\"\xff\"", "\"\xc3\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xed\xbf\xbf\"",
              "\"\xf4\x90\x80\x80\"", "\"\xe4\xb8\"", "\xef\xbb\xbf{}", "\xfe\xff{}", "{\"\x80\":1}",
              "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\udc00\\ud800\"", "\"\\ud83dx\"",
              "\"a\\uDFFFb\"", "{\"\\udc00\":1}", "\"\\ud800\\ud800\""})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("core.json.encoding"), refusal(text));
        // RapidJSON takes NUL for the end of its input.
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.encoding"), refusal(std::string_view("1\0garbage", 9)));
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.encoding"), refusal(std::string_view("\"a\0b\"", 5)));
    }

    void duplicateKeysAreRefusedWithPath() {
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.duplicate_key"), refusal(R"({"a":1,"a":1})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.duplicate_key"), refusal(R"({"a":1,"\u0061":2})"));
        CPPUNIT_ASSERT_EQUAL(std::string("$.x[1].a"), path(R"({"x":[{"a":1},{"b":1,"a":{},"a":2}]})"));
        CPPUNIT_ASSERT_EQUAL(std::string("$['c:d']"), path(R"({"c:d":1,"c:d":2})"));
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), refusal(R"({"a":{"a":{"a":1}},"b":{"a":1},"A":1})"));
        // Many keys take another way.
        std::string big = "{";
        for (int i = 0; i < 5000; ++i)
            big += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), refusal(big + "\"z\":1}"));
        const auto twice = json::parse("[" + big + "\"k17\":1}]");
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.duplicate_key"), twice.error().id());
        CPPUNIT_ASSERT_EQUAL(std::string("$[0].k17"), std::string(twice.error().details()["path"].text()));
        CPPUNIT_ASSERT_EQUAL(static_cast<std::int64_t>(big.size() + 2),
                             *twice.error().details()["offset"].integer());
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.duplicate_key"), refusal(big + "\"k4999\":1}"));
    }

    void depthIsBounded() {
        const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), refusal(nested(64)));
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.depth"), refusal(nested(65)));
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.depth"), refusal(std::string(1'000'000, '[')));
        std::string maps;
        for (int i = 0; i < 100'000; ++i)
            maps += "{\"a\":";
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.depth"), refusal(maps));
        json::Limits deep;
        deep.depth = 2'000'000;
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), refusal(nested(1'000'000), deep)); // no recursion
    }

    void sizeIsBounded() {
        json::Limits limits;
        limits.bytes = 10;
        limits.nodes = 3;
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), refusal("[1,2]", limits));
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.size"), refusal("[1,2,3]", limits));
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.size"), refusal("\"1234567890\"", limits));
        CPPUNIT_ASSERT_EQUAL(413, json::parse("[1,2,3]", limits).error().status());
    }

    void errorsTellWhere() {
        const auto broken = json::parse(R"({"list":[1,{"x y":tru}]})");
        CPPUNIT_ASSERT_EQUAL(std::string("$.list[1]['x y']"),
                             std::string(broken.error().details()["path"].text()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{21}, *broken.error().details()["offset"].integer());
        CPPUNIT_ASSERT(!broken.error().details()["reason"].text().empty());
        CPPUNIT_ASSERT_EQUAL(std::string("$.a[2]"), path(R"({"a":[[],{"b":1},"\udc00"]})"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4},
                             *json::parse("\"abc\xff\"").error().details()["offset"].integer());
    }

    void longKeyIsRefused() {
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), refusal("{\"" + std::string(65535, 'k') + "\":1}"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.size"),
                             refusal("{\"" + std::string(65536, 'k') + "\":1}"));
    }

    void writeEscapesWhatItMust() {
        CPPUNIT_ASSERT_EQUAL(std::string(R"("\"\\/\b\f\n\r\t\u0001\u001f中\u007f")"),
                             json::write(Value::of("\"\\/\b\f\n\r\t\x01\x1f中\x7f")));
        CPPUNIT_ASSERT_EQUAL(std::string(R"("\u0000")"), json::write(Value::of(std::string(1, '\0'))));
        // Bytes that are no UTF-8 never leave.
        CPPUNIT_ASSERT_EQUAL(std::string(R"("a\ufffdb\ufffd\ufffd")"), json::write(Value::of("a\xff"
                                                                                             "b\xe4\xb8")));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a\"b":-9223372036854775808,"t":true})"),
                             json::write(Value::map([](MapWriter& m) {
                                 m.set("a\"b", std::numeric_limits<std::int64_t>::min()).set("t", true);
                             })));
        std::string out = "x=";
        json::write(Value::of(1), out);
        CPPUNIT_ASSERT_EQUAL(std::string("x=1"), out);
        CPPUNIT_ASSERT_EQUAL(std::string("null"), json::write(ValueView()));
    }

    void writeTakesDeepValues() {
        std::string bytes;
        ValueWriter writer(bytes);
        std::vector<std::size_t> marks;
        for (int i = 0; i < 1'000'000; ++i)
            marks.push_back(writer.open({}, Tag::list));
        for (; !marks.empty(); marks.pop_back())
            writer.close(marks.back());
        const std::string text = json::write(Value::adopt(std::move(bytes)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2'000'000}, text.size());
    }

    void bytesAreBase64() {
        const auto written = [](std::string_view run) {
            return json::write(
                Value::list([&](ListWriter& l) { l.map([&](MapWriter& m) { m.bytes("b", run); }); }));
        };
        CPPUNIT_ASSERT_EQUAL(std::string(R"([{"b":""}])"), written(""));
        CPPUNIT_ASSERT_EQUAL(std::string(R"([{"b":"Zg=="}])"), written("f"));
        CPPUNIT_ASSERT_EQUAL(std::string(R"([{"b":"Zm8="}])"), written("fo"));
        CPPUNIT_ASSERT_EQUAL(std::string(R"([{"b":"Zm9v"}])"), written("foo"));
        CPPUNIT_ASSERT_EQUAL(std::string(R"([{"b":"AP/+"}])"), written(std::string_view("\0\xff\xfe", 3)));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JsonTest);

} // namespace dalate
