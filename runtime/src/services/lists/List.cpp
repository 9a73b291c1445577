// SPDX-License-Identifier: Apache-2.0
#include "services/lists/List.h"

#include <array>

namespace dalate::services::lists {

namespace {

constexpr std::array<std::string_view, 9> typeNames{"text", "integer", "decimal", "money", "date",
                                                    "time", "day",     "choice",  "yesno"};

template <class T>
const T* named(const std::vector<T>& all, std::string_view name) noexcept {
    for (const T& one : all)
        if (one.name == name) return &one;
    return nullptr;
}

} // namespace

std::string_view name(ColumnType type) noexcept {
    return typeNames[static_cast<std::size_t>(type)];
}

std::optional<ColumnType> columnTypeOf(std::string_view name) noexcept {
    for (std::size_t i = 0; i < typeNames.size(); ++i)
        if (typeNames[i] == name) return static_cast<ColumnType>(i);
    return std::nullopt;
}

bool isWhole(ColumnType type) noexcept {
    return type == ColumnType::integer || type == ColumnType::money || type == ColumnType::time ||
           type == ColumnType::day || type == ColumnType::yesno;
}

bool isNumeric(ColumnType type) noexcept {
    return type == ColumnType::integer || type == ColumnType::money || type == ColumnType::decimal;
}

const Label* Column::option(std::string_view value) const noexcept {
    for (const Label& one : options)
        if (one.value == value) return &one;
    return nullptr;
}

const Column* List::column(std::string_view columnName) const noexcept {
    return named(columns, columnName);
}

const BulkAct* List::act(std::string_view actName) const noexcept {
    return named(bulk, actName);
}

std::string List::hrefOf(std::int64_t rowKey) const {
    constexpr std::string_view token = "{key}";
    const std::size_t at = href.find(token);
    if (at == std::string::npos) return {};
    return href.substr(0, at) + std::to_string(rowKey) + href.substr(at + token.size());
}

} // namespace dalate::services::lists
