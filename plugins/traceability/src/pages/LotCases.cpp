// SPDX-License-Identifier: Apache-2.0
#include "pages/LotCases.h"

#include "gs1/LotCode.h"
#include "gs1/Percent.h"
#include "hold/HoldStore.h"

#include <map>

namespace dalate::traceability {

namespace {

struct Stand {
    std::string number, state;
    bool ended = false;
    Time openedAt = 0;
};

/// Where the lot's cases stand, as far as the reader sees them; the newest number first.
std::map<std::int64_t, Stand, std::greater<>> standsOf(Tx& tx, Node lot, bool complaints) {
    Rows rows = complaints ? tx.query("SELECT c.id, c.number, c.state, c.closed_at, c.opened_at FROM traceability_complaint o "
                                      "JOIN traceability_case c ON c.id = o.kase "
                                      "WHERE {scope:c} AND o.node = :node ORDER BY o.opened_at DESC LIMIT 50",
                                      {{"node", lot}})
                           : tx.query("SELECT c.id, c.number, c.state, c.closed_at, c.opened_at FROM traceability_lot_hold h "
                                      "JOIN traceability_case c ON c.id = h.kase "
                                      "WHERE {scope:c} AND h.node = :node ORDER BY h.proposed_at DESC LIMIT 50",
                                      {{"node", lot}});
    std::map<std::int64_t, Stand, std::greater<>> found;
    while (rows.next())
        found[rows.integer(0)] = {std::string(rows.text(1)), std::string(rows.text(2)), rows.integer(3) != 0, rows.integer(4)};
    return found;
}

void writeCase(MapWriter& m, std::int64_t kase, const Stand& stand, std::string_view machine, const Wording& wording) {
    m.set("number", stand.number).set("href", "/cases/" + std::to_string(kase));
    m.set("state", wording.text("traceability." + std::string(machine) + "." + stand.state));
    m.set("kind", stand.ended ? "off" : "busy");
    m.set("time", wording.time(stand.openedAt)).set("iso", Wording::iso(stand.openedAt));
}

std::string toldBy(const LotHold& hold, Tx& tx, const Wording& wording) {
    if (hold.heldAt == 0) return {};
    if (hold.traced == static_cast<int>(HolderSearch::notYet)) return wording.text("traceability.trace.telling");
    std::int64_t people = 0, organisations = 0, silent = 0;
    for (const Holder& each : HoldStore(tx).holders(hold.kase)) {
        ++organisations;
        people += each.people;
        if (each.people == 0) ++silent;
    }
    const Value counts = Value::map([&](MapWriter& m) {
        m.set("organisations", organisations).set("people", people).set("silent", silent);
    });
    std::string text = wording.text("traceability.trace.told", counts);
    if (silent > 0) text += wording.text("traceability.trace.told_silent", counts);
    if (hold.traced == static_cast<int>(HolderSearch::some)) text += wording.text("traceability.trace.told_some");
    return text;
}

} // namespace

void writeLotCases(MapWriter& m, const Request& request, Tx& tx, Node lot, const Labels::Label& label,
                   const Wording& wording) {
    const auto holdStands = standsOf(tx, lot, false);
    const auto holds = HoldStore(tx).of(lot);
    bool free = true;
    for (const LotHold& hold : holds) {
        free = free && !hold.isInForce() && !hold.isProposed();
        if (hold.isInForce())
            m.set("in_force", wording.text("traceability.trace.in_force", Value::map([&](MapWriter& v) {
                                               v.set("since", wording.time(hold.heldAt)).set("number", hold.number);
                                               v.set("until", wording.day(hold.dueAt));
                                           })));
    }
    m.list("cases", [&](ListWriter& list) {
        for (const LotHold& hold : holds) {
            const auto stand = holdStands.find(hold.kase);
            if (stand == holdStands.end()) continue;
            list.map([&](MapWriter& one) {
                writeCase(one, hold.kase, stand->second, "hold", wording);
                one.set("what", wording.text("traceability.hold.measure_" + hold.measure) + " · " +
                                    wording.text("traceability.hold.ground_" + hold.ground));
                if (const std::string told = toldBy(hold, tx, wording); !told.empty()) one.set("told", told);
            });
        }
        for (const auto& [kase, stand] : standsOf(tx, lot, true))
            list.map([&, id = kase, &each = stand](MapWriter& one) {
                writeCase(one, id, each, "complaint", wording);
                one.set("what", wording.text("traceability.complaint"));
            });
    });
    m.list("documents", [&](ListWriter& list) {
        for (const Paper& paper : CatalogueStore(tx).papers(lot))
            if (paper.document != 0)
                list.map([&](MapWriter& one) {
                    one.set("title", paper.title).set("number", paper.number).set("day", wording.day(paper.issuedAt));
                    one.set("href", "/files/" + std::to_string(paper.document));
                    one.set("label", wording.document(paper.documentType, paper.documentSize));
                });
    });
    const auto code = gs1::readLotCode(label.href);
    if (!code || !free || !request.can("traceability.lot.hold")) return;
    const auto product = CatalogueStore(tx).product(code->gtin);
    m.set("hold_href", "/cases/traceability/hold/open?product=" +
                           gs1::encodeValue(product ? product->name.in(wording.language()) : code->gtin) +
                           "&lot=" + gs1::encodeValue(code->path()));
}

} // namespace dalate::traceability
