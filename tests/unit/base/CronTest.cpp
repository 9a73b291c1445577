// SPDX-License-Identifier: Apache-2.0
#include "base/Cron.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace {

using namespace dalate;

// 2026-11-23T00:00 in China, a Monday.
constexpr Micros monday = 1'795'363'200'000'000;

class CronTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CronTest);
    CPPUNIT_TEST(isDueByTheClockOfTheCounty);
    CPPUNIT_TEST(isNeverDueAtTheMomentItself);
    CPPUNIT_TEST(stepsRangesAndLists);
    CPPUNIT_TEST(dayOrWeekday);
    CPPUNIT_TEST(sundayHasTwoNames);
    CPPUNIT_TEST(monthsEndsAndLeapDays);
    CPPUNIT_TEST(refusesWhatIsNoRhythm);
    CPPUNIT_TEST_SUITE_END();

    static std::string next(const char* text, Micros after) {
        return toLocalMinute(Cron::parse(text).take().after(after), Cron::chinaOffset);
    }
    static void same(const char* expected, const char* text, Micros after) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(expected), next(text, after));
    }
    static std::string fault(const char* text) {
        const auto cron = Cron::parse(text);
        return cron ? "none" : cron.error().id();
    }

public:
    void isDueByTheClockOfTheCounty() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-23 00:00"), toLocalMinute(monday, Cron::chinaOffset));
        same("2026-11-23 02:30", "30 2 * * *", monday);
        same("2026-11-24 02:30", "30 2 * * *", monday + 3LL * 3'600'000'000);
    }
    void isNeverDueAtTheMomentItself() {
        same("2026-11-24 00:00", "0 0 * * *", monday);
        same("2026-11-23 00:00", "0 0 * * *", monday - 1);
        same("2026-11-23 00:01", "* * * * *", monday + 59'999'999);
    }
    void stepsRangesAndLists() {
        same("2026-11-23 00:15", "*/15 * * * *", monday);
        same("2026-11-23 08:20", "20-40/10 8-18 * * *", monday);
        same("2026-11-23 08:30", "20-40/10 8-18 * * *", monday + 8LL * 3'600'000'000 + 20 * 60'000'000LL);
        same("2026-11-23 06:05", "5,10 6,18 * * *", monday);
    }
    void dayOrWeekday() {
        same("2026-11-27 09:00", "0 9 * * 5", monday);
        same("2026-12-01 09:00", "0 9 1 * *", monday);
        same("2026-11-27 09:00", "0 9 1 * 5", monday);
    }
    void sundayHasTwoNames() {
        same("2026-11-29 01:00", "0 1 * * 0", monday);
        same("2026-11-29 01:00", "0 1 * * 7", monday);
        same("2026-11-28 01:00", "0 1 * * 6-7", monday);
    }
    void monthsEndsAndLeapDays() {
        same("2026-12-31 00:00", "0 0 31 * *", monday);
        same("2028-02-29 00:00", "0 0 29 2 *", monday);
        same("2027-01-01 00:00", "0 0 1 1 *", monday);
        // 2100 has no leap day.
        same("2104-02-29 00:00", "0 0 29 2 *", 4'000'000'000'000'000);
    }
    void refusesWhatIsNoRhythm() {
        for (const char* text : {"", "* * * *", "* * * * * *", "@daily"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("core.cron.fields"), fault(text));
        for (const char* text :
             {"60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8", "*/0 * * * *",
              "5/10 * * * *", "5-1 * * * *", "1,,2 * * * *", "1- * * * *", "-1 * * * *", "+1 * * * *",
              "a * * * *", "* * * JAN *", "1, * * * *", "99999999999 * * * *"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("core.cron.field"), fault(text));
        for (const char* text : {"0 0 30 2 *", "0 0 31 4,6 *"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("core.cron.never"), fault(text));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CronTest);

} // namespace
