// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::services::forms {

/// A number held exactly: millionths in 64 bits, so at most 12 digits before the point and 6 behind.
struct Decimal {
    static constexpr std::int64_t one = 1'000'000;
    std::int64_t millionths = 0;

    /// Digits behind the point that are not noughts at the end.
    int places() const noexcept;
    /// 12.5, -0.25, 0: no noughts at the end, a point only between digits. A JSON number.
    std::string text() const;
};

/// Reads 12, -12.50, 1,250.5 (commas where thousands end); no exponent. Nothing for any other text, for more
/// than 12 digits before the point and for more than 6 significant ones behind it.
std::optional<Decimal> parseDecimal(std::string_view text) noexcept;

/// Reads a whole number of up to 15 digits, with a sign, with commas where thousands end.
std::optional<std::int64_t> parseWhole(std::string_view text) noexcept;

/// 1250 fen as 12.50.
std::string yuanText(std::int64_t fen);

/// A day of the civil calendar as days since 1970-01-01, from 1850-01-01 to 2199-12-31 (people are older than
/// our epoch). Reads 2026-11-23, 2026/11/23, 2026.11.23, 2026年11月23日, 20261123; month and day with or
/// without nought.
std::optional<std::int64_t> parseCivilDay(std::string_view text) noexcept;
/// 2026-11-23.
std::string civilDayText(std::int64_t days);

} // namespace dalate::services::forms
