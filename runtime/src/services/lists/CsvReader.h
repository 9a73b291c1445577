// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/lists/Sheet.h"

namespace dalate::services::lists {

/// Reads text/csv (RFC 4180): UTF-8 with or without a byte order mark, lines ended by CR LF or LF; separated
/// by commas, or by semicolons or tabs where the first line holds more of these. The apostrophe that
/// CsvWriter puts before what looks like a formula is taken away. Throws `Error` 422 `core.import.unreadable`
/// (details: fault: `encoding`, `quote`), 413 `core.import.size`.
Sheet readCsv(std::string_view bytes, const SheetLimits& limits = {});

} // namespace dalate::services::lists
