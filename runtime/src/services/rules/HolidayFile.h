// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/rules/Calendar.h"

#include <filesystem>

namespace dalate::services::rules {

/// What `runtime/data/holidays.json` says: {"closes": "18:00", "years": [{"year", "source", "text_read":
/// "yes|no", "days":
/// [{"from", "to"?, "kind": "holiday|workday", "label"}]}]}. A holiday's days may hold weekends, as the
/// notices' do.
struct HolidayFile {
    std::vector<HolidayYear> years;
    std::chrono::minutes closesAt = Calendar::usualClose;

    /// Throws `Error` 500 `core.calendar.file` (details: file, where, reason) for a file that is missing or
    /// not of this form: an unknown or missing key, a year twice, a day that does not exist, lies outside its
    /// year or is named twice, a working day that is one already.
    static HolidayFile read(const std::filesystem::path& file);
    static HolidayFile parse(std::string_view text, std::string_view file);
};

} // namespace dalate::services::rules
