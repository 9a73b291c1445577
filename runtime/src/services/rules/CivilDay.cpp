// SPDX-License-Identifier: Apache-2.0
#include "services/rules/CivilDay.h"

#include <algorithm>

#include <fmt/format.h>

namespace dalate::services::rules {
namespace {

using std::chrono::microseconds;
using std::chrono::sys_time;
using std::chrono::year_month_day;

constexpr std::chrono::hours eastOfUtc{8};

} // namespace

CivilDay civilDayOf(Micros time) noexcept {
    return std::chrono::floor<std::chrono::days>(sys_time<microseconds>(microseconds(time)) + eastOfUtc);
}

Micros startOf(CivilDay day) noexcept {
    return std::chrono::duration_cast<microseconds>(day.time_since_epoch() - eastOfUtc).count();
}

int yearOf(CivilDay day) noexcept {
    return static_cast<int>(year_month_day(day).year());
}

bool isWeekend(CivilDay day) noexcept {
    const std::chrono::weekday weekday(day);
    return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

std::optional<CivilDay> parseDay(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t length) -> int {
        int value = 0;
        for (const char c : text.substr(at, length)) {
            if (c < '0' || c > '9') return -1;
            value = value * 10 + (c - '0');
        }
        return value;
    };
    const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
    if (year < 1970 || year > 2999 || month < 0 || day < 0) return std::nullopt;
    const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return CivilDay(date);
}

std::string dayText(CivilDay day) {
    const year_month_day date(day);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

} // namespace dalate::services::rules
