// SPDX-License-Identifier: Apache-2.0
#include "services/lists/TableModel.h"

namespace dalate::services::lists {

namespace {

void writeOption(ListWriter& options, std::string_view value, std::string_view label,
                 std::string_view chosen) {
    options.map([&](MapWriter& option) {
        option.set("value", value).set("label", label);
        if (value == chosen) option.set("selected", true);
    });
}

} // namespace

void TableModel::writeColumns(MapWriter& m) const {
    m.list("columns", [&](ListWriter& list) {
        for (std::size_t i = 0; i < list_.columns.size(); ++i)
            list.map([&](MapWriter& column) {
                const Column& c = list_.columns[i];
                column.set("label", words_.text(c.label));
                if (isNumeric(c.type)) column.set("numeric", true);
                const bool sorted = i == query_.sort();
                if (sorted) column.set("sorted", query_.descending() ? "descending" : "ascending");
                if (c.sort)
                    column.set("sort_href", path_ + query_.sortedText(i, sorted && !query_.descending()));
            });
    });
}

void TableModel::writeCells(MapWriter& row, const RowView& view) const {
    row.list("cells", [&](ListWriter& cells) {
        for (std::size_t i = 0; i < list_.columns.size(); ++i)
            cells.map([&](MapWriter& cell) {
                const Column& c = list_.columns[i];
                const std::string shown = cellText(c, view.cells[i], words_);
                cell.set("label", words_.text(c.label));
                if (isNumeric(c.type)) cell.set("numeric", true);
                if (c.type == ColumnType::date || c.type == ColumnType::day) cell.set("fixed", true);
                if (i == 0) {
                    cell.set("first", true);
                    if (const std::string href = list_.hrefOf(view.key); !href.empty())
                        cell.set("href", href);
                }
                const Label* label = c.type == ColumnType::choice && !view.cells[i].isNull()
                                         ? c.option(view.cells[i].s)
                                         : nullptr;
                if (label && !label->kind.empty())
                    cell.map("status", [&](MapWriter& s) { s.set("kind", label->kind).set("text", shown); });
                else
                    cell.set("text", shown);
            });
    });
}

void TableModel::writeTable(MapWriter& m, const ListRows& rows, std::int64_t limit) const {
    writeColumns(m);
    ListRows::Around around;
    m.list("rows", [&](ListWriter& list) {
        around = rows.page(query_, limit, [&](const RowView& view) {
            list.map([&](MapWriter& row) {
                const std::string key = std::to_string(view.key);
                row.set("key", key).set("id", "row-" + key);
                writeCells(row, view);
            });
        });
    });
    if (!query_.isFirst()) m.set("first_href", path_ + query_.firstText());
    if (const auto& mark = around.before)
        m.set("previous_href", path_ + query_.beforeText(mark->key, mark->value));
    if (const auto& mark = around.behind)
        m.set("next_href", path_ + query_.behindText(mark->key, mark->value));
}

void TableModel::writeFilter(MapWriter& field, const Column& column) const {
    field.set("id", "f-" + column.name).set("name", column.name).set("label", words_.text(column.label));
    const std::string_view typed = query_.typed(column.name);
    if (column.type == ColumnType::choice || column.type == ColumnType::yesno) {
        field.set("select", true);
        field.list("options", [&](ListWriter& options) {
            writeOption(options, "", words_.text("core.list.any"), typed);
            if (column.type == ColumnType::yesno) {
                writeOption(options, "yes", words_.text("core.form.yes"), typed);
                writeOption(options, "no", words_.text("core.form.no"), typed);
            }
            for (const Label& label : column.options)
                writeOption(options, label.value, words_.text(label.label), typed);
        });
        return;
    }
    field.set(column.filter == Filter::words ? "search" : "text", true).set("max", "100").set("value", typed);
}

void TableModel::writeFilters(MapWriter& m) const {
    m.list("filters", [&](ListWriter& list) {
        for (const Column& column : list_.columns) {
            if (column.filter == Filter::none) continue;
            if (column.filter != Filter::range) {
                list.map([&](MapWriter& field) { writeFilter(field, column); });
                continue;
            }
            const bool day = column.type == ColumnType::date || column.type == ColumnType::time ||
                             column.type == ColumnType::day;
            for (const std::string end : {"_from", "_to"})
                list.map([&](MapWriter& field) {
                    const std::string label = words_.text(column.label) +
                                              words_.text(end == "_from" ? "core.list.from" : "core.list.to");
                    field.set("id", "f-" + column.name + end)
                        .set("name", column.name + end)
                        .set("label", label);
                    field.set(day ? "date" : "text", true).set("value", query_.typed(column.name + end));
                });
        }
    });
    const std::string sort = (query_.descending() ? "-" : "") + list_.columns[query_.sort()].name;
    if (list_.columns[query_.sort()].sort) m.set("sort", sort);
}

} // namespace dalate::services::lists
