// SPDX-License-Identifier: Apache-2.0
#include "services/lists/UrlQuery.h"

#include "base/Result.h"
#include "services/forms/Figures.h"
#include "services/forms/TextShape.h"
#include "services/rules/CivilDay.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

namespace dalate::services::lists {

namespace {

using Tag = storage::Cell::Tag;
constexpr std::size_t mostTyped = 100;
constexpr std::size_t mostAfter = 1000;
constexpr char between = '~';

[[noreturn]] void refuse(std::string_view name) {
    throw Error(400, "core.list.query", Value::map([&](MapWriter& m) { m.set("name", name); }));
}

SortValue whole(std::int64_t number) {
    SortValue v;
    v.tag = Tag::integer;
    v.integer = number;
    return v;
}

SortValue words(std::string typed) {
    SortValue v;
    v.tag = Tag::text;
    v.text = std::move(typed);
    return v;
}

template <class T>
std::optional<T> number(std::string_view digits) noexcept {
    T value{};
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

std::string encoded(std::string_view text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

/// `n`, `i-5`, `r1.5`, `tL2407`.
std::string written(const SortValue& value) {
    switch (value.tag) {
    case Tag::integer:
        return "i" + std::to_string(value.integer);
    case Tag::real: {
        char digits[32];
        const auto end = std::to_chars(digits, digits + sizeof digits, value.real).ptr;
        return "r" + std::string(digits, end);
    }
    case Tag::text:
    case Tag::blob:
        return "t" + value.text;
    case Tag::null:
        break;
    }
    return "n";
}

/// LIKE's own signs as themselves.
std::string pattern(std::string_view words) {
    std::string out = "%";
    for (const char c : words) {
        if (c == '%' || c == '_' || c == '!') out += '!';
        out += c;
    }
    return out + "%";
}

/// One end of a range; `last` is the end that is included.
std::optional<SortValue> endOf(ColumnType type, std::string_view typed, bool last) {
    if (type == ColumnType::integer) {
        const auto value = forms::parseWhole(typed);
        return value ? std::optional(whole(*value)) : std::nullopt;
    }
    if (type == ColumnType::money) {
        const auto value = forms::parseDecimal(typed);
        if (!value || value->millionths % 10'000 != 0) return std::nullopt;
        return whole(value->millionths / 10'000);
    }
    const auto day = rules::parseDay(typed);
    if (!day) return std::nullopt;
    if (type == ColumnType::date) return words(rules::dayText(*day));
    return whole(last ? rules::startOf(*day + std::chrono::days(1)) - 1 : rules::startOf(*day));
}

SortValue openEnd(ColumnType type, bool last) {
    if (type == ColumnType::date) return words(last ? "9999-12-31" : "0000-01-01");
    return whole(last ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min());
}

} // namespace

SortValue SortValue::of(const storage::Cell& cell) {
    SortValue v;
    v.tag = cell.tag;
    v.integer = cell.i;
    v.real = cell.r;
    if (cell.tag == Tag::text || cell.tag == Tag::blob) v.text = cell.s;
    return v;
}

storage::Cell SortValue::cell() const {
    switch (tag) {
    case Tag::integer:
        return integer;
    case Tag::real:
        return real;
    case Tag::text:
    case Tag::blob:
        return text;
    case Tag::null:
        break;
    }
    return {};
}

UrlQuery UrlQuery::read(const List& list, const Asked& asked) {
    UrlQuery query(list);
    std::string_view after, before;
    for (const auto& [name, values] : asked) {
        if (values.size() != 1) refuse(name);
        const std::string& value = values.front();
        if (name == "sort") {
            if (!value.empty()) query.readSort(value);
        } else if (name == "after") {
            after = value;
        } else if (name == "before") {
            before = value;
        } else {
            const auto known = [&](const Column& c) {
                if (c.filter == Filter::range) return name == c.name + "_from" || name == c.name + "_to";
                return c.filter != Filter::none && name == c.name;
            };
            if (std::none_of(list.columns.begin(), list.columns.end(), known)) refuse(name);
            auto tidied = forms::tidy(value);
            if (!tidied || forms::characters(*tidied) > mostTyped) refuse(name);
            if (!tidied->empty()) query.typed_.emplace_back(name, std::move(*tidied));
        }
    }
    query.readFilters();
    // Once the sort is known: it says what the value before is of.
    if (!after.empty() && !before.empty()) refuse("before");
    if (!after.empty()) query.readPlace("after", after);
    query.backward_ = !before.empty();
    if (!before.empty()) query.readPlace("before", before);
    return query;
}

void UrlQuery::readSort(std::string_view word) {
    const bool descending = word.starts_with('-');
    if (descending) word.remove_prefix(1);
    const Column* by = list_->column(word);
    if (!by || !by->sort) refuse("sort");
    sort_ = static_cast<std::size_t>(by - list_->columns.data());
    descending_ = descending;
    sortChosen_ = true;
}

void UrlQuery::readPlace(std::string_view name, std::string_view word) {
    const std::size_t at = word.find(between);
    if (word.size() > mostAfter || at == std::string_view::npos || at + 1 >= word.size()) refuse(name);
    const auto key = number<std::int64_t>(word.substr(0, at));
    if (!key) refuse(name);
    key_ = *key;
    at_ = word;
    const char kind = word[at + 1];
    const std::string_view held = word.substr(at + 2);
    const ColumnType type = list_->columns[sort_].type;
    place_ = Place::behind;
    if (kind == 'n' && held.empty()) {
        place_ = Place::behindNull;
    } else if (kind == 't' && !isWhole(type) && type != ColumnType::decimal) {
        value_ = words(std::string(held));
    } else if (kind == 'i' && (isWhole(type) || type == ColumnType::decimal)) {
        const auto value = number<std::int64_t>(held);
        if (!value) refuse(name);
        value_ = whole(*value);
    } else if (kind == 'r' && type == ColumnType::decimal) {
        const auto value = number<double>(held);
        if (!value || !std::isfinite(*value)) refuse(name);
        value_.tag = Tag::real;
        value_.real = *value;
    } else {
        refuse(name);
    }
}

void UrlQuery::readFilters() {
    const auto& filtered = list_->statements->filtered();
    for (std::size_t i = 0; i < filtered.size(); ++i) {
        const Column& column = list_->columns[filtered[i]];
        if (column.filter == Filter::range) {
            if (typed(column.name + "_from").empty() && typed(column.name + "_to").empty()) continue;
            bindRange(column);
        } else {
            const std::string_view value = typed(column.name);
            if (value.empty()) continue;
            SortValue bound = words(column.filter == Filter::words ? pattern(value) : std::string(value));
            if (column.type == ColumnType::choice && !column.option(value)) refuse(column.name);
            if (column.type == ColumnType::yesno) {
                if (value != "yes" && value != "no") refuse(column.name);
                bound = whole(value == "yes");
            }
            if (column.type == ColumnType::integer) {
                const auto wanted = forms::parseWhole(value);
                if (!wanted) refuse(column.name);
                bound = whole(*wanted);
            }
            bounds_.push_back({"f_" + column.name, std::move(bound)});
        }
        mask_ |= 1u << i;
    }
}

void UrlQuery::bindRange(const Column& column) {
    for (const bool last : {false, true}) {
        const std::string name = column.name + (last ? "_to" : "_from");
        const std::string_view value = typed(name);
        auto end = value.empty() ? openEnd(column.type, last) : endOf(column.type, value, last);
        if (!end) refuse(name);
        bounds_.push_back({"f_" + name, std::move(*end)});
    }
}

const std::string& UrlQuery::statement() const {
    return list_->statements->rows(place_, sort_, goesDown(), mask_);
}

const std::string* UrlQuery::rest() const {
    // What holds nothing comes first going up, and last going down.
    if (place_ != (goesDown() ? Place::behind : Place::behindNull)) return nullptr;
    return &list_->statements->rows(Place::rest, sort_, goesDown(), mask_);
}

std::vector<storage::Param> UrlQuery::parameters(const std::int64_t& limit) const {
    std::vector<storage::Param> all = restParameters(limit);
    if (place_ == Place::behind) all.push_back({"after", value_.cell()});
    if (place_ != Place::first) all.push_back({"key", key_});
    return all;
}

std::vector<storage::Param> UrlQuery::restParameters(const std::int64_t& limit) const {
    std::vector<storage::Param> all;
    for (const Bound& bound : bounds_)
        all.push_back({bound.parameter, bound.value.cell()});
    all.push_back({"limit", limit});
    return all;
}

std::string_view UrlQuery::typed(std::string_view name) const noexcept {
    for (const auto& [key, value] : typed_)
        if (key == name) return value;
    return {};
}

std::string UrlQuery::filtersText() const {
    std::string out;
    for (const auto& [name, value] : typed_)
        out += (out.empty() ? "?" : "&") + name + "=" + encoded(value);
    return out;
}

std::string UrlQuery::firstText() const {
    return sortChosen_ ? sortedText(sort_, descending_) : filtersText();
}

std::string UrlQuery::sortedText(std::size_t column, bool descending) const {
    std::string out = filtersText();
    out += out.empty() ? "?sort=" : "&sort=";
    return out + (descending ? "-" : "") + list_->columns.at(column).name;
}

std::string UrlQuery::placedText(std::string_view name, std::string_view word) const {
    std::string out = firstText();
    out += out.empty() ? '?' : '&';
    return out.append(name) + "=" + encoded(word);
}

std::string UrlQuery::behindText(std::int64_t key, const SortValue& value) const {
    return placedText("after", std::to_string(key) + between + written(value));
}

std::string UrlQuery::beforeText(std::int64_t key, const SortValue& value) const {
    return placedText("before", std::to_string(key) + between + written(value));
}

std::string UrlQuery::text() const {
    return at_.empty() ? firstText() : placedText(backward_ ? "before" : "after", at_);
}

} // namespace dalate::services::lists
