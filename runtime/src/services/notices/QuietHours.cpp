// SPDX-License-Identifier: Apache-2.0
#include "services/notices/QuietHours.h"

#include <optional>

namespace dalate::services::notices {

namespace {

constexpr Micros minute = 60'000'000;
constexpr int dayMinutes = 24 * 60;

/// `08:30` in minutes.
std::optional<int> timeOfDay(std::string_view text) {
    const auto digit = [&](std::size_t at) {
        return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : -1;
    };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const std::size_t at : {0u, 1u, 3u, 4u})
        if (digit(at) < 0) return std::nullopt;
    const int hours = digit(0) * 10 + digit(1), minutes = digit(3) * 10 + digit(4);
    if (hours > 23 || minutes > 59) return std::nullopt;
    return hours * 60 + minutes;
}

} // namespace

Result<QuietHours> QuietHours::parse(std::string_view text, int utcOffset) {
    QuietHours hours;
    if (text.empty()) return hours;
    const auto from = text.size() == 11 && text[5] == '-' ? timeOfDay(text.substr(0, 5)) : std::nullopt;
    const auto to = from ? timeOfDay(text.substr(6)) : std::nullopt;
    if (!to) return Error(400, "core.notice.quiet", Value::map([&](MapWriter& m) { m.set("value", text); }));
    hours.from_ = *from;
    hours.to_ = *to;
    hours.utcOffset_ = utcOffset;
    return hours;
}

Micros QuietHours::sendAt(Micros time) const noexcept {
    if (from_ == to_) return time;
    const Micros local = time + utcOffset_ * minute;
    const Micros midnight = local - local % (dayMinutes * minute);
    const Micros sinceMidnight = local - midnight;
    const Micros from = from_ * minute, to = to_ * minute, day = dayMinutes * minute;
    const bool overMidnight = to < from;
    const bool quiet = overMidnight ? sinceMidnight >= from || sinceMidnight < to
                                    : sinceMidnight >= from && sinceMidnight < to;
    if (!quiet) return time;
    const Micros end = midnight + to + (overMidnight && sinceMidnight >= from ? day : 0);
    return end - utcOffset_ * minute;
}

} // namespace dalate::services::notices
