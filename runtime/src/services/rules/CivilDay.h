// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::services::rules {

/// A day of the county's civil calendar. Its time is China's (Asia/Shanghai, UTC+8 all year: GB/T 7408), from
/// 00:00 to 24:00.
using CivilDay = std::chrono::sys_days;

/// The day that a moment lies in; midnight belongs to the day that begins.
CivilDay civilDayOf(Micros time) noexcept;
/// The moment at which a day begins.
Micros startOf(CivilDay day) noexcept;
int yearOf(CivilDay day) noexcept;
/// Saturday or Sunday.
bool isWeekend(CivilDay day) noexcept;

/// Reads `2026-10-01` of the years 1970 to 2999; nothing for any other form or a day that does not exist.
std::optional<CivilDay> parseDay(std::string_view text) noexcept;
/// `2026-10-01`.
std::string dayText(CivilDay day);

} // namespace dalate::services::rules
