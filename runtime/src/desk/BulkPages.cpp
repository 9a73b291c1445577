// SPDX-License-Identifier: Apache-2.0
#include "desk/BulkPages.h"

#include "gateway/FormFields.h"
#include "services/cases/Engine.h"
#include "services/lists/Rows.h"
#include "services/lists/TableModel.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>
#include <charconv>

namespace dalate::desk {

using namespace services;
using gateway::Visit;

namespace {

std::int64_t numberIn(std::string_view digits) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.empty() || fault != std::errc() || end != digits.data() + digits.size())
        throw Error(400, "core.list.query", Value::map([](MapWriter& m) { m.set("name", "row"); }));
    return number;
}

} // namespace

void BulkPages::addTo(gateway::Gateway& gateway) {
    gateway.add({"POST", "/lists/{plugin}/{list}/bulk", "", [this](Visit& visit) { take(visit); }});
}

void BulkPages::take(Visit& visit) const {
    ListVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    const lists::BulkAct* act = page.list().act(sent(visit, "act"));
    if (!act || !page.may(act->permission)) throw Error(404, "core.request.unknown");
    const bool confirmed = sent(visit, "confirmed") == "yes";
    std::vector<Row> rows;
    for (const auto& [name, values] : visit.form) {
        if (name != "row") continue;
        for (const std::string& value : values) {
            // `<key>` of the list, `<key>-<version>` of the confirmation.
            const std::size_t dash = std::min(value.find('-', 1), value.size());
            Row row;
            row.key = numberIn(std::string_view(value).substr(0, dash));
            if (dash < value.size()) row.version = numberIn(std::string_view(value).substr(dash + 1));
            const bool known =
                std::any_of(rows.begin(), rows.end(), [&](const Row& other) { return other.key == row.key; });
            if (!known) rows.push_back(row);
        }
    }
    if (rows.empty()) throw Error(422, "core.list.none_chosen");
    if (rows.size() > mostRows)
        throw Error(413, "core.list.too_long",
                    Value::map([](MapWriter& m) { m.set("most", std::to_string(mostRows)); }));
    confirmed ? perform(page, *act, rows) : confirm(page, *act, rows);
}

void BulkPages::confirm(ListVisit& page, const lists::BulkAct& act, const std::vector<Row>& asked) const {
    const lists::UrlQuery query = lists::UrlQuery::read(page.list(), {});
    const lists::CellWords words = page.words();
    const lists::TableModel table(page.list(), query, words, page.path());
    std::int64_t count = 0;
    const Value model = Value::map([&](MapWriter& m) {
        auto lease = parts_.desk.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        const lists::ListRows reading(tx, page.list(), page.access());
        std::vector<Row> seen;
        m.list("rows", [&](ListWriter& rows) {
            for (const Row& row : asked)
                reading.one(row.key, [&](const lists::RowView& view) {
                    seen.push_back({view.key, view.caseId, 0});
                    rows.map([&](MapWriter& one) { table.writeCells(one, view); });
                });
        });
        table.writeColumns(m);
        AfterCommit none;
        const lists::Doer doer = page.doer();
        const cases::Who who{&doer.principal, none, doer.language, doer.requestId, doer.ip, doer.declared};
        m.list("chosen", [&](ListWriter& chosen) {
            for (const Row& row : seen) {
                std::string value = std::to_string(row.key);
                if (act.movesCase() && row.caseId != 0)
                    value += "-" + std::to_string(parts_.acts.engine().find(tx, who, row.caseId).version);
                chosen.map([&](MapWriter& one) { one.set("value", value); });
            }
        });
        count = static_cast<std::int64_t>(seen.size());
        m.set("heading", page.text(act.label)).set("list_href", page.path());
        m.set("action", page.path() + "/bulk")
            .set("act", act.name)
            .set("kind", act.danger ? "danger" : "primary");
        m.set("question", page.text(act.confirm, Value::map([&](MapWriter& v) { v.set("count", count); })));
    });
    if (count == 0) throw Error(404, "core.request.unknown");
    gateway::PageOrder order;
    order.name = "pages/list-bulk";
    order.model = model;
    order.title = page.text(act.label);
    order.holdsForm = true;
    page.send(order);
}

std::string BulkPages::one(ListVisit& page, const lists::BulkAct& act, const Row& asked,
                           std::string& name) const {
    auto lease = parts_.desk.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    Row row = asked;
    const lists::ListRows reading(tx, page.list(), page.access());
    const lists::CellWords words = page.words();
    const bool found = reading.one(asked.key, [&](const lists::RowView& view) {
        row.caseId = view.caseId;
        name = lists::cellText(page.list().columns.front(), view.cells.front(), words);
    });
    if (!found) return page.text("core.list.gone");
    AfterCommit after;
    try {
        parts_.acts.onRow(tx, after, page.doer(), act, row.key, row.caseId, row.version);
        tx.commit();
    } catch (const Error& error) {
        if (error.status() >= 500) throw;
        return page.text(error.id(), error.details());
    }
    for (const auto& done : after)
        done();
    return {};
}

void BulkPages::perform(ListVisit& page, const lists::BulkAct& act, const std::vector<Row>& rows) const {
    std::int64_t done = 0;
    const Value model = Value::map([&](MapWriter& m) {
        m.list("rows", [&](ListWriter& list) {
            for (const Row& row : rows) {
                std::string name = std::to_string(row.key);
                const std::string fault = one(page, act, row, name);
                done += fault.empty();
                list.map([&](MapWriter& line) {
                    line.set("label", name);
                    line.map("status", [&](MapWriter& s) {
                        s.set("kind", fault.empty() ? "good" : "bad");
                        s.set("text", fault.empty() ? page.text("core.list.done") : fault);
                    });
                });
            }
        });
        m.set("heading", page.text(act.label)).set("list_href", page.path());
        m.set("summary",
              page.text("core.list.done_of", Value::map([&](MapWriter& v) {
                            v.set("done", done).set("count", static_cast<std::int64_t>(rows.size()));
                        })));
    });
    gateway::PageOrder order;
    order.name = "pages/list-bulk-done";
    order.model = model;
    order.title = page.text(act.label);
    order.holdsForm = true;
    page.send(order);
}

} // namespace dalate::desk
