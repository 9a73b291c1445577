// SPDX-License-Identifier: Apache-2.0
//
// One sorted list of special days (a holiday on a weekday, a working weekend: 调休上班) and the set of years
// for which the State Council's notice is in the file. A day that is not special works from Monday to Friday.
// Of a year without notice nobody knows the holidays: the calendar says so and never passes its weekends off
// as law.
#pragma once

#include "base/Result.h"
#include "services/rules/CivilDay.h"
#include "services/rules/Term.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::rules {

/// A day that is not what its weekday says.
struct SpecialDay {
    CivilDay day;
    enum class Kind { holiday, workday };
    Kind kind = Kind::holiday;
    /// 国庆节, 春节调休 …: the notice's or the county's words.
    std::string label;
    /// Set by the county's table and not by the file.
    bool county = false;
};

/// What the file holds of one year.
struct HolidayYear {
    int year = 0;
    /// The notice: title, number, address.
    std::string source;
    /// Whether somebody has compared the days with the notice's text.
    bool textRead = false;
    std::vector<SpecialDay> days;
};

/// When a term ends.
struct Due {
    Micros at = 0;
    /// Set where the count touched a year without holiday data: `at` then counts its Saturdays and Sundays as
    /// the only rest days. It is provisional, must be shown as such, and reckoned again once the year is
    /// known.
    std::optional<int> unknownYear;

    bool isCertain() const noexcept { return !unknownYear; }
};

/// The county's working days (工作日历). Immutable; safe from any thread.
///
/// How a term is counted from a moment:
///   - seconds, minutes, hours: elapsed time, to the microsecond, on any day;
///   - days: the day of the start does not count; the term ends at 24:00 of the last day, and where that is a
///     rest day at 24:00 of the next working day (Civil Code, articles 201 and 203);
///   - workdays: the day of the start does not count, whatever its hour; rest days do not count; the term
///   ends at
///     the close of business of the last working day (`closesAt`; Civil Code, article 203 paragraph 2;
///     Administrative Licensing Law, article 82);
///   - a term of zero ends where it starts.
class Calendar {
public:
    /// Close of business when the file says none: 18:00.
    static constexpr std::chrono::minutes usualClose{18 * 60};

    /// `overrides` are the county's days and win over the years' own. A day named twice keeps the last.
    Calendar(std::vector<HolidayYear> years, std::vector<SpecialDay> overrides,
             std::chrono::minutes closesAt = usualClose);

    /// When `term` that starts at `start` ends. Never fails; says when it is provisional.
    Due due(Micros start, const Term& term) const;
    /// The same, for whoever cannot use a provisional moment: throws `Error` 409 `core.calendar.year_unknown`
    /// (details: year).
    Micros add(Micros start, const Term& term) const;

    /// Whether people work on `day`; nothing where its year is unknown, unless the county has settled the
    /// day.
    std::optional<bool> isWorkday(CivilDay day) const noexcept;
    /// Whether the State Council's notice of the year is there.
    bool knows(int year) const noexcept;
    /// The special day, or null.
    const SpecialDay* special(CivilDay day) const noexcept;

    /// The special days of a year, county's included, in order.
    std::vector<SpecialDay> daysOf(int year) const;
    /// Years with a notice, ascending, with their sources.
    const std::vector<HolidayYear>& years() const noexcept { return years_; }
    std::chrono::minutes closesAt() const noexcept { return closesAt_; }

private:
    struct Walk;
    std::vector<HolidayYear> years_;
    std::vector<SpecialDay> days_; ///< by day, each once
    std::chrono::minutes closesAt_;
};

} // namespace dalate::services::rules
