// SPDX-License-Identifier: Apache-2.0
#include "base/Cron.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <vector>

namespace dalate {

namespace {

constexpr std::int64_t minutesADay = 1440;
constexpr Micros minute = 60'000'000;

struct Field {
    const char* name;
    unsigned least, most;
};
constexpr std::array<Field, 5> fields{
    {{"minute", 0, 59}, {"hour", 0, 23}, {"day", 1, 31}, {"month", 1, 12}, {"weekday", 0, 7}}};

std::optional<unsigned> number(std::string_view text) {
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// `*`, `7`, `1-5`, each with `/2` behind; the bits of what it names, or nothing.
std::optional<std::uint64_t> part(std::string_view text, const Field& field) {
    unsigned step = 1;
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos) {
        const auto given = number(text.substr(slash + 1));
        if (!given || *given == 0 || *given > field.most) return std::nullopt;
        step = *given;
        text = text.substr(0, slash);
    }
    unsigned from = field.least, to = field.most;
    if (text != "*") {
        const std::size_t dash = text.find('-');
        const auto first = number(text.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : number(text.substr(dash + 1));
        // A step behind a single number would say something else in each crontab there is.
        if (!first || !last || (dash == std::string_view::npos && slash != std::string_view::npos))
            return std::nullopt;
        from = *first;
        to = *last;
        if (from < field.least || to > field.most || from > to) return std::nullopt;
    }
    std::uint64_t bits = 0;
    for (unsigned value = from; value <= to; value += step)
        bits |= std::uint64_t{1} << value;
    return bits;
}

std::optional<std::uint64_t> wholeField(std::string_view text, const Field& field) {
    std::uint64_t bits = 0;
    for (bool more = true; more;) {
        const std::size_t comma = text.find(',');
        const auto some = part(text.substr(0, comma), field);
        if (!some) return std::nullopt;
        bits |= *some;
        more = comma != std::string_view::npos;
        if (more) text = text.substr(comma + 1);
    }
    return bits;
}

bool has(std::uint64_t bits, unsigned value) noexcept {
    return (bits >> value & 1) != 0;
}

} // namespace

Result<Cron> Cron::parse(std::string_view text, int offsetMinutes) {
    const auto refusal = [&](const char* id, std::string_view field = {}) {
        return Error(422, id, Value::map([&](MapWriter& m) {
                         m.set("text", text);
                         if (!field.empty()) m.set("field", field);
                     }));
    };
    std::vector<std::string_view> words;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t space = rest.find(' ');
        if (space != 0) words.push_back(rest.substr(0, space));
        rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
    }
    if (words.size() != fields.size()) return refusal("core.cron.fields");

    Cron cron;
    cron.text_ = text;
    cron.offset_ = offsetMinutes;
    const std::array<std::uint64_t*, 5> sets{&cron.minutes_, &cron.hours_, &cron.days_, &cron.months_,
                                             &cron.weekdays_};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto bits = wholeField(words[i], fields[i]);
        if (!bits) return refusal("core.cron.field", fields[i].name);
        *sets[i] = *bits;
    }
    if (has(cron.weekdays_, 7)) cron.weekdays_ |= 1;
    cron.anyDay_ = words[2] == "*";
    cron.anyWeekday_ = words[4] == "*";

    constexpr std::array<unsigned, 13> longest{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool ever = !cron.anyWeekday_ || cron.anyDay_;
    for (unsigned month = 1; month <= 12; ++month)
        for (unsigned day = 1; has(cron.months_, month) && day <= longest[month]; ++day)
            ever = ever || has(cron.days_, day);
    if (!ever) return refusal("core.cron.never");
    return cron;
}

bool Cron::fitsDay(std::int64_t dayNumber) const {
    using namespace std::chrono;
    const sys_days at{days{dayNumber}};
    const year_month_day date{at};
    if (!has(months_, static_cast<unsigned>(date.month()))) return false;
    const bool day = has(days_, static_cast<unsigned>(date.day()));
    const bool weekday = has(weekdays_, std::chrono::weekday(at).c_encoding());
    if (anyDay_) return weekday;
    return anyWeekday_ ? day : day || weekday;
}

Micros Cron::after(Micros time) const {
    // Minutes of the county's clock since its 1970.
    const std::int64_t first = time / minute + offset_ + 1;
    for (std::int64_t day = first / minutesADay, last = day + 8 * 366 + 1; day <= last; ++day) {
        if (!fitsDay(day)) continue;
        const std::int64_t from = std::max<std::int64_t>(0, first - day * minutesADay);
        for (std::int64_t at = from; at < minutesADay; ++at) {
            if (!has(hours_, static_cast<unsigned>(at / 60))) {
                at += 59 - at % 60;
                continue;
            }
            if (has(minutes_, static_cast<unsigned>(at % 60)))
                return (day * minutesADay + at - offset_) * minute;
        }
    }
    // `parse` lets no rhythm through that has no day in eight years.
    throw Error(500, "core.cron.never", Value::map([&](MapWriter& m) { m.set("text", text_); }));
}

} // namespace dalate
