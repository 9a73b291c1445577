// SPDX-License-Identifier: Apache-2.0
//
// What a reader asked of a list, as the URL says it:
//
//     ?state=open&words=lamp&opened_from=2026-11-01&opened_to=&sort=-opened&after=7150…~i1763895600000000
//
// A filter goes by its column's name (of a range with _from and _to); `sort` names a column, with a minus
// before it for the greatest first; `after` is the key of the last row of the page before and what its sort
// column held, `before` that of the first row of the page behind. Whatever is not one of these, or not of its
// type, is refused: a URL that was cut or made up must not silently show something else.
#pragma once

#include "services/lists/Composer.h"
#include "services/lists/List.h"
#include "storage/Cell.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dalate::services::lists {

/// Parameters of a query, each name with all its values.
using Asked = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// What one row's sort column held: nothing, or a value of the column's type.
struct SortValue {
    storage::Cell::Tag tag = storage::Cell::Tag::null;
    std::int64_t integer = 0;
    double real = 0;
    std::string text;

    static SortValue of(const storage::Cell& cell);
    storage::Cell cell() const;
};

/// A value. Borrows its list.
class UrlQuery {
public:
    /// Throws `Error` 400 `core.list.query` (details: name) for a parameter that the list does not have, that
    /// stands twice, or is not of its column's type. An empty value is none.
    static UrlQuery read(const List& list, const Asked& asked);

    /// The statement that it asks for, and the one that goes on where its rows end; null where none does.
    /// Rows before a place come in the opposite order: the nearest first.
    const std::string& statement() const;
    const std::string* rest() const;
    /// Their parameters: those of the filters, `:after` and `:key` of the place, and `:limit`. Borrows this.
    std::vector<storage::Param> parameters(const std::int64_t& limit) const;
    std::vector<storage::Param> restParameters(const std::int64_t& limit) const;

    /// As typed, for the page's fields; empty: not set. `name` may end in _from or _to.
    std::string_view typed(std::string_view name) const noexcept;
    std::size_t sort() const noexcept { return sort_; }
    bool descending() const noexcept { return descending_; }
    /// Whether it asks for the rows before a place.
    bool isBackward() const noexcept { return backward_; }
    bool isFirst() const noexcept { return place_ == Place::first; }
    bool isFiltered() const noexcept { return mask_ != 0; }

    /// `?…`, percent-encoded: of this page, its filters and sort on the first page, sorted by another column,
    /// or of the page behind or before a row.
    std::string text() const;
    std::string firstText() const;
    std::string sortedText(std::size_t column, bool descending) const;
    std::string behindText(std::int64_t key, const SortValue& value) const;
    std::string beforeText(std::int64_t key, const SortValue& value) const;

private:
    struct Bound {
        std::string parameter;
        SortValue value;
    };
    explicit UrlQuery(const List& list) noexcept
        : list_(&list), sort_(list.sort), descending_(list.descending) {}
    void readSort(std::string_view word);
    void readPlace(std::string_view name, std::string_view word);
    std::string placedText(std::string_view name, std::string_view word) const;
    bool goesDown() const noexcept { return descending_ != backward_; }
    void readFilters();
    void bindRange(const Column& column);
    std::string filtersText() const;

    const List* list_;
    std::vector<std::pair<std::string, std::string>> typed_;
    std::size_t sort_;
    bool descending_;
    bool sortChosen_ = false;
    Place place_ = Place::first;
    bool backward_ = false;
    std::string at_;
    std::int64_t key_ = 0;
    SortValue value_;
    unsigned mask_ = 0;
    std::vector<Bound> bounds_;
};

} // namespace dalate::services::lists
