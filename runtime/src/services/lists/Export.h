// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/lists/CellText.h"
#include "services/lists/CsvWriter.h"
#include "services/lists/Rows.h"

#include <filesystem>

namespace dalate::services::lists {

/// Rows of one file at most. Above: 413 `core.list.too_long`; the reader narrows the filter.
inline constexpr std::int64_t mostExported = 100'000;

/// Writes all rows that the query asks for, headings first, as text/csv. Row by row: memory does not grow
/// with the rows.
void exportCsv(const List& list, const ListRows& rows, const UrlQuery& query, const CellWords& words,
               Sink sink);

/// The same as a workbook, whose temporary files lie in `folder`.
void exportXlsx(const List& list, const ListRows& rows, const UrlQuery& query, const CellWords& words,
                const std::filesystem::path& folder, const Sink& sink);

} // namespace dalate::services::lists
