// SPDX-License-Identifier: Apache-2.0
#include "epcis/Context.h"
#include "epcis/Decimal.h"
#include "epcis/Time.h"
#include "epcis/Uri.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

using namespace dalate::traceability::epcis;

namespace {

Decimal number(std::string_view text) {
    return Decimal::parse(text).value();
}

class NumbersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NumbersTest);
    CPPUNIT_TEST(decimalsAreExact);
    CPPUNIT_TEST(decimalsAreOrdered);
    CPPUNIT_TEST(onlyJsonNumbersAreDecimals);
    CPPUNIT_TEST(timesAreReadToTheMicrosecond);
    CPPUNIT_TEST(daysThatDoNotExistAreRefused);
    CPPUNIT_TEST(millisecondsAreRoundedHalfUp);
    CPPUNIT_TEST(urisAreAbsolute);
    CPPUNIT_TEST_SUITE_END();

public:
    void decimalsAreExact() {
        const struct {
            const char *a, *b, *sum, *product;
        } table[] = {
            {"0.1", "0.2", "0.3", "0.02"},
            {"1", "-1", "0", "-1"},
            {"-2.5", "10", "7.5", "-25"},
            {"99999999999999999999.9", "0.1", "100000000000000000000", "9999999999999999999.99"},
            {"1e3", "1E-3", "1000.001", "1"},
            {"0", "-0.0", "0", "0"},
            {"100", "-99.99", "0.01", "-9999"},
            {"-3", "1", "-2", "-3"},
        };
        for (const auto& row : table) {
            CPPUNIT_ASSERT_EQUAL(std::string(row.sum), (number(row.a) + number(row.b)).text());
            CPPUNIT_ASSERT_EQUAL(std::string(row.sum), (number(row.b) + number(row.a)).text());
            CPPUNIT_ASSERT_EQUAL(std::string(row.product), (number(row.a) * number(row.b)).text());
            CPPUNIT_ASSERT((number(row.a) - number(row.a)).isZero());
        }
        for (const auto& [text, plain] :
             {std::pair("12.50", "12.5"), std::pair("-0", "0"), std::pair("1200", "1200"),
              std::pair("0.00120", "0.0012"), std::pair("1.5e-7", "0.00000015"), std::pair("12e2", "1200")})
            CPPUNIT_ASSERT_EQUAL(std::string(plain), number(text).text());
    }

    void decimalsAreOrdered() {
        const char* rising[] = {"-100", "-99.9", "-0.01", "0",  "0.009", "0.01", "0.1",
                                "1",    "1.5",   "2",     "10", "99.9",  "100"};
        for (std::size_t i = 0; i < std::size(rising); ++i)
            for (std::size_t j = 0; j < std::size(rising); ++j) {
                CPPUNIT_ASSERT_EQUAL(i < j, number(rising[i]) < number(rising[j]));
                CPPUNIT_ASSERT_EQUAL(i == j, number(rising[i]) == number(rising[j]));
            }
        CPPUNIT_ASSERT(number("10") == number("10.0"));
    }

    void onlyJsonNumbersAreDecimals() {
        for (const char* text :
             {"", "-", "+1", "01", ".5", "5.", "1e", "1e401", "1e-401", "NaN", "1 ", "0x1", "1,5"})
            CPPUNIT_ASSERT_MESSAGE(text, !Decimal::parse(text));
    }

    void timesAreReadToTheMicrosecond() {
        const struct {
            const char* text;
            std::int64_t micros;
        } table[] = {
            {"1970-01-01T00:00:00Z", 0},
            {"1969-12-31T23:59:59.999999Z", -1},
            {"2026-11-23T00:00:00+00:00", 1'795'392'000'000'000},
            {"2026-11-23T08:00:00.5+08:00", 1'795'392'000'500'000},
            {"2026-11-22t18:00:00.1234567-06:00", 1'795'392'000'123'456},
            {"2024-02-29T00:00:00Z", 1'709'164'800'000'000},
            {"2016-12-31T23:59:60Z", 1'483'228'800'000'000},
            {"2017-01-01T07:59:60+08:00", 1'483'228'800'000'000},
        };
        for (const auto& row : table)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.text, row.micros, parseInstant(row.text).value().micros);
        CPPUNIT_ASSERT(!parseInstant("2026-11-23T00:00:00Z")->offsetMinutes);
        CPPUNIT_ASSERT_EQUAL(-390, parseInstant("2026-11-23T00:00:00-06:30")->offsetMinutes.value());
        CPPUNIT_ASSERT_EQUAL(-360, parseOffset("-06:00").value());
        CPPUNIT_ASSERT_EQUAL(840, parseOffset("+14:00").value());
        for (const char* text : {"+14:01", "8", "+8:00", "Z", "08:00", "+08:60", ""})
            CPPUNIT_ASSERT_MESSAGE(text, !parseOffset(text));
    }

    void daysThatDoNotExistAreRefused() {
        for (const char* text :
             {"2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
              "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
              "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00", "2026-01-01",
              "2026-01-01 00:00:00Z", "2026-01-01T00:00:00+0800", "2026-01-01T00:00:00+08:0",
              "2026-01-01T00:00:00Zz", "-026-01-01T00:00:00Z", ""})
            CPPUNIT_ASSERT_MESSAGE(text, !parseInstant(text));
    }

    void millisecondsAreRoundedHalfUp() {
        const struct {
            const char *text, *millis;
        } table[] = {
            {"2023-02-02T11:04:03.1415Z", "2023-02-02T11:04:03.142Z"},
            {"2023-02-02T11:04:03.1414999Z", "2023-02-02T11:04:03.141Z"},
            {"2023-12-31T23:59:59.9995Z", "2024-01-01T00:00:00.000Z"},
            {"2024-03-01T00:00:00+01:00", "2024-02-29T23:00:00.000Z"},
            {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"},
            {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"},
        };
        for (const auto& row : table)
            CPPUNIT_ASSERT_EQUAL(std::string(row.millis), toUtcMillis(parseInstant(row.text).value().micros));
    }

    void urisAreAbsolute() {
        for (const char* uri : {"urn:a:1", "https://example.org/a?b=c#d", "geo:1,2",
                                "ni:///sha-256;ab?ver=CBV2.0", "ex:a%20b", "urn:epc:idpat:sgtin:1.*"})
            CPPUNIT_ASSERT_MESSAGE(uri, isUri(uri));
        for (const char* text : {"", "shipping", ":", "a:", "1a:b", "ex:a b", "ex:a%2", "ex:<a>",
                                 "https://例.cn/", "ex:a#b#c", "ex:\"a\""})
            CPPUNIT_ASSERT_MESSAGE(text, !isUri(text));
        CPPUNIT_ASSERT(isExtensionKey("ex:产地"));
        CPPUNIT_ASSERT(!isExtensionKey("产地"));
        const Context context;
        CPPUNIT_ASSERT_EQUAL(std::string("https://ref.gs1.org/cbv/Comp-x"), context.iri("cbv:Comp-x"));
        CPPUNIT_ASSERT_EQUAL(std::string("urn:a:1"), context.iri("urn:a:1"));
        const Name name = context.expand("https://example.org/x/field");
        CPPUNIT_ASSERT_EQUAL(std::string("https://example.org/x/"), name.space);
        CPPUNIT_ASSERT_EQUAL(std::string("field"), name.local);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(NumbersTest);

} // namespace
