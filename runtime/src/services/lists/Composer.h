// SPDX-License-Identifier: Apache-2.0
//
// All statements of a list, put together once, when its file is read, from what its author wrote and from
// nothing else. What a reader chooses (a column to sort by, a direction, which filters are set, whether the
// page is the first) is only ever a position in this table of finished texts; what she types is only ever a
// bound parameter:
//
//     text = texts[place][direction][sort][mask of the filters that are set]
//
// So no text of a request can become SQL, the database's planner sees only the conditions that hold (an index
// serves them), and every text that can ever run is prepared once when the plugin is installed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::lists {

struct List;

/// Where a page of rows begins. Two statements where one would do: a database goes straight to a place in an
/// index by `value <= :after`, and reads all rows before it where `OR value IS NULL` stands beside that.
enum class Place {
    first,
    behind,     ///< behind a row whose sort column holds something, among rows like it (`:after`, `:key`)
    behindNull, ///< behind a row whose sort column holds nothing, among rows like it (`:key`)
    rest        ///< where those rows have ended: all that hold nothing (descending), or something (ascending)
};

/// The statements of one list. Immutable; safe from any thread. Every row has the same columns: key, the
/// case's id (null where the list has none), then the list's columns in their order.
class Statements {
public:
    /// Columns before the list's own.
    static constexpr std::size_t ahead = 2;
    static constexpr std::size_t most = 2048;

    explicit Statements(const List& list);

    /// How many statements the list would have, without the one by key.
    static std::size_t count(const List& list) noexcept;

    /// `sort`: the position of a sortable column (or the list's own order). `filters`: bit i for the i-th
    /// column that has a filter. Parameters: `:limit`; by `Place`; of a filter on column c `:f_c`, of a range
    /// `:f_c_from` and `:f_c_to`.
    const std::string& rows(Place place, std::size_t sort, bool descending, unsigned filters) const;
    /// One row: `:key`.
    const std::string& byKey() const noexcept { return byKey_; }

    /// Every text, for whoever prepares them.
    std::vector<std::string_view> all() const;

    /// The positions of the columns with a filter, and of those that sort.
    const std::vector<std::size_t>& filtered() const noexcept { return filtered_; }
    const std::vector<std::size_t>& sorting() const noexcept { return sorting_; }

private:
    std::vector<std::size_t> filtered_;
    std::vector<std::size_t> sorting_;
    std::vector<std::string> texts_;
    std::string byKey_;
};

} // namespace dalate::services::lists
