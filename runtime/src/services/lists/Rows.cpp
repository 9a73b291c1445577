// SPDX-License-Identifier: Apache-2.0
#include "services/lists/Rows.h"

#include "base/Result.h"
#include "services/lists/AsPlugin.h"
#include "storage/Tx.h"

namespace dalate::services::lists {

namespace {

RowView viewOf(const storage::Rows& rows) {
    RowView row;
    row.key = rows.integer(0);
    row.caseId = rows.maybeInteger(1).value_or(0);
    row.cells = rows.cells().subspan(Statements::ahead);
    return row;
}

} // namespace

void ListRows::read(const UrlQuery& query, std::int64_t limit, const Take& take) const {
    const AsPlugin as(tx_, access_);
    std::int64_t given = 0;
    {
        auto rows = tx_.query(query.statement(), query.parameters(limit));
        for (; rows.next(); ++given)
            take(viewOf(rows));
    }
    const std::string* rest = query.rest();
    const std::int64_t left = limit - given;
    if (!rest || left == 0) return;
    auto rows = tx_.query(*rest, query.restParameters(left));
    while (rows.next())
        take(viewOf(rows));
}

ListRows::Around ListRows::page(const UrlQuery& query, std::int64_t limit, const Take& take) const {
    if (query.isBackward()) return pageBefore(query, limit, take);
    Around around;
    Mark last;
    std::int64_t given = 0;
    // One more than was asked for says that there is a further page.
    read(query, limit + 1, [&](const RowView& row) {
        if (given++ == limit) {
            around.behind = last;
            return;
        }
        take(row);
        last = {row.key, SortValue::of(row.cells[query.sort()])};
        if (given == 1 && !query.isFirst()) around.before = last;
    });
    return around;
}

ListRows::Around ListRows::pageBefore(const UrlQuery& query, std::int64_t limit, const Take& take) const {
    struct Kept {
        RowView row;
        std::vector<storage::Cell> cells;
        std::vector<std::string> texts;
    };
    std::vector<Kept> nearest;
    read(query, limit + 1, [&](const RowView& row) {
        Kept& kept = nearest.emplace_back();
        kept.row = row;
        kept.texts.reserve(row.cells.size());
        for (storage::Cell cell : row.cells) {
            cell.s = kept.texts.emplace_back(cell.s);
            kept.cells.push_back(cell);
        }
    });
    Around around;
    const bool further = static_cast<std::int64_t>(nearest.size()) > limit;
    if (further) nearest.pop_back();
    for (auto kept = nearest.rbegin(); kept != nearest.rend(); ++kept) {
        kept->row.cells = kept->cells;
        take(kept->row);
        const Mark mark{kept->row.key, SortValue::of(kept->cells[query.sort()])};
        if (further && kept == nearest.rbegin()) around.before = mark;
        around.behind = mark;
    }
    return around;
}

void ListRows::each(const UrlQuery& query, std::int64_t most, const Take& take) const {
    std::int64_t given = 0;
    read(query, most + 1, [&](const RowView& row) {
        if (given++ == most)
            throw Error(413, "core.list.too_long",
                        Value::map([&](MapWriter& m) { m.set("most", std::to_string(most)); }));
        take(row);
    });
}

bool ListRows::one(std::int64_t key, const Take& take) const {
    const AsPlugin as(tx_, access_);
    auto rows = tx_.query(list_.statements->byKey(), {{"key", key}});
    if (!rows.next()) return false;
    take(viewOf(rows));
    return true;
}

} // namespace dalate::services::lists
