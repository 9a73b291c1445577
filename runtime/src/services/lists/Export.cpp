// SPDX-License-Identifier: Apache-2.0
#include "services/lists/Export.h"

#include "services/lists/XlsxWriter.h"

namespace dalate::services::lists {

namespace {

std::vector<std::string> headings(const List& list, const CellWords& words) {
    std::vector<std::string> all;
    for (const Column& column : list.columns)
        all.push_back(words.text(column.label));
    return all;
}

void writeCell(XlsxWriter& book, const Column& column, const storage::Cell& cell, const CellWords& words) {
    using Tag = storage::Cell::Tag;
    // A sheet's numbers have 15 digits: what is longer, an identity number say, is kept as text.
    constexpr std::int64_t exact = 999'999'999'999'999;
    const bool figures = isNumeric(column.type);
    if (cell.isNull())
        book.empty();
    else if (figures && cell.tag == Tag::real)
        book.number(cell.r);
    else if (figures && cell.tag == Tag::integer && cell.i <= exact && cell.i >= -exact)
        column.type == ColumnType::money ? book.money(cell.i) : book.number(static_cast<double>(cell.i));
    else
        book.text(cellText(column, cell, words));
}

} // namespace

void exportCsv(const List& list, const ListRows& rows, const UrlQuery& query, const CellWords& words,
               Sink sink) {
    CsvWriter csv(std::move(sink));
    for (const std::string& heading : headings(list, words))
        csv.text(heading);
    csv.endRow();
    rows.each(query, mostExported, [&](const RowView& row) {
        for (std::size_t i = 0; i < list.columns.size(); ++i) {
            const Column& column = list.columns[i];
            const storage::Cell& cell = row.cells[i];
            const std::string shown = cellText(column, cell, words);
            // Only what the database holds as a number is one: figures in a text column are whatever somebody
            // typed.
            const bool figures = isNumeric(column.type) && (cell.tag == storage::Cell::Tag::integer ||
                                                            cell.tag == storage::Cell::Tag::real);
            figures ? csv.number(shown) : csv.text(shown);
        }
        csv.endRow();
    });
    csv.finish();
}

void exportXlsx(const List& list, const ListRows& rows, const UrlQuery& query, const CellWords& words,
                const std::filesystem::path& folder, const Sink& sink) {
    XlsxWriter book(folder, words.text(list.title), headings(list, words));
    rows.each(query, mostExported, [&](const RowView& row) {
        for (std::size_t i = 0; i < list.columns.size(); ++i)
            writeCell(book, list.columns[i], row.cells[i], words);
        book.endRow();
    });
    book.finish(sink);
}

} // namespace dalate::services::lists
