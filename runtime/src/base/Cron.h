// SPDX-License-Identifier: Apache-2.0
// A rhythm in five fields, kept as a set of bits a field. The next moment is found by walking days, of which
// at most eight years have to be looked at (29 February across a year such as 2100), then hours and minutes.
#pragma once

#include "base/Clock.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dalate {

/// `minute hour day month weekday` (POSIX crontab): each `*`, a number, a range `1-5`, a step `*/15` or
/// `0-30/10`, or several with commas. Weekdays are 0 to 7, both ends Sunday. Where day and weekday are both
/// narrowed, a day that fits either counts. A value; safe from any thread.
class Cron {
public:
    /// China's time, the whole year through (GB/T 7408: +08:00).
    static constexpr int chinaOffset = 480;

    /// Throws nothing; `Error` 422 `core.cron.field` (details: field, text) for a field that is none,
    /// `core.cron.fields` (text) for not exactly five, `core.cron.never` (text) for days that no year has (30
    /// 2).
    static Result<Cron> parse(std::string_view text, int offsetMinutes = chinaOffset);

    /// The first moment after `time` at which it is due, a full minute.
    Micros after(Micros time) const;

    const std::string& text() const noexcept { return text_; }

private:
    Cron() = default;
    bool fitsDay(std::int64_t dayNumber) const;

    std::string text_;
    std::uint64_t minutes_ = 0, hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
    bool anyDay_ = false, anyWeekday_ = false;
    int offset_ = chinaOffset;
};

} // namespace dalate
