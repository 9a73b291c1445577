// SPDX-License-Identifier: Apache-2.0
#include "services/rules/Calendar.h"
#include "services/rules/HolidayFile.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <set>

using namespace dalate;
using namespace dalate::services::rules;

namespace {

using Kind = SpecialDay::Kind;

CivilDay day(const char* text) {
    const auto read = parseDay(text);
    CPPUNIT_ASSERT_MESSAGE(text, read.has_value());
    return *read;
}

/// A moment of China's time, "2026-09-30 17:00".
Micros at(const std::string& text) {
    const int hours = std::stoi(text.substr(11, 2)), minutes = std::stoi(text.substr(14, 2));
    return startOf(day(text.substr(0, 10).c_str())) + (hours * 60 + minutes) * Micros{60'000'000};
}

std::string shown(Micros time) {
    return toLocalMinute(time, 480);
}

Term term(const char* text) {
    return Term::parse(text).take();
}

const Calendar& county() {
    static const HolidayFile file =
        HolidayFile::read(std::filesystem::path(DALATE_SOURCE_DIR) / "runtime/data/holidays.json");
    static const Calendar calendar(file.years, {}, file.closesAt);
    return calendar;
}

std::string ends(const char* start, const char* span) {
    return shown(county().add(at(start), term(span)));
}

std::string reasonOf(const std::string& text) {
    try {
        HolidayFile::parse(text, "h.json");
    } catch (const Error& error) {
        CPPUNIT_ASSERT_EQUAL(std::string("core.calendar.file"), error.id());
        return error.details()["where"].asText() + ": " + error.details()["reason"].asText();
    }
    return "accepted";
}

std::string yearWith(const std::string& days) {
    return R"({"closes":"18:00","years":[{"year":2026,"source":"s","text_read":"no","days":[)" + days +
           "]}]}";
}

} // namespace

class CalendarTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CalendarTest);
    CPPUNIT_TEST(aTermIsReadStrictly);
    CPPUNIT_TEST(aDayIsChinasAndNotUtcs);
    CPPUNIT_TEST(elapsedTimeKnowsNoCalendar);
    CPPUNIT_TEST(workdaysLeaveTheFirstDayOutAndEndAtClose);
    CPPUNIT_TEST(workdaysPassHolidaysAndCountWorkingWeekends);
    CPPUNIT_TEST(daysEndAtMidnightAndNeverOnARestDay);
    CPPUNIT_TEST(aTermCrossesTheYearsEnd);
    CPPUNIT_TEST(anUnknownYearIsSaidAndNotGuessed);
    CPPUNIT_TEST(theCountysDaysWin);
    CPPUNIT_TEST(everyNoticeBalancesItsDays);
    CPPUNIT_TEST(aCountOfDaysAgreesWithAWalk);
    CPPUNIT_TEST(aFaultyFileIsRefusedWithItsPlace);
    CPPUNIT_TEST_SUITE_END();

public:
    void aTermIsReadStrictly() {
        CPPUNIT_ASSERT(term("3 workdays") == Term(3, Term::Unit::workdays));
        CPPUNIT_ASSERT(term("1 workday") == Term(1, Term::Unit::workdays));
        CPPUNIT_ASSERT(term("48 h") == Term(48, Term::Unit::hours));
        CPPUNIT_ASSERT(term("10 min") == Term(10, Term::Unit::minutes));
        CPPUNIT_ASSERT(term("30 s") == Term(30, Term::Unit::seconds));
        CPPUNIT_ASSERT(term("5 days") == Term(5, Term::Unit::days));
        CPPUNIT_ASSERT(term("0 s").isZero());
        CPPUNIT_ASSERT_EQUAL(std::string("1 workday"), term("1 workdays").text());
        CPPUNIT_ASSERT_EQUAL(std::string("48 h"), term("48 h").text());
        for (const char* wrong :
             {"", " ", "3", "3workdays", "3  workdays", "3 Workdays", "-3 days", "+3 days", "3.5 h",
              "3 weeks", "h", "100001 s", "99999999999999999999 s", " 3 h", "3 h ", "0x3 h"}) {
            const auto read = Term::parse(wrong);
            CPPUNIT_ASSERT_MESSAGE(wrong, !read);
            CPPUNIT_ASSERT_EQUAL(std::string("core.term.form"), read.error().id());
        }
    }

    void aDayIsChinasAndNotUtcs() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-01"),
                             dayText(civilDayOf(1767196800000000))); // 2025-12-31T16:00Z
        CPPUNIT_ASSERT_EQUAL(std::string("2025-12-31"), dayText(civilDayOf(1767196799999999)));
        CPPUNIT_ASSERT_EQUAL(Micros{1767196800000000}, startOf(day("2026-01-01")));
        CPPUNIT_ASSERT_EQUAL(std::string("1969-12-31"),
                             dayText(civilDayOf(-30'000'000'000))); // 23:40 in China
        for (const char* wrong : {"2026-02-29", "2026-13-01", "2026-1-1", "2026/01/01", "20260101",
                                  "2026-01-0a", "", "1969-12-31", "2026-00-10", "2026-01-32"})
            CPPUNIT_ASSERT_MESSAGE(wrong, !parseDay(wrong));
        CPPUNIT_ASSERT(parseDay("2024-02-29"));
    }

    void elapsedTimeKnowsNoCalendar() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-02 09:30"), ends("2026-09-30 09:30", "48 h"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-01 00:05"), ends("2026-09-30 23:55", "10 min"));
        const Micros start = at("2026-10-03 12:00") + 7;
        CPPUNIT_ASSERT_EQUAL(start + 30'000'000, county().add(start, term("30 s")));
        CPPUNIT_ASSERT_EQUAL(start, county().add(start, term("0 workdays")));
        // Years that nobody knows do not matter to hours.
        CPPUNIT_ASSERT_EQUAL(std::string("2031-05-03 00:00"), ends("2031-05-01 00:00", "48 h"));
    }

    void workdaysLeaveTheFirstDayOutAndEndAtClose() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-26 18:00"), ends("2026-11-23 09:00", "3 workdays"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-26 18:00"), ends("2026-11-23 23:59", "3 workdays"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-26 18:00"), ends("2026-11-23 00:00", "3 workdays"));
        // From a Friday over the weekend; from a Saturday the first day is Monday.
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-30 18:00"), ends("2026-11-27 10:00", "1 workday"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-30 18:00"), ends("2026-11-28 10:00", "1 workday"));
    }

    void workdaysPassHolidaysAndCountWorkingWeekends() {
        // National day 2026: 1 to 7 October rest, Saturday 10 October works.
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-08 18:00"), ends("2026-09-30 16:00", "1 workday"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-10 18:00"), ends("2026-09-30 16:00", "3 workdays"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-12 18:00"), ends("2026-09-30 16:00", "4 workdays"));
        // Spring festival 2026: 15 to 23 February rest; Saturdays 14 and 28 February work.
        CPPUNIT_ASSERT_EQUAL(std::string("2026-02-14 18:00"), ends("2026-02-13 10:00", "1 workday"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-02-24 18:00"), ends("2026-02-13 10:00", "2 workdays"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-02-28 18:00"), ends("2026-02-13 10:00", "6 workdays"));
        // 2025: 28 January to 4 February rest, Sunday 26 January and Saturday 8 February work.
        CPPUNIT_ASSERT_EQUAL(std::string("2025-01-26 18:00"), ends("2025-01-24 10:00", "1 workday"));
        CPPUNIT_ASSERT_EQUAL(std::string("2025-02-05 18:00"), ends("2025-01-24 10:00", "3 workdays"));
        CPPUNIT_ASSERT_EQUAL(std::string("2025-02-08 18:00"), ends("2025-01-24 10:00", "6 workdays"));
        // 2024: 10 to 17 February rest, Sundays 4 and 18 February work.
        CPPUNIT_ASSERT_EQUAL(std::string("2024-02-18 18:00"), ends("2024-02-09 10:00", "1 workday"));
    }

    void daysEndAtMidnightAndNeverOnARestDay() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-28 00:00"),
                             ends("2026-11-22 10:00", "5 days")); // Friday's end
        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-01 00:00"), ends("2026-11-23 10:00", "5 days")); // Saturday
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-09 00:00"),
                             ends("2026-09-26 10:00", "5 days")); // National day
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-11 00:00"),
                             ends("2026-10-05 10:00", "5 days")); // works, a Saturday
    }

    void aTermCrossesTheYearsEnd() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-04 18:00"), ends("2025-12-31 10:00", "1 workday"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-05 18:00"), ends("2025-12-30 10:00", "3 workdays"));
        CPPUNIT_ASSERT_EQUAL(std::string("2025-01-02 18:00"), ends("2024-12-31 10:00", "1 workday"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-05 00:00"), ends("2025-12-27 10:00", "5 days"));
    }

    void anUnknownYearIsSaidAndNotGuessed() {
        CPPUNIT_ASSERT(!county().knows(2027));
        CPPUNIT_ASSERT(!county().isWorkday(day("2027-03-01")).has_value());
        CPPUNIT_ASSERT(county().due(at("2026-12-30 10:00"), term("1 workday")).isCertain());
        const Due due = county().due(at("2026-12-30 10:00"), term("2 workdays"));
        CPPUNIT_ASSERT(!due.isCertain());
        CPPUNIT_ASSERT_EQUAL(2027, *due.unknownYear);
        CPPUNIT_ASSERT_EQUAL(std::string("2027-01-01 18:00"), shown(due.at));
        try {
            county().add(at("2026-12-30 10:00"), term("2 workdays"));
            CPPUNIT_FAIL("a moment of a year that nobody knows");
        } catch (const Error& error) {
            CPPUNIT_ASSERT_EQUAL(409, error.status());
            CPPUNIT_ASSERT_EQUAL(std::string("core.calendar.year_unknown"), error.id());
            CPPUNIT_ASSERT_EQUAL(std::string("2027"), error.details()["year"].asText());
        }
        CPPUNIT_ASSERT_EQUAL(2023, *county().due(at("2023-06-01 10:00"), term("5 days")).unknownYear);
        // A day that the county has settled is known although its year is not.
        const Calendar settled(county().years(), {{day("2027-01-01"), Kind::holiday, "元旦", true},
                                                  {day("2027-01-04"), Kind::workday, "值班", true}});
        CPPUNIT_ASSERT_EQUAL(false, *settled.isWorkday(day("2027-01-01")));
        CPPUNIT_ASSERT(!settled.due(at("2026-12-30 10:00"), term("2 workdays")).isCertain()); // 2 January
    }

    void theCountysDaysWin() {
        const Calendar calendar(county().years(), {{day("2026-11-25"), Kind::holiday, "旗庆", true},
                                                   {day("2026-11-28"), Kind::workday, "旗庆调休", true},
                                                   {day("2026-10-10"), Kind::holiday, "那达慕", true}});
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-26 18:00"),
                             shown(calendar.add(at("2026-11-24 09:00"), term("1 workday"))));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-28 18:00"),
                             shown(calendar.add(at("2026-11-27 09:00"), term("1 workday"))));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-12 18:00"),
                             shown(calendar.add(at("2026-09-30 09:00"), term("3 workdays"))));
        CPPUNIT_ASSERT(calendar.special(day("2026-11-25"))->county);
        CPPUNIT_ASSERT_EQUAL(county().daysOf(2026).size() + 2, calendar.daysOf(2026).size());
    }

    /// A slip in a date shows here: each notice's working weekends and holidays on weekdays give the year's
    /// own number of statutory holidays (11 days of leave until 2024, 13 from 2025, less those that fall on
    /// weekends).
    void everyNoticeBalancesItsDays() {
        const auto working = [](int year) {
            int count = 0;
            for (CivilDay d = day((std::to_string(year) + "-01-01").c_str()); yearOf(d) == year;
                 d += std::chrono::days(1))
                count += *county().isWorkday(d) ? 1 : 0;
            return count;
        };
        // 366 days, 104 weekend days, 11 holidays; 365, 104, 13; 365, 104, 13.
        CPPUNIT_ASSERT_EQUAL(366 - 104 - 11, working(2024));
        CPPUNIT_ASSERT_EQUAL(365 - 104 - 13, working(2025));
        CPPUNIT_ASSERT_EQUAL(365 - 104 - 13, working(2026));
    }

    void aCountOfDaysAgreesWithAWalk() {
        for (CivilDay start = day("2024-01-01"); start < day("2026-10-01"); start += std::chrono::days(1)) {
            CivilDay walk = start;
            for (int left = 10; left > 0;) {
                walk += std::chrono::days(1);
                if (*county().isWorkday(walk)) --left;
            }
            const Micros due = county().add(startOf(start) + 1, term("10 workdays"));
            CPPUNIT_ASSERT_EQUAL(dayText(walk), dayText(civilDayOf(due)));
        }
    }

    void aFaultyFileIsRefusedWithItsPlace() {
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), reasonOf(yearWith("")));
        const std::string place = "$.years[0].days[0]";
        CPPUNIT_ASSERT_EQUAL(place + ".from: a day such as 2026-10-01 is expected",
                             reasonOf(yearWith(R"({"from":"2026-02-30","kind":"holiday","label":"x"})")));
        CPPUNIT_ASSERT_EQUAL(place + ": the days are not of the year",
                             reasonOf(yearWith(R"({"from":"2025-10-01","kind":"holiday","label":"x"})")));
        CPPUNIT_ASSERT_EQUAL(
            place + ".to: a day not before `from` is expected",
            reasonOf(yearWith(R"({"from":"2026-10-02","to":"2026-10-01","kind":"holiday","label":"x"})")));
        CPPUNIT_ASSERT_EQUAL(place + ": 2026-10-09 is a working day without being named",
                             reasonOf(yearWith(R"({"from":"2026-10-09","kind":"workday","label":"x"})")));
        CPPUNIT_ASSERT_EQUAL(place + ".kind: holiday or workday is expected",
                             reasonOf(yearWith(R"({"from":"2026-10-09","kind":"rest","label":"x"})")));
        CPPUNIT_ASSERT_EQUAL(
            place + ": unknown key note",
            reasonOf(yearWith(R"({"from":"2026-10-09","kind":"holiday","label":"x","note":""})")));
        CPPUNIT_ASSERT_EQUAL(
            std::string("$.years[0].days[1]: 2026-10-02 stands twice"),
            reasonOf(yearWith(R"({"from":"2026-10-01","to":"2026-10-03","kind":"holiday","label":"x"},)"
                              R"({"from":"2026-10-02","kind":"holiday","label":"x"})")));
        CPPUNIT_ASSERT_EQUAL(std::string("$: core.json.syntax"), reasonOf("{"));
        CPPUNIT_ASSERT_EQUAL(std::string("$: years is missing"), reasonOf(R"({"closes":"18:00"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("$.closes: an hour such as 18:00 is expected"),
                             reasonOf(R"({"closes":"24:00","years":[]})"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CalendarTest);
