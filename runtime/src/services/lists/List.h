// SPDX-License-Identifier: Apache-2.0
//
// A list as its file declares it: where its rows come from, the columns in their order, what may be filtered
// and sorted, and what may be done with rows. Page, print, CSV, XLSX, bulk acts and the service all start
// from this one structure and from the statements that were put together from it (Composer.h), so no way of
// asking shows more than another.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::lists {

class Statements;

/// What a column holds and how a person reads it.
enum class ColumnType {
    text,
    integer,
    decimal, ///< a real number
    money,   ///< fen (分)
    date,    ///< text 2026-11-23
    time,    ///< microseconds
    day,     ///< microseconds of which only the day is shown
    choice,  ///< text: the value of an option
    yesno    ///< 0 or 1
};
std::string_view name(ColumnType type) noexcept;
std::optional<ColumnType> columnTypeOf(std::string_view name) noexcept;
/// Held as a whole number.
bool isWhole(ColumnType type) noexcept;
/// Shown in figures, ranged right.
bool isNumeric(ColumnType type) noexcept;

enum class Filter {
    none,
    words, ///< text that holds the words
    is,    ///< one value
    range  ///< from and to, both included; either may be open
};

/// What is about a person and how it is masked.
enum class Personal { no, text, phone, idcard, email };

/// One value of a choice.
struct Label {
    std::string value;
    /// Text id.
    std::string label;
    /// Of components/status; empty: plain text.
    std::string kind;
};

struct Column {
    std::string name;
    /// Text id.
    std::string label;
    /// An expression over the tables of `List::from`.
    std::string sql;
    ColumnType type = ColumnType::text;
    std::vector<Label> options;
    Filter filter = Filter::none;
    bool sort = false;
    Personal personal = Personal::no;

    const Label* option(std::string_view value) const noexcept;
};

/// An act on several rows at once, each row for itself.
struct BulkAct {
    std::string name;
    /// Text ids; `confirm` takes {count}.
    std::string label;
    std::string confirm;
    bool danger = false;
    /// Either a transition of a machine, on the row's case …
    std::string machine;
    std::string transition;
    /// … or a method of the plugin: `helpdesk/1` and `close`.
    std::string service;
    std::string method;
    std::string where;
    /// The permission that it takes beside the list's; empty: none.
    std::string permission;

    bool movesCase() const noexcept { return !transition.empty(); }
};

/// Rows of a table become cases, or what a method of the plugin makes of them.
struct ImportRule {
    std::string form;
    std::string machine;
    std::string service;
    std::string method;
    /// A transition of the machine, or a method of the service; empty: an import cannot be taken back.
    std::string undo;
    std::string where;
    /// The permission that it takes beside the list's; empty: none.
    std::string permission;

    bool opensCases() const noexcept { return !machine.empty(); }
};

/// A list (列表). Immutable once read; safe from any thread.
struct List {
    std::string name;
    /// Text id.
    std::string title;
    /// The permission that it is for; empty: whoever is signed in.
    std::string permission;
    std::string from;
    std::string where;
    std::vector<std::string> scope;
    std::string key;
    std::string caseKey;
    std::string href;
    std::vector<Column> columns;
    /// Position of the column that sorts unless the reader chose, and whether it begins with the greatest.
    std::size_t sort = 0;
    bool descending = false;
    std::vector<BulkAct> bulk;
    std::optional<ImportRule> import;
    /// Every statement of the list.
    std::shared_ptr<const Statements> statements;
    /// The file, for problems that come to light later.
    std::string file;

    const Column* column(std::string_view columnName) const noexcept;
    const BulkAct* act(std::string_view actName) const noexcept;
    /// Where a row leads; empty: nowhere.
    std::string hrefOf(std::int64_t key) const;
};

} // namespace dalate::services::lists
