// SPDX-License-Identifier: Apache-2.0
#include "http/Origin.h"
#include "http/HeadParser.h"

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>
#include <string>

using namespace dalate::http;

class OriginTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OriginTest);
    CPPUNIT_TEST(believesNobodyByDefault);
    CPPUNIT_TEST(takesTheRightmostUntrustedAddress);
    CPPUNIT_TEST(stopsAtWhatIsNoAddress);
    CPPUNIT_TEST(takesProtocolAndHostFromTheNearestProxy);
    CPPUNIT_TEST(matchesNetworks);
    CPPUNIT_TEST(refusesBadNetworks);
    CPPUNIT_TEST_SUITE_END();

    static RequestHead head(const std::string& fields) {
        HeadParser parser;
        parser.feed("GET / HTTP/1.1\r\nHost: inner\r\n" + fields + "\r\n");
        CPPUNIT_ASSERT(parser.state() == HeadParser::State::whole);
        return parser.head();
    }
    static std::string client(const std::string& peer, const std::string& fields) {
        const TrustedProxies proxies({"127.0.0.1", "10.0.0.0/8", "fd00::/8"});
        const RequestHead request = head(fields);
        return proxies.resolve(*Address::parse(peer), request).client.text();
    }

public:
    void believesNobodyByDefault() {
        const RequestHead request =
            head("X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: x\r\n");
        const Origin origin = TrustedProxies({}).resolve(*Address::parse("127.0.0.1"), request);
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), origin.client.text());
        CPPUNIT_ASSERT(!origin.secure);
        CPPUNIT_ASSERT_EQUAL(std::string_view("inner"), origin.host);
        CPPUNIT_ASSERT_EQUAL(std::string("9.9.9.9"), client("9.9.9.9", "X-Forwarded-For: 1.2.3.4\r\n"));
    }

    void takesTheRightmostUntrustedAddress() {
        CPPUNIT_ASSERT_EQUAL(std::string("1.2.3.4"), client("127.0.0.1", "X-Forwarded-For: 1.2.3.4\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("1.2.3.4"),
                             client("127.0.0.1", "X-Forwarded-For: 6.6.6.6, 1.2.3.4 , 10.1.1.1\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("1.2.3.4"),
                             client("fd00::1", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.2.3.4\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("2001:db8::7"),
                             client("127.0.0.1", "X-Forwarded-For: [2001:db8::7]\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("10.2.2.2"),
                             client("127.0.0.1", "X-Forwarded-For: 10.2.2.2, 10.1.1.1\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), client("127.0.0.1", ""));
    }

    void stopsAtWhatIsNoAddress() {
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"),
                             client("127.0.0.1", "X-Forwarded-For: 1.2.3.4, unknown\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("10.1.1.1"),
                             client("127.0.0.1", "X-Forwarded-For: 1.2.3.4, x, 10.1.1.1\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), client("127.0.0.1", "X-Forwarded-For:\r\n"));
    }

    void takesProtocolAndHostFromTheNearestProxy() {
        const TrustedProxies proxies({"127.0.0.1"});
        const RequestHead request =
            head("X-Forwarded-Proto: http, HTTPS\r\nX-Forwarded-Host: evil, county.cn:443\r\n");
        const Origin origin = proxies.resolve(*Address::parse("127.0.0.1"), request);
        CPPUNIT_ASSERT(origin.secure);
        CPPUNIT_ASSERT_EQUAL(std::string_view("county.cn:443"), origin.host);
        const RequestHead bad = head("X-Forwarded-Host: a/b\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string_view("inner"),
                             proxies.resolve(*Address::parse("127.0.0.1"), bad).host);
    }

    void matchesNetworks() {
        const TrustedProxies proxies({"192.168.4.0/23", "2001:db8::/33", "::1", "0.0.0.0/32"});
        CPPUNIT_ASSERT(proxies.contains(*Address::parse("192.168.5.255")));
        CPPUNIT_ASSERT(!proxies.contains(*Address::parse("192.168.6.0")));
        CPPUNIT_ASSERT(proxies.contains(*Address::parse("::ffff:192.168.4.1")));
        CPPUNIT_ASSERT(proxies.contains(*Address::parse("2001:db8:7fff::1")));
        CPPUNIT_ASSERT(!proxies.contains(*Address::parse("2001:db8:8000::1")));
        CPPUNIT_ASSERT(proxies.contains(*Address::parse("::1")));
        CPPUNIT_ASSERT(!proxies.contains(*Address::parse("0.0.0.1")));
    }

    void refusesBadNetworks() {
        for (const std::string bad :
             {"", "x", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/8x", "::/129", "1.2.3.4/-1"})
            CPPUNIT_ASSERT_THROW_MESSAGE(bad, TrustedProxies({bad}), std::invalid_argument);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OriginTest);
