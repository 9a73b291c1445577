// SPDX-License-Identifier: Apache-2.0
#include "services/forms/Figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

namespace dalate::services::forms {
namespace {

bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// The digits of a whole number without its commas, which must stand where thousands end; empty: no number.
std::string wholeDigits(std::string_view text) {
    std::string digits;
    const bool commas = text.find(',') != text.npos;
    const std::size_t first = text.find(',');
    if (commas && (first == 0 || first > 3)) return {};
    std::size_t since = 0;
    bool seen = false;
    for (const char c : text) {
        if (c == ',') {
            if (seen && since != 3) return {};
            seen = true;
            since = 0;
            continue;
        }
        if (!isDigit(c)) return {};
        digits.push_back(c);
        ++since;
    }
    if (seen && since != 3) return {};
    return digits;
}

bool takeSign(std::string_view& text) noexcept {
    const bool minus = text.starts_with('-');
    if (minus || text.starts_with('+')) text.remove_prefix(1);
    return minus;
}

std::int64_t number(std::string_view digits) noexcept {
    std::int64_t value = 0;
    for (const char c : digits)
        value = value * 10 + (c - '0');
    return value;
}

/// A run of figures at the front, `least` to `most` long.
std::optional<int> takeFigures(std::string_view& text, std::size_t least, std::size_t most) noexcept {
    std::size_t n = 0;
    while (n < text.size() && n < most && isDigit(text[n]))
        ++n;
    if (n < least) return std::nullopt;
    const int value = static_cast<int>(number(text.substr(0, n)));
    text.remove_prefix(n);
    return value;
}

bool takeAny(std::string_view& text, std::initializer_list<std::string_view> marks) noexcept {
    for (const std::string_view mark : marks)
        if (text.starts_with(mark)) {
            text.remove_prefix(mark.size());
            return true;
        }
    return false;
}

} // namespace

int Decimal::places() const noexcept {
    std::int64_t fraction = std::abs(millionths % one);
    int places = 6;
    while (places > 0 && fraction % 10 == 0) {
        fraction /= 10;
        --places;
    }
    return places;
}

std::string Decimal::text() const {
    const int digits = places();
    std::string text = fmt::format("{}{}", millionths < 0 ? "-" : "", std::abs(millionths / one));
    if (digits > 0)
        text += "." +
                fmt::format("{:06}", std::abs(millionths % one)).substr(0, static_cast<std::size_t>(digits));
    return text;
}

std::optional<Decimal> parseDecimal(std::string_view text) noexcept {
    const bool minus = takeSign(text);
    const std::size_t point = text.find('.');
    const std::string digits = wholeDigits(text.substr(0, point));
    std::string_view fraction = point == text.npos ? std::string_view() : text.substr(point + 1);
    if (digits.empty() || (point != text.npos && fraction.empty())) return std::nullopt;
    if (!std::all_of(fraction.begin(), fraction.end(), isDigit)) return std::nullopt;
    while (fraction.ends_with('0'))
        fraction.remove_suffix(1);
    const std::size_t significant = digits.size() - std::min(digits.find_first_not_of('0'), digits.size());
    if (significant > 12 || fraction.size() > 6) return std::nullopt;
    std::string places(fraction);
    places.resize(6, '0');
    const std::int64_t value = number(digits) * Decimal::one + number(places);
    return Decimal{minus ? -value : value};
}

std::optional<std::int64_t> parseWhole(std::string_view text) noexcept {
    const bool minus = takeSign(text);
    const std::string digits = wholeDigits(text);
    const std::size_t significant = digits.size() - std::min(digits.find_first_not_of('0'), digits.size());
    if (digits.empty() || significant > 15) return std::nullopt;
    return minus ? -number(digits) : number(digits);
}

std::string yuanText(std::int64_t fen) {
    return fmt::format("{}{}.{:02}", fen < 0 ? "-" : "", std::abs(fen / 100), std::abs(fen % 100));
}

std::optional<std::int64_t> parseCivilDay(std::string_view text) noexcept {
    const bool dense = text.size() == 8 && std::all_of(text.begin(), text.end(), isDigit);
    const auto year = takeFigures(text, 4, 4);
    if (!year || (!dense && !takeAny(text, {"-", "/", ".", "年"}))) return std::nullopt;
    const auto month = takeFigures(text, dense ? 2 : 1, 2);
    if (!month || (!dense && !takeAny(text, {"-", "/", ".", "月"}))) return std::nullopt;
    const auto day = takeFigures(text, dense ? 2 : 1, 2);
    if (!day) return std::nullopt;
    if (!dense) takeAny(text, {"日"});
    if (!text.empty() || *year < 1850 || *year > 2199) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count();
}

std::string civilDayText(std::int64_t days) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

} // namespace dalate::services::forms
