// SPDX-License-Identifier: Apache-2.0
#include "services/lists/Sheet.h"

#include "services/lists/CsvReader.h"
#include "services/lists/XlsxReader.h"

#include <algorithm>

namespace dalate::services::lists {

bool SheetRow::isEmpty() const noexcept {
    return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
        return cell.find_first_not_of(" \t\r\n") == std::string::npos;
    });
}

Sheet readSheet(std::string_view bytes, const SheetLimits& limits) {
    Sheet sheet = bytes.starts_with("PK\x03\x04") ? readXlsx(bytes, limits) : readCsv(bytes, limits);
    std::erase_if(sheet.rows, [](const SheetRow& row) { return row.isEmpty(); });
    return sheet;
}

} // namespace dalate::services::lists
