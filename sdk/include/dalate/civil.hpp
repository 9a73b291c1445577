// SPDX-License-Identifier: Apache-2.0
//
// The county's calendar: moments as the day and month that people there call them. Callers: traceability (its
// wording), samples/helpdesk (its tally by month).
#pragma once

#include <cstdint>
#include <string>

namespace dalate::civil {

/// The day of a moment in microseconds since 1970-01-01T00:00:00Z, by the county's clock (UTC+8, no summer
/// time), in the proleptic Gregorian calendar: "2026-07-12". Years 0 to 9999.
inline std::string date(std::int64_t moment) {
    constexpr std::int64_t day = 86'400'000'000, offset = 8 * 3'600'000'000;
    const std::int64_t clock = moment + offset;
    // Counted from 0000-03-01, so that the leap day is the last of its year; an era is 400 years.
    const std::int64_t days = clock / day - (clock % day < 0 ? 1 : 0) + 719'468;
    const std::int64_t era = (days < 0 ? days - 146'096 : days) / 146'097;
    const std::int64_t ofEra = days - era * 146'097;
    const std::int64_t yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36'524 - ofEra / 146'096) / 365;
    const std::int64_t ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t fromMarch = (5 * ofYear + 2) / 153;
    const std::int64_t month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
    std::string text = "0000-00-00";
    const auto put = [&text](std::size_t last, std::int64_t number) {
        for (; number > 0; number /= 10)
            text[last--] = static_cast<char>('0' + number % 10);
    };
    put(3, yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
    put(6, month);
    put(9, ofYear - (153 * fromMarch + 2) / 5 + 1);
    return text;
}

/// The month of a moment: "2026-07".
inline std::string month(std::int64_t moment) {
    return date(moment).substr(0, 7);
}

} // namespace dalate::civil
