// SPDX-License-Identifier: Apache-2.0
#include "services/rules/Calendar.h"

#include <algorithm>

namespace dalate::services::rules {
namespace {

constexpr Micros second = 1'000'000;

} // namespace

Calendar::Calendar(std::vector<HolidayYear> years, std::vector<SpecialDay> overrides,
                   std::chrono::minutes closesAt)
    : years_(std::move(years)), closesAt_(closesAt) {
    std::sort(years_.begin(), years_.end(),
              [](const HolidayYear& a, const HolidayYear& b) { return a.year < b.year; });
    std::map<CivilDay, SpecialDay> byDay;
    for (const HolidayYear& year : years_)
        for (const SpecialDay& day : year.days)
            byDay.insert_or_assign(day.day, day);
    for (SpecialDay& day : overrides)
        byDay.insert_or_assign(day.day, std::move(day));
    days_.reserve(byDay.size());
    for (auto& [date, day] : byDay)
        days_.push_back(std::move(day));
}

bool Calendar::knows(int year) const noexcept {
    return std::any_of(years_.begin(), years_.end(),
                       [&](const HolidayYear& each) { return each.year == year; });
}

const SpecialDay* Calendar::special(CivilDay day) const noexcept {
    const auto at =
        std::lower_bound(days_.begin(), days_.end(), day,
                         [](const SpecialDay& special, CivilDay wanted) { return special.day < wanted; });
    return at != days_.end() && at->day == day ? &*at : nullptr;
}

std::optional<bool> Calendar::isWorkday(CivilDay day) const noexcept {
    if (const SpecialDay* settled = special(day)) return settled->kind == SpecialDay::Kind::workday;
    if (!knows(yearOf(day))) return std::nullopt;
    return !isWeekend(day);
}

std::vector<SpecialDay> Calendar::daysOf(int year) const {
    std::vector<SpecialDay> found;
    for (const SpecialDay& day : days_)
        if (yearOf(day.day) == year) found.push_back(day);
    return found;
}

/// Goes from day to day and remembers the first year that nobody knows.
struct Calendar::Walk {
    const Calendar& calendar;
    std::optional<int> unknownYear;

    bool works(CivilDay day) {
        if (const auto known = calendar.isWorkday(day)) return *known;
        if (!unknownYear) unknownYear = yearOf(day);
        return !isWeekend(day);
    }
    /// The day itself or the first after it on which people work. Nobody rests a year long: a table that says
    /// so is taken at its word that far and no further.
    CivilDay workdayFrom(CivilDay day) {
        for (int passed = 0; passed < 366 && !works(day); ++passed)
            day += std::chrono::days(1);
        return day;
    }
};

Due Calendar::due(Micros start, const Term& term) const {
    Due due{start, std::nullopt};
    if (term.isZero()) return due;
    switch (term.unit()) {
    case Term::Unit::seconds:
        due.at = start + term.count() * second;
        return due;
    case Term::Unit::minutes:
        due.at = start + term.count() * 60 * second;
        return due;
    case Term::Unit::hours:
        due.at = start + term.count() * 3600 * second;
        return due;
    case Term::Unit::days: {
        Walk walk{*this, std::nullopt};
        const CivilDay last = walk.workdayFrom(civilDayOf(start) + std::chrono::days(term.count()));
        due.at = startOf(last + std::chrono::days(1));
        due.unknownYear = walk.unknownYear;
        return due;
    }
    case Term::Unit::workdays: {
        Walk walk{*this, std::nullopt};
        CivilDay last = civilDayOf(start);
        for (std::int64_t counted = 0; counted < term.count(); ++counted)
            last = walk.workdayFrom(last + std::chrono::days(1));
        due.at = startOf(last) + std::chrono::microseconds(closesAt_).count();
        due.unknownYear = walk.unknownYear;
        return due;
    }
    }
    return due;
}

Micros Calendar::add(Micros start, const Term& term) const {
    const Due reckoned = due(start, term);
    if (reckoned.unknownYear)
        throw Error(409, "core.calendar.year_unknown",
                    Value::map([&](MapWriter& m) { m.set("year", *reckoned.unknownYear); }));
    return reckoned.at;
}

} // namespace dalate::services::rules
