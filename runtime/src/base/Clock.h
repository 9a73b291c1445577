// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/Result.h"

namespace dalate {

/// Microseconds since 1970-01-01T00:00:00Z: the one form of time in memory, in the database and at the ABI.
using Micros = std::int64_t;

/// The wall clock. Safe from any thread.
Micros now() noexcept;

/// Microseconds of the steady clock, for durations and deadlines only.
Micros steadyNow() noexcept;

/// RFC 3339 in UTC with milliseconds: `2026-11-23T18:00:00.123Z`.
std::string toRfc3339(Micros time);

/// `2026-11-23 18:00` at a fixed offset in minutes east of UTC (the county's is 480).
std::string toLocalMinute(Micros time, int offsetMinutes);

} // namespace dalate
