// SPDX-License-Identifier: Apache-2.0
// A table that somebody brought is read or refused with words; what was read keeps to the limits, and a CSV
// that is written from it reads as the same table.
#include "base/Result.h"
#include "base/Utf8.h"
#include "services/lists/CsvReader.h"
#include "services/lists/CsvWriter.h"
#include "services/lists/Sheet.h"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace dalate;
using namespace dalate::services::lists;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    SheetLimits limits;
    limits.rows = 200;
    limits.columns = 30;
    limits.cell = 2000;
    limits.bytes = 1u << 20;
    Sheet sheet;
    try {
        sheet = readSheet(bytes, limits);
    } catch (const Error& error) {
        require(error.status() == 422 || error.status() == 413);
        return 0;
    }
    require(sheet.rows.size() <= limits.rows);
    std::string csv;
    CsvWriter writer([&](std::string_view piece) { csv += piece; });
    std::int64_t before = 0;
    for (const SheetRow& row : sheet.rows) {
        require(row.line > before);
        before = row.line;
        require(!row.isEmpty() && row.cells.size() <= limits.columns);
        for (const std::string& cell : row.cells) {
            require(cell.size() <= limits.cell && findInvalidUtf8(cell) == std::string_view::npos);
            writer.text(cell);
        }
        writer.endRow();
    }
    writer.finish();
    // Of a workbook's cells CSV has no place for NUL.
    if (csv.find('\0') != std::string::npos) return 0;
    const SheetLimits wide;
    Sheet again = readCsv(csv, wide);
    require(again.rows.size() >= sheet.rows.size());
    return 0;
}
