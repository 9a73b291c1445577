// SPDX-License-Identifier: Apache-2.0
#include "services/lists/CellText.h"

#include "base/Clock.h"
#include "services/forms/CheckAnswers.h"
#include "services/forms/Figures.h"

#include <fmt/core.h>

namespace dalate::services::lists {

namespace {

using Tag = storage::Cell::Tag;

std::string plain(const storage::Cell& cell) {
    switch (cell.tag) {
    case Tag::integer:
        return std::to_string(cell.i);
    case Tag::real:
        return fmt::format("{}", cell.r);
    case Tag::text:
        return std::string(cell.s);
    case Tag::null:
    case Tag::blob:
        break;
    }
    return {};
}

std::string masked(Personal kind, std::string_view shown) {
    forms::Field field;
    field.type = kind == Personal::phone    ? forms::FieldType::phone
                 : kind == Personal::idcard ? forms::FieldType::idcard
                 : kind == Personal::email  ? forms::FieldType::email
                                            : forms::FieldType::text;
    return forms::masked(field, shown);
}

} // namespace

std::string cellText(const Column& column, const storage::Cell& cell, const CellWords& words) {
    if (cell.isNull()) return {};
    const bool whole = cell.tag == Tag::integer;
    switch (column.type) {
    case ColumnType::money:
        return whole ? forms::yuanText(cell.i) : plain(cell);
    case ColumnType::time:
        if (whole && cell.i == 0) return {};
        return whole ? toLocalMinute(cell.i, words.utcOffset) : plain(cell);
    case ColumnType::day:
        if (whole && cell.i == 0) return {};
        return whole ? toLocalMinute(cell.i, words.utcOffset).substr(0, 10) : plain(cell);
    case ColumnType::yesno:
        return words.text(whole && cell.i != 0 ? "core.form.yes" : "core.form.no");
    case ColumnType::choice: {
        const std::string value = plain(cell);
        const Label* label = column.option(value);
        return label ? words.text(label->label) : value;
    }
    case ColumnType::text:
    case ColumnType::integer:
    case ColumnType::decimal:
    case ColumnType::date:
        break;
    }
    std::string shown = plain(cell);
    return column.personal == Personal::no || shown.empty() ? shown : masked(column.personal, shown);
}

} // namespace dalate::services::lists
