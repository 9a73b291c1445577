// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/lists/CellText.h"
#include "services/lists/Rows.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <string>

namespace dalate::services::lists {

/// One page of a list as its template shows it. Borrows everything; used by one thread.
class TableModel {
public:
    /// `path`: where the list's page stands, without its query.
    TableModel(const List& list, const UrlQuery& query, const CellWords& words, std::string path)
        : list_(list), query_(query), words_(words), path_(std::move(path)) {}

    /// `columns`: {label, numeric, sort_href, sorted ("ascending" | "descending")}; `rows`: {key, id, cells
    /// of components/table}; `first_href`, `previous_href` and `next_href` where there are such pages. Reads
    /// up to `limit` rows.
    void writeTable(MapWriter& m, const ListRows& rows, std::int64_t limit) const;
    /// `filters`: of components/field, and `sort` as it stands, which the filter's form sends along.
    void writeFilters(MapWriter& m) const;
    /// One row's cells, as in `rows`.
    void writeCells(MapWriter& row, const RowView& view) const;
    void writeColumns(MapWriter& m) const;

private:
    void writeFilter(MapWriter& field, const Column& column) const;

    const List& list_;
    const UrlQuery& query_;
    const CellWords& words_;
    std::string path_;
};

} // namespace dalate::services::lists
