// SPDX-License-Identifier: Apache-2.0
#include "services/lists/ListsService.h"

#include "portal/TemplateStore.h"
#include "services/Arguments.h"
#include "services/Declared.h"
#include "services/Registry.h"
#include "services/lists/TableModel.h"
#include "storage/Tx.h"

#include <fmt/core.h>

#include <cmath>

namespace dalate::services::lists {

namespace {

using Templates = std::function<std::shared_ptr<const portal::TemplateStore>()>;
using Need = Argument::Need;
using Type = Argument::Type;
constexpr std::int64_t perPage = 50, mostAPage = 500;
constexpr Argument ofList{"list", Type::text, Need::required}, ofQuery{"query", Type::map},
    ofLimit{"limit", Type::number};

[[noreturn]] void refuse(std::string_view key) {
    throw Error(400, "core.list.asked", Value::map([&](MapWriter& m) { m.set("key", key); }));
}

const List& listOf(const ServiceContext& context, ValueView in) {
    const std::string_view name = in["list"].text();
    const List* list = context.declared ? context.declared->list(name) : nullptr;
    if (!list) throw Error(404, "core.list.unknown", Value::map([&](MapWriter& m) { m.set("list", name); }));
    return *list;
}

/// As a request's query comes: a map of texts or of lists of texts.
Asked askedOf(ValueView query) {
    Asked asked;
    for (const ValueView member : query) {
        std::vector<std::string> values;
        if (member.isText()) values.emplace_back(member.text());
        for (const ValueView value : member)
            values.emplace_back(value.text());
        asked.emplace_back(member.key(), std::move(values));
    }
    return asked;
}

std::int64_t limitOf(ValueView in) {
    if (!in.has("limit")) return perPage;
    const auto limit = in["limit"].integer();
    if (!limit || *limit < 1 || *limit > mostAPage) refuse("limit");
    return *limit;
}

void setCell(MapWriter& m, const Column& column, const storage::Cell& cell) {
    switch (cell.tag) {
    case storage::Cell::Tag::integer:
        if (column.type == ColumnType::yesno)
            m.set(column.name, cell.i != 0);
        else
            m.set(column.name, cell.i);
        return;
    case storage::Cell::Tag::real:
        if (!std::isfinite(cell.r)) break;
        m.number(column.name, fmt::format("{}", cell.r));
        return;
    case storage::Cell::Tag::text:
        m.set(column.name, cell.s);
        return;
    case storage::Cell::Tag::null:
    case storage::Cell::Tag::blob:
        break;
    }
    m.set(column.name, nullptr);
}

Value rowsFor(ServiceContext& context, ValueView in) {
    const List& list = listOf(context, in);
    const UrlQuery query = UrlQuery::read(list, askedOf(in["query"]));
    const storage::PluginAccess access{context.declared->tables.get(), context.scope};
    const ListRows reading(*context.tx, list, access);
    return Value::map([&](MapWriter& m) {
        ListRows::Around around;
        m.list("rows", [&](ListWriter& rows) {
            around = reading.page(query, limitOf(in), [&](const RowView& view) {
                rows.map([&](MapWriter& row) {
                    row.set("key", std::to_string(view.key));
                    if (view.caseId != 0) row.set("case", std::to_string(view.caseId));
                    row.map("cells", [&](MapWriter& cells) {
                        for (std::size_t i = 0; i < list.columns.size(); ++i)
                            setCell(cells, list.columns[i], view.cells[i]);
                    });
                });
            });
        });
        if (const auto& mark = around.before) m.set("previous", query.beforeText(mark->key, mark->value));
        if (const auto& mark = around.behind) m.set("next", query.behindText(mark->key, mark->value));
    });
}

Value tableFor(ServiceContext& context, ValueView in, const Templates& templates) {
    const List& list = listOf(context, in);
    const std::string_view path = in["path"].text();
    if (!path.starts_with('/')) refuse("path");
    const UrlQuery query = UrlQuery::read(list, askedOf(in["query"]));
    const storage::PluginAccess access{context.declared->tables.get(), context.scope};
    const ListRows reading(*context.tx, list, access);
    const auto store = templates();
    const CellWords words{[&](std::string_view id) { return store->texts().tr(context.language, id, {}); }};
    const TableModel model(list, query, words, std::string(path));
    return Value::map([&](MapWriter& m) {
        m.set("heading", words.text(list.title)).set("action", path);
        model.writeFilters(m);
        model.writeTable(m, reading, limitOf(in));
    });
}

} // namespace

void offerLists(const CoreParts& parts, Templates templates) {
    offerChecked(parts.registry, "lists/1", "rows", Touch::reads, {ofList, ofQuery, ofLimit},
                 [](ServiceContext& context, ValueView in) { return rowsFor(context, in); });
    offerChecked(
        parts.registry, "lists/1", "table", Touch::reads,
        {ofList, ofQuery, {"path", Type::text, Need::required}, ofLimit},
        [templates](ServiceContext& context, ValueView in) { return tableFor(context, in, templates); });
}

} // namespace dalate::services::lists
