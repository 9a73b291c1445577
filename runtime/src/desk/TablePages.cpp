// SPDX-License-Identifier: Apache-2.0
#include "desk/TablePages.h"

#include "gateway/Headers.h"
#include "services/files/FileName.h"
#include "services/lists/Export.h"
#include "services/lists/TableModel.h"
#include "storage/Session.h"
#include "storage/Tx.h"

namespace dalate::desk {

using namespace services;
using gateway::Visit;

namespace {

void writeActs(MapWriter& m, const ListVisit& page) {
    m.list("bulk", [&](ListWriter& acts) {
        for (const lists::BulkAct& act : page.list().bulk)
            if (page.may(act.permission))
                acts.map([&](MapWriter& one) {
                    one.set("value", act.name).set("label", page.text(act.label));
                    one.set("kind", act.danger ? "danger" : "plain");
                });
    });
}

} // namespace

void TablePages::addTo(gateway::Gateway& gateway) {
    const std::string list = "/lists/{plugin}/{list}";
    gateway.add({"GET", list, "", [this](Visit& visit) { show(visit); }});
    gateway.add({"GET", list + "/csv", "", [this](Visit& visit) { exported(visit, Format::csv); }});
    gateway.add({"GET", list + "/xlsx", "", [this](Visit& visit) { exported(visit, Format::xlsx); }});
    gateway.add({"GET", list + "/print", "", [this](Visit& visit) { print(visit); }});
}

void TablePages::show(Visit& visit) const {
    ListVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    const lists::UrlQuery query = page.query();
    const lists::CellWords words = page.words();
    const lists::TableModel table(page.list(), query, words, page.path());
    const Value model = Value::map([&](MapWriter& m) {
        m.set("heading", page.text(page.list().title)).set("action", page.path());
        m.set("bulk_action", page.path() + "/bulk");
        const std::string all = query.firstText();
        m.set("csv_href", page.path() + "/csv" + all).set("xlsx_href", page.path() + "/xlsx" + all);
        m.set("print_href", page.path() + "/print" + all);
        if (const auto& rule = page.list().import; rule && page.may(rule->permission))
            m.set("import_href", page.path() + "/import");
        if (query.isFiltered()) m.set("all_href", page.path());
        table.writeFilters(m);
        writeActs(m, page);
        auto lease = parts_.desk.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        table.writeTable(m, lists::ListRows(tx, page.list(), page.access()), perPage);
    });
    gateway::PageOrder order;
    order.name = "pages/list";
    order.model = model;
    order.title = page.text(page.list().title);
    order.holdsForm = true;
    page.send(order);
}

void TablePages::print(Visit& visit) const {
    ListVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    const lists::UrlQuery query = page.query();
    const lists::CellWords words = page.words();
    const lists::TableModel table(page.list(), query, words, page.path());
    const Value model = Value::map([&](MapWriter& m) {
        m.set("heading", page.text(page.list().title)).set("list_href", page.path() + query.firstText());
        m.set("printed", page.text("core.cases.printed", Value::map([&](MapWriter& v) {
                                       v.set("time", page.time(now())).set("who", visit.who.principal.name);
                                   })));
        auto lease = parts_.desk.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        table.writeTable(m, lists::ListRows(tx, page.list(), page.access()), mostPrinted);
    });
    gateway::PageOrder order;
    order.name = "pages/list-print";
    order.model = model;
    order.title = page.text(page.list().title);
    page.send(order);
}

void TablePages::exported(Visit& visit, Format format) const {
    ListVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    const lists::UrlQuery query = page.query();
    const lists::CellWords words = page.words();
    const bool csv = format == Format::csv;
    auto lease = parts_.desk.pool.lease();
    {
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        page.record(tx, "list.export", Value::map([&](MapWriter& m) {
                        m.set("format", csv ? "csv" : "xlsx").set("query", query.text());
                    }));
        tx.commit();
    }
    const lists::Sink sink = [&](std::string_view piece) { visit.response.write(piece); };
    try {
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        const lists::ListRows rows(tx, page.list(), page.access());
        csv ? lists::exportCsv(page.list(), rows, query, words, sink)
            : lists::exportXlsx(page.list(), rows, query, words, parts_.spool, sink);
    } catch (...) {
        // Half a file must not pass for a whole one.
        visit.response.reset();
        throw;
    }
    gateway::setSecurityHeaders(visit.response, visit.who);
    visit.response.set("Cache-Control", "no-store");
    visit.response.set("Content-Type",
                       csv ? "text/csv; charset=utf-8"
                           : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    visit.response.set("Content-Disposition",
                       files::attachmentNamed(page.text(page.list().title) + (csv ? ".csv" : ".xlsx")));
}

} // namespace dalate::desk
