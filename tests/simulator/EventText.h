// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "County.h"

#include <cstdint>
#include <string>

namespace dalate::simulator {

inline constexpr std::int64_t minute = 60'000'000;
inline constexpr std::int64_t hour = 60 * minute;
inline constexpr std::int64_t day = 24 * hour;

// Pieces of EPCIS 2.0 JSON, for Season and Stories.

/// The county's local time: `2026-03-04T11:00:30.000+08:00`.
std::string stamp(std::int64_t at);
/// The open head of an event: type, time and offset, without the closing brace.
std::string head(const char* type, std::int64_t at);
/// `,"readPoint":…,"bizLocation":…`
std::string located(const Place& place);
/// An element of a quantity list, in kilograms.
std::string amount(const std::string& lotClass, int kilograms);

} // namespace dalate::simulator
