// SPDX-License-Identifier: Apache-2.0
#include "epcis/Time.h"

namespace dalate::traceability::epcis {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;

/// Days since 1970-01-01 of a day in the Gregorian calendar; years begin in March, so the leap day is the
/// last.
std::int64_t daysOf(int year, int month, int dayOfMonth) noexcept {
    year -= month <= 2;
    const int era = year / 400;
    const int yearOfEra = year - era * 400;
    const int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dayOfMonth - 1;
    const int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return static_cast<std::int64_t>(era) * 146'097 + dayOfEra - 719'468;
}

bool dayExists(int year, int month, int dayOfMonth) noexcept {
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || dayOfMonth < 1) return false;
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return dayOfMonth <= lengths[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// `count` digits at `at`; -1 when one is missing.
int number(std::string_view text, std::size_t at, std::size_t count) noexcept {
    if (at + count > text.size()) return -1;
    int value = 0;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

void put(std::string& out, int value, int width) {
    char digits[4];
    for (int i = width - 1; i >= 0; --i) {
        digits[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    out.append(digits, static_cast<std::size_t>(width));
}

} // namespace

std::optional<Instant> parseInstant(std::string_view text) noexcept {
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') ||
        text[13] != ':' || text[16] != ':')
        return std::nullopt;
    const int year = number(text, 0, 4);
    const int month = number(text, 5, 2);
    const int dayOfMonth = number(text, 8, 2);
    const int hour = number(text, 11, 2);
    const int minute = number(text, 14, 2);
    const int seconds = number(text, 17, 2);
    if (year < 0 || !dayExists(year, month, dayOfMonth) || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || seconds < 0 || seconds > 60)
        return std::nullopt;

    std::size_t at = 19;
    std::int64_t fraction = 0;
    if (text[at] == '.') {
        std::size_t digits = 0;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
            if (digits++ < 6) fraction = fraction * 10 + (text[at] - '0');
        if (digits == 0) return std::nullopt;
        for (; digits < 6; ++digits)
            fraction *= 10;
    }

    Instant out;
    const std::string_view zone = text.substr(at);
    if (zone != "Z" && zone != "z") {
        const int zoneHours = number(zone, 1, 2);
        const int zoneMinutes = number(zone, 4, 2);
        if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || zoneHours < 0 ||
            zoneHours > 23 || zoneMinutes < 0 || zoneMinutes > 59)
            return std::nullopt;
        out.offsetMinutes = (zone[0] == '-' ? -1 : 1) * (zoneHours * 60 + zoneMinutes);
    }
    out.micros = daysOf(year, month, dayOfMonth) * day + ((hour * 60 + minute) * 60 + seconds) * second +
                 fraction - out.offsetMinutes.value_or(0) * 60 * second;
    if (seconds == 60) {
        const std::int64_t ofDay = ((out.micros - fraction) % day + day) % day;
        if (ofDay != 0) return std::nullopt;
    }
    return out;
}

std::optional<int> parseOffset(std::string_view text) noexcept {
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
    const int hours = number(text, 1, 2);
    const int minutes = number(text, 4, 2);
    if (hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > 14 * 60) return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

DateTime toUtc(std::int64_t micros) noexcept {
    std::int64_t millis = micros >= 0 ? (micros + 500) / 1000 : -((-micros + 499) / 1000);
    std::int64_t days = millis / 86'400'000;
    if (millis % 86'400'000 < 0) --days;
    const auto rest = static_cast<int>(millis - days * 86'400'000);

    // The inverse of daysOf.
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
    const auto dayOfEra = static_cast<int>(shifted - era * 146'097);
    const int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const int marchMonth = (5 * dayOfYear + 2) / 153;
    const int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
    const int year = static_cast<int>(era) * 400 + yearOfEra + (month <= 2);
    const int dayOfMonth = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
    return {year, month, dayOfMonth, rest / 3'600'000, rest / 60'000 % 60, rest / 1000 % 60, rest % 1000};
}

std::string toUtcMillis(std::int64_t micros) {
    const DateTime t = toUtc(micros);
    std::string out;
    out.reserve(24);
    put(out, t.year, 4);
    out += '-';
    put(out, t.month, 2);
    out += '-';
    put(out, t.day, 2);
    out += 'T';
    put(out, t.hour, 2);
    out += ':';
    put(out, t.minute, 2);
    out += ':';
    put(out, t.second, 2);
    out += '.';
    put(out, t.millis, 3);
    out += 'Z';
    return out;
}

} // namespace dalate::traceability::epcis
