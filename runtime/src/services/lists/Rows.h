// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/lists/UrlQuery.h"
#include "storage/PluginAccess.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::lists {

/// One row of a list while it is read: its cells stand in the columns' order and are borrowed until the next
/// row.
struct RowView {
    std::int64_t key = 0;
    /// The case that it belongs to; 0: none.
    std::int64_t caseId = 0;
    std::span<const storage::Cell> cells;
};

/// Reads the rows of a list for somebody. Borrows everything; used by one thread. The statements run as the
/// plugin's own with the reader's reach, so the scope is SQLite's matter and not the page's.
class ListRows {
public:
    ListRows(storage::Tx& tx, const List& list, const storage::PluginAccess& access)
        : tx_(tx), list_(list), access_(access) {}

    using Take = std::function<void(const RowView&)>;

    /// A row as the place where another page begins or ends.
    struct Mark {
        std::int64_t key = 0;
        SortValue value;
    };
    /// The first row where there may be rows before it, the last one where there are rows behind it.
    struct Around {
        std::optional<Mark> before, behind;
    };
    /// Gives up to `limit` rows to `take`, in the list's order whichever way the query goes.
    Around page(const UrlQuery& query, std::int64_t limit, const Take& take) const;

    /// Gives all rows from the query's place on to `take`. Throws `Error` 413 `core.list.too_long` (details:
    /// most) where there are more than `most`; those before have been given by then.
    void each(const UrlQuery& query, std::int64_t most, const Take& take) const;

    /// Gives one row; false where there is none that the reader sees.
    bool one(std::int64_t key, const Take& take) const;

private:
    void read(const UrlQuery& query, std::int64_t limit, const Take& take) const;
    Around pageBefore(const UrlQuery& query, std::int64_t limit, const Take& take) const;

    storage::Tx& tx_;
    const List& list_;
    const storage::PluginAccess& access_;
};

} // namespace dalate::services::lists
