// SPDX-License-Identifier: Apache-2.0
#include "services/lists/Composer.h"

#include "services/lists/List.h"

#include <algorithm>
#include <stdexcept>

namespace dalate::services::lists {

namespace {

constexpr std::size_t places = 4;
constexpr std::size_t directions = 2;

std::vector<std::size_t> filteredColumns(const List& list) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < list.columns.size(); ++i)
        if (list.columns[i].filter != Filter::none) all.push_back(i);
    return all;
}

/// The list's own order sorts whether or not a reader may choose it.
std::vector<std::size_t> sortColumns(const List& list) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < list.columns.size(); ++i)
        if (list.columns[i].sort || i == list.sort) all.push_back(i);
    return all;
}

std::string head(const List& list) {
    std::string sql = "SELECT (" + list.key + "), " +
                      (list.caseKey.empty() ? std::string("NULL") : "(" + list.caseKey + ")");
    for (const Column& column : list.columns)
        sql += ", (" + column.sql + ")";
    sql += "\nFROM " + list.from + "\nWHERE ";
    // The storage layer takes a scope only as a conjunct of its own, so these come first and stand bare.
    for (const std::string& alias : list.scope)
        sql += "{scope:" + alias + "} AND ";
    return sql + (list.where.empty() ? "1 = 1" : "(" + list.where + ")");
}

std::string condition(const Column& column) {
    const std::string parameter = ":f_" + column.name, value = "(" + column.sql + ")";
    switch (column.filter) {
    case Filter::words:
        return value + " LIKE " + parameter + " ESCAPE '!'";
    case Filter::is:
        return value + " = " + parameter;
    case Filter::range:
        return "(" + value + " >= " + parameter + "_from AND " + value + " <= " + parameter + "_to)";
    case Filter::none:
        break;
    }
    return "1 = 1";
}

/// What comes behind a row. Both databases put rows whose column holds nothing first, and last where the
/// greatest begins.
std::string behind(const List& list, Place place, const Column& sort, bool descending) {
    const std::string value = "(" + sort.sql + ")", key = "(" + list.key + ")",
                      sign = descending ? " < " : " > ";
    const std::string further = key + sign + ":key";
    if (place == Place::rest) return value + (descending ? " IS NULL" : " IS NOT NULL");
    if (place == Place::behindNull) return value + " IS NULL AND " + further;
    return value + (descending ? " <= " : " >= ") + ":after AND (" + value + sign + ":after OR " + further +
           ")";
}

} // namespace

std::size_t Statements::count(const List& list) noexcept {
    const auto filters = std::count_if(list.columns.begin(), list.columns.end(),
                                       [](const Column& c) { return c.filter != Filter::none; });
    std::size_t sorts = 0;
    for (std::size_t i = 0; i < list.columns.size(); ++i)
        sorts += list.columns[i].sort || i == list.sort;
    return filters > 16 ? most + 1 : places * directions * sorts << filters;
}

Statements::Statements(const List& list) : filtered_(filteredColumns(list)), sorting_(sortColumns(list)) {
    if (count(list) > most) throw std::invalid_argument("a list of too many statements");
    const std::string begin = head(list);
    const std::size_t masks = std::size_t{1} << filtered_.size();
    texts_.reserve(places * directions * sorting_.size() * masks);
    for (const Place place : {Place::first, Place::behind, Place::behindNull, Place::rest})
        for (const bool descending : {false, true})
            for (const std::size_t at : sorting_)
                for (std::size_t mask = 0; mask < masks; ++mask) {
                    const Column& sort = list.columns[at];
                    std::string sql = begin;
                    for (std::size_t f = 0; f < filtered_.size(); ++f)
                        if (mask >> f & 1) sql += "\nAND " + condition(list.columns[filtered_[f]]);
                    if (place != Place::first) sql += "\nAND " + behind(list, place, sort, descending);
                    const char* way = descending ? " DESC" : " ASC";
                    sql += "\nORDER BY (" + sort.sql + ")" + way + ", (" + list.key + ")" + way;
                    texts_.push_back(sql + "\nLIMIT :limit");
                }
    byKey_ = begin + "\nAND (" + list.key + ") = :key";
}

const std::string& Statements::rows(Place place, std::size_t sort, bool descending, unsigned filters) const {
    const auto at = std::find(sorting_.begin(), sorting_.end(), sort);
    const std::size_t masks = std::size_t{1} << filtered_.size();
    if (at == sorting_.end() || filters >= masks)
        throw std::out_of_range("a statement that the list does not have");
    std::size_t index = static_cast<std::size_t>(place);
    index = index * directions + (descending ? 1 : 0);
    index = index * sorting_.size() + static_cast<std::size_t>(at - sorting_.begin());
    return texts_[index * masks + filters];
}

std::vector<std::string_view> Statements::all() const {
    std::vector<std::string_view> views(texts_.begin(), texts_.end());
    views.push_back(byKey_);
    return views;
}

} // namespace dalate::services::lists
