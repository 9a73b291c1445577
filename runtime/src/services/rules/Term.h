// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dalate::services::rules {

/// A span of time as a law or a service promise states it (期限): "3 workdays", "5 days", "48 h", "10 min",
/// "30 s". What it comes to from a given moment is `Calendar`'s to say. A plain value.
class Term {
public:
    enum class Unit {
        seconds, ///< 秒, elapsed time
        minutes, ///< 分钟, elapsed time
        hours,   ///< 小时, elapsed time
        days,    ///< 日 (自然日), civil days of the county
        workdays ///< 个工作日
    };
    /// The largest count of any unit.
    static constexpr std::int64_t most = 100'000;

    /// No time at all.
    constexpr Term() noexcept = default;
    constexpr Term(std::int64_t count, Unit unit) noexcept : count_(count), unit_(unit) {}

    /// Reads a whole number from 0 to `most`, one space and a unit: `s`, `min`, `h`, `day(s)`, `workday(s)`.
    /// Error 422 `core.term.form` (details: term).
    static Result<Term> parse(std::string_view text);

    constexpr std::int64_t count() const noexcept { return count_; }
    constexpr Unit unit() const noexcept { return unit_; }
    constexpr bool isZero() const noexcept { return count_ == 0; }
    /// Whether it is elapsed time, which no calendar changes.
    constexpr bool isElapsed() const noexcept { return unit_ < Unit::days; }

    /// The form that `parse` reads: "1 workday", "48 h".
    std::string text() const;
    /// Text id of the unit for people, which takes {count}: `core.term.workdays`.
    std::string_view textId() const noexcept;

    friend constexpr bool operator==(const Term&, const Term&) noexcept = default;

private:
    std::int64_t count_ = 0;
    Unit unit_ = Unit::seconds;
};

} // namespace dalate::services::rules
