// SPDX-License-Identifier: Apache-2.0
#include "storage/Rows.h"

#include "storage/Cursor.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace dalate::storage {

namespace {

[[noreturn]] void refuseType(std::size_t column, std::string_view wanted) {
    throw Error(500, "core.storage.type",
                Value::map([&](MapWriter& m) { m.set("column", column).set("wanted", wanted); }));
}

} // namespace

Rows::Rows(std::unique_ptr<Cursor> cursor) noexcept : cursor_(std::move(cursor)) {}
Rows::Rows(Rows&&) noexcept = default;
Rows::~Rows() = default;

bool Rows::next() {
    return cursor_->next();
}

std::size_t Rows::columns() const noexcept {
    return cursor_->reader().columns();
}

std::string_view Rows::name(std::size_t column) const {
    return cursor_->reader().name(column);
}

std::size_t Rows::column(std::string_view name) const {
    for (std::size_t i = 0; i < columns(); ++i)
        if (this->name(i) == name) return i;
    throw Error(500, "core.storage.column", Value::map([&](MapWriter& m) { m.set("name", name); }));
}

const Cell& Rows::cell(std::size_t column) const {
    const std::vector<Cell>& row = cursor_->cells();
    if (column >= row.size())
        throw Error(500, "core.storage.column", Value::map([&](MapWriter& m) { m.set("column", column); }));
    return row[column];
}

std::span<const Cell> Rows::cells() const {
    return cursor_->cells();
}

std::int64_t Rows::integer(std::size_t column) const {
    const Cell& c = cell(column);
    if (c.tag == Cell::Tag::integer) return c.i;
    // 2^63 is the first real above every integer.
    if (c.tag == Cell::Tag::real && std::trunc(c.r) == c.r && c.r >= -0x1p63 && c.r < 0x1p63)
        return static_cast<std::int64_t>(c.r);
    if (c.tag == Cell::Tag::text) {
        std::int64_t number = 0;
        const char* end = c.s.data() + c.s.size();
        const auto [stop, fault] = std::from_chars(c.s.data(), end, number);
        if (!c.s.empty() && fault == std::errc() && stop == end) return number;
    }
    refuseType(column, "integer");
}

double Rows::real(std::size_t column) const {
    const Cell& c = cell(column);
    if (c.tag == Cell::Tag::real) return c.r;
    if (c.tag == Cell::Tag::integer) return static_cast<double>(c.i);
    if (c.tag == Cell::Tag::text) {
        double number = 0;
        const char* end = c.s.data() + c.s.size();
        const auto [stop, fault] = std::from_chars(c.s.data(), end, number);
        if (!c.s.empty() && fault == std::errc() && stop == end) return number;
    }
    refuseType(column, "real");
}

std::string_view Rows::text(std::size_t column) const {
    const Cell& c = cell(column);
    if (c.tag == Cell::Tag::null) return {};
    if (c.tag == Cell::Tag::text || c.tag == Cell::Tag::blob) return c.s;
    std::string& text = cursor_->scratch(column);
    text = c.tag == Cell::Tag::integer ? fmt::format("{}", c.i) : fmt::format("{}", c.r);
    return text;
}

std::optional<std::int64_t> Rows::maybeInteger(std::size_t column) const {
    if (isNull(column)) return std::nullopt;
    return integer(column);
}

std::optional<std::string_view> Rows::maybeText(std::size_t column) const {
    if (isNull(column)) return std::nullopt;
    return text(column);
}

} // namespace dalate::storage
