// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::traceability::epcis {

/// A date and time as EPCIS writes it (RFC 3339).
struct Instant {
    std::int64_t micros = 0;          ///< since 1970-01-01T00:00:00Z; digits beyond the sixth are cut
    std::optional<int> offsetMinutes; ///< none where the text ends in Z
};

/// Reads `2026-11-23T18:00:00.123+08:00`. Nothing for any other form, for days that do not exist, and for a
/// leap second that is not at 23:59:60 UTC.
std::optional<Instant> parseInstant(std::string_view text) noexcept;

/// Reads an eventTimeZoneOffset: `+08:00`, from -14:00 to +14:00. Minutes east of UTC.
std::optional<int> parseOffset(std::string_view text) noexcept;

/// A moment as UTC's calendar and clock show it.
struct DateTime {
    int year, month, day, hour, minute, second, millis;
};

/// Half a millisecond is rounded up.
DateTime toUtc(std::int64_t micros) noexcept;

/// UTC with milliseconds, half rounded up: `2026-11-23T18:00:00.123Z`.
std::string toUtcMillis(std::int64_t micros);

} // namespace dalate::traceability::epcis
