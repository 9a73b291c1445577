// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::lists {

/// One row of a table that somebody brought, as text. A cell that was left out is empty.
struct SheetRow {
    /// As the person counts: of a sheet the row's number, of a CSV file the line it begins on.
    std::int64_t line = 0;
    std::vector<std::string> cells;

    bool isEmpty() const noexcept;
};

/// A table with its headings first.
struct Sheet {
    std::vector<SheetRow> rows;
};

/// What a table may hold at most. Above: 413 `core.import.size`.
struct SheetLimits {
    std::size_t rows = 5'001;
    std::size_t columns = 100;
    /// Octets of one cell.
    std::size_t cell = 16 * 1024;
    /// Octets of an archive's entry once inflated, and of all cells together.
    std::size_t bytes = 64u << 20;
};

/// Reads a table by its content: a ZIP is taken for XLSX, anything else for CSV. Empty rows are left out.
/// Throws `Error` 422 `core.import.unreadable` (details: fault) or as the readers.
Sheet readSheet(std::string_view bytes, const SheetLimits& limits = {});

} // namespace dalate::services::lists
