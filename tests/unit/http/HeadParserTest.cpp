// SPDX-License-Identifier: Apache-2.0
#include "http/HeadParser.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace dalate::http;

namespace {

/// 0 when whole, -1 when more is wanted, else the status of the refusal.
int outcome(std::string_view bytes) {
    HeadParser parser;
    parser.feed(bytes);
    switch (parser.state()) {
    case HeadParser::State::whole:
        return 0;
    case HeadParser::State::reading:
        return -1;
    case HeadParser::State::refused:
        return parser.refusal();
    }
    return -2;
}

int outcomeBytewise(std::string_view bytes) {
    HeadParser parser;
    for (const char c : bytes) {
        parser.feed({&c, 1});
        if (parser.state() != HeadParser::State::reading) break;
    }
    return parser.state() == HeadParser::State::whole     ? 0
           : parser.state() == HeadParser::State::reading ? -1
                                                          : parser.refusal();
}

struct Case {
    const char* what;
    std::string bytes;
    int expected;
};

std::string withFields(const std::string& fields) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

void checkAll(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(one.what, one.expected, outcome(one.bytes));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(one.what) + ", octet by octet", one.expected,
                                     outcomeBytewise(one.bytes));
    }
}

} // namespace

class HeadParserTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HeadParserTest);
    CPPUNIT_TEST(readsMethodTargetAndFields);
    CPPUNIT_TEST(keepsValuesRaw);
    CPPUNIT_TEST(leavesWhatFollowsTheHead);
    CPPUNIT_TEST(takesHostAndPathFromAnAbsoluteTarget);
    CPPUNIT_TEST(refusesMalformedRequestLines);
    CPPUNIT_TEST(refusesAmbiguousLengths);
    CPPUNIT_TEST(refusesMalformedFields);
    CPPUNIT_TEST(refusesMissingDoubleOrBadHosts);
    CPPUNIT_TEST(refusesWhatIsTooLarge);
    CPPUNIT_TEST(refusesRubbishBeforeTheLineEnds);
    CPPUNIT_TEST(knowsWhetherTheConnectionStays);
    CPPUNIT_TEST(knowsTheFraming);
    CPPUNIT_TEST(acceptsWhatBrowsersSend);
    CPPUNIT_TEST_SUITE_END();

public:
    void readsMethodTargetAndFields() {
        HeadParser parser;
        parser.feed(
            "DELETE /a%2Fb/c?x=1&y=?2 HTTP/1.1\r\nHost: example.cn:8080\r\nX-Name:  v \t\r\nEmpty:\r\n\r\n");
        CPPUNIT_ASSERT(parser.state() == HeadParser::State::whole);
        const RequestHead& head = parser.head();
        CPPUNIT_ASSERT_EQUAL(std::string_view("DELETE"), head.method());
        CPPUNIT_ASSERT_EQUAL(std::string_view("/a%2Fb/c"), head.path());
        CPPUNIT_ASSERT_EQUAL(std::string_view("x=1&y=?2"), head.query());
        CPPUNIT_ASSERT_EQUAL(std::string_view("example.cn:8080"), head.host());
        CPPUNIT_ASSERT_EQUAL(std::string_view("v"), head.header("x-name").value());
        CPPUNIT_ASSERT_EQUAL(std::string_view(""), head.header("EMPTY").value());
        CPPUNIT_ASSERT(!head.header("absent"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), head.fieldCount());
    }

    void keepsValuesRaw() {
        HeadParser parser;
        const std::string encoded = "=?utf-8?q?a=0D=0ASet-Cookie:x?=";
        parser.feed(withFields("X: " + encoded + "\r\nY: \xe8\x92\x99\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string_view(encoded), parser.head().header("x").value());
        CPPUNIT_ASSERT_EQUAL(std::string_view("\xe8\x92\x99"), parser.head().header("y").value());
        // Decoded, this would be chunked; raw, it is a coding that nobody knows.
        CPPUNIT_ASSERT_EQUAL(501, outcome(withFields("Transfer-Encoding: =?utf-8?q?chunked?=\r\n")));
    }

    void leavesWhatFollowsTheHead() {
        const std::string first = withFields("");
        for (std::size_t cut = 0; cut <= first.size(); ++cut) {
            HeadParser parser;
            const std::string all = first + "BODY";
            std::size_t used = parser.feed(std::string_view(all).substr(0, cut));
            used += parser.feed(std::string_view(all).substr(used));
            CPPUNIT_ASSERT_EQUAL(first.size(), used);
            CPPUNIT_ASSERT(parser.state() == HeadParser::State::whole);
            CPPUNIT_ASSERT_EQUAL(std::size_t(0), parser.feed("more"));
        }
    }

    void takesHostAndPathFromAnAbsoluteTarget() {
        const auto target = [](const std::string& text) {
            HeadParser parser;
            parser.feed("GET " + text + " HTTP/1.1\r\nHost: other\r\n\r\n");
            CPPUNIT_ASSERT_MESSAGE(text, parser.state() == HeadParser::State::whole);
            const RequestHead& head = parser.head();
            return std::string(head.host()) + " " + std::string(head.path()) + " " +
                   std::string(head.query());
        };
        CPPUNIT_ASSERT_EQUAL(std::string("a.cn:81 /p q"), target("http://a.cn:81/p?q"));
        CPPUNIT_ASSERT_EQUAL(std::string("a.cn / "), target("HTTPS://a.cn"));
        CPPUNIT_ASSERT_EQUAL(std::string("a.cn / q=/"), target("http://a.cn?q=/"));
        CPPUNIT_ASSERT_EQUAL(std::string("[::1]:9 /x "), target("http://[::1]:9/x"));
        CPPUNIT_ASSERT_EQUAL(std::string("other /x y"), target("/x?y#fragment"));
        checkAll({{"userinfo", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
                  {"no authority", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
                  {"other scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
                  {"absolute, yet no Host", "GET http://a/ HTTP/1.1\r\n\r\n", 400}});
    }

    void refusesMalformedRequestLines() {
        const std::string rest = "\r\nHost: a\r\n\r\n";
        checkAll({{"two spaces", "GET  / HTTP/1.1" + rest, 400},
                  {"space in target", "GET /a b HTTP/1.1" + rest, 400},
                  {"space after version", "GET / HTTP/1.1 " + rest, 400},
                  {"leading space", " GET / HTTP/1.1" + rest, 400},
                  {"tab", "GET\t/ HTTP/1.1" + rest, 400},
                  {"no version", "GET /" + rest, 400},
                  {"no target", "GET HTTP/1.1" + rest, 400},
                  {"method with markup", "G\"<script> / HTTP/1.1" + rest, 400},
                  {"method is no token", "G@T / HTTP/1.1" + rest, 400},
                  {"long method", std::string(33, 'A') + " / HTTP/1.1" + rest, 400},
                  {"lower-case protocol", "GET / http/1.1" + rest, 400},
                  {"other protocol", "GET / HTCPCP/1" + rest, 400},
                  {"version of two digits", "GET / HTTP/1.10" + rest, 400},
                  {"version without minor", "GET / HTTP/1" + rest, 400},
                  {"version 9.9", "GET / HTTP/9.9" + rest, 505},
                  {"version 2.0", "GET / HTTP/2.0" + rest, 505},
                  {"version 0.9", "GET / HTTP/0.9" + rest, 505},
                  {"version 1.2", "GET / HTTP/1.2" + rest, 505},
                  {"CONNECT", "CONNECT a:443 HTTP/1.1" + rest, 501},
                  {"TRACE", "TRACE / HTTP/1.1" + rest, 501},
                  {"method of RTSP", "ANNOUNCE / HTTP/1.1" + rest, 501},
                  {"lower-case method", "get / HTTP/1.1" + rest, 501},
                  {"preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501},
                  {"star for GET", "GET * HTTP/1.1" + rest, 400},
                  {"star for OPTIONS", "OPTIONS * HTTP/1.1" + rest, 0},
                  {"no slash", "GET a/b HTTP/1.1" + rest, 400},
                  {"raw UTF-8", "GET /\xe8\x92\x99 HTTP/1.1" + rest, 400},
                  {"quote in target", "GET /\"x HTTP/1.1" + rest, 400},
                  {"bare CR in line", "GET / \rHTTP/1.1" + rest, 400},
                  {"bare LF after line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
                  {"NUL in target", std::string("GET /\0 HTTP/1.1", 15) + rest, 400}});
    }

    void refusesAmbiguousLengths() {
        checkAll(
            {{"length and chunked", withFields("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"), 400},
             {"chunked and length", withFields("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"), 400},
             {"two lengths", withFields("Content-Length: 4\r\nContent-Length: 5\r\n"), 400},
             {"two equal lengths", withFields("Content-Length: 4\r\nContent-Length: 4\r\n"), 400},
             {"list of equal lengths", withFields("Content-Length: 4, 4\r\n"), 400},
             {"space before the colon", withFields("Content-Length : 34\r\n"), 400},
             {"minus", withFields("Content-Length: -5\r\n"), 400},
             {"plus", withFields("Content-Length: +3\r\n"), 400},
             {"letters", withFields("Content-Length: 3x\r\n"), 400},
             {"hexadecimal", withFields("Content-Length: 0x10\r\n"), 400},
             {"inner space", withFields("Content-Length: 4 2\r\n"), 400},
             {"empty length", withFields("Content-Length:\r\n"), 400},
             {"overflow", withFields("Content-Length: 18446744073709551617\r\n"), 400},
             {"gzip, chunked", withFields("Transfer-Encoding: gzip, chunked\r\n"), 501},
             {"chunked twice", withFields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
              501},
             {"chunked, identity", withFields("Transfer-Encoding: chunked, identity\r\n"), 501},
             {"xchunked", withFields("Transfer-Encoding: xchunked\r\n"), 501},
             {"empty coding", withFields("Transfer-Encoding:\r\n"), 501},
             {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400}});
    }

    void refusesMalformedFields() {
        checkAll({{"no colon", withFields("NoColon\r\n"), 400},
                  {"no name", withFields(": v\r\n"), 400},
                  {"space in name", withFields("A B: v\r\n"), 400},
                  {"folded", withFields("A: v\r\n more\r\n"), 400},
                  {"folded by tab", withFields("A: v\r\n\tmore\r\n"), 400},
                  {"space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
                  {"bare LF", withFields("A: v\nB: w\r\n"), 400},
                  {"bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
                  {"bare CR", withFields("A: v\rB: w\r\n"), 400},
                  {"CR CR LF", withFields("A: v\r\r\n"), 400},
                  {"NUL", withFields(std::string("A: v\0w\r\n", 8)), 400},
                  {"control octet", withFields("A: v\x01w\r\n"), 400},
                  {"DEL", withFields("A: v\x7fw\r\n"), 400},
                  {"octet above 127 in name", withFields("\xc3\xa4: v\r\n"), 400},
                  {"unknown expectation", withFields("Expect: 200-ok\r\n"), 417}});
    }

    void refusesMissingDoubleOrBadHosts() {
        const auto withHost = [](const std::string& host) {
            return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
        };
        checkAll({{"none", "GET / HTTP/1.1\r\n\r\n", 400},
                  {"two", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
                  {"two in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
                  {"empty", withHost(""), 400},
                  {"list", withHost("a, b"), 400},
                  {"list without space", withHost("a,b"), 400},
                  {"percent", withHost("a%41"), 400},
                  {"raw UTF-8", withHost("\xe8\x92\x99.cn"), 400},
                  {"odd, but a reg-name", withHost("0.0.0.0=5000"), 0},
                  {"path", withHost("a/b"), 400},
                  {"userinfo", withHost("u@a"), 400},
                  {"markup", withHost("<a>"), 400},
                  {"letters as port", withHost("a:http"), 400},
                  {"long port", withHost("a:123456"), 400},
                  {"port only", withHost(":80"), 400},
                  {"open bracket", withHost("[::1"), 400},
                  {"text in brackets", withHost("[x]"), 400},
                  {"name", withHost("tongliao.example.cn"), 0},
                  {"IPv4 with port", withHost("127.0.0.1:8080"), 0},
                  {"IPv6 with port", withHost("[2001:db8::1]:8080"), 0},
                  {"none in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 0}});
    }

    void refusesWhatIsTooLarge() {
        const std::string hundred = [] {
            std::string fields;
            for (int i = 0; i < 99; ++i)
                fields += "X" + std::to_string(i) + ": v\r\n";
            return fields;
        }();
        checkAll(
            {{"100 fields", withFields(hundred), 0},
             {"101 fields", withFields(hundred + "Y: v\r\n"), 431},
             {"field of 15 KiB", withFields("X: " + std::string(15 * 1024, 'v') + "\r\n"), 0},
             {"field of 17 KiB", withFields("X: " + std::string(17 * 1024, 'v') + "\r\n"), 431},
             {"target of 8 KiB", "GET /" + std::string(8191, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 0},
             {"target above 8 KiB", "GET /" + std::string(8192, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
             {"endless target", "GET /" + std::string(20000, 'a'), 414}});
    }

    void refusesRubbishBeforeTheLineEnds() {
        checkAll({{"TLS hello", std::string("\x16\x03\x01\x02", 4), 400},
                  {"NUL", std::string("GET /\0", 6), 400},
                  {"bare CR", "GET / HTTP/1.1\rX", 400},
                  {"many empty lines", "\r\n\r\n\r\n", 400},
                  {"an empty line first", "\r\n" + withFields(""), 0},
                  {"unfinished", "GET / HTTP/1.1\r\nHost: a\r\n", -1},
                  {"nothing", "", -1}});
    }

    void knowsWhetherTheConnectionStays() {
        const auto stays = [](const std::string& head) {
            HeadParser parser;
            parser.feed(head);
            CPPUNIT_ASSERT(parser.state() == HeadParser::State::whole);
            return parser.head().keepAlive();
        };
        CPPUNIT_ASSERT(stays(withFields("")));
        CPPUNIT_ASSERT(stays(withFields("Connection: keep-alive\r\n")));
        CPPUNIT_ASSERT(!stays(withFields("Connection: close\r\n")));
        CPPUNIT_ASSERT(!stays(withFields("Connection: upgrade , CLOSE\r\n")));
        CPPUNIT_ASSERT(!stays(withFields("Connection: x\r\nConnection: close\r\n")));
        CPPUNIT_ASSERT(!stays("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    }

    void knowsTheFraming() {
        const auto read = [](const std::string& fields) {
            HeadParser parser;
            parser.feed(withFields(fields));
            CPPUNIT_ASSERT(parser.state() == HeadParser::State::whole);
            return parser.head();
        };
        CPPUNIT_ASSERT(!read("").hasBody());
        CPPUNIT_ASSERT(!read("Content-Length: 000\r\n").hasBody());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(3), read("content-length: 003\r\n").contentLength());
        CPPUNIT_ASSERT(read("TRANSFER-ENCODING: Chunked\r\n").framing() == Framing::chunked);
        CPPUNIT_ASSERT(read("Expect: 100-Continue\r\nContent-Length: 1\r\n").expectsContinue());
    }

    void acceptsWhatBrowsersSend() {
        const RequestHead head = [] {
            HeadParser parser;
            parser.feed("GET /search?q=%E8%92%99&x={a|b}^`'[1]\\ HTTP/1.1\r\nHost: localhost:8080\r\n"
                        "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*;q=0.8\r\n"
                        "Sec-Ch-Ua: \"Not:A\", \"B\";v=\"9\"\r\nCookie: a=b; c=\"d\"\r\n\r\n");
            CPPUNIT_ASSERT(parser.state() == HeadParser::State::whole);
            return parser.head();
        }();
        CPPUNIT_ASSERT_EQUAL(std::string_view("a=b; c=\"d\""), head.header("Cookie").value());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HeadParserTest);
