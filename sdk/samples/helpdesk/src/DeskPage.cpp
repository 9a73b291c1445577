// SPDX-License-Identifier: Apache-2.0
#include "Parts.h"

using namespace dalate;

namespace {

std::string_view word(const Request& request, const char* kind, std::string_view name) {
    return request.tr("helpdesk." + std::string(kind) + "." + std::string(name));
}

void writeTickets(ListWriter& list, const Request& request, Tx& tx) {
    Rows rows =
        tx.query("SELECT c.id, c.number, c.title, c.state, t.category, t.office, t.urgent, t.replies, a.tag "
                 "FROM helpdesk_ticket t JOIN helpdesk_case c ON c.id = t.kase "
                 "LEFT JOIN helpdesk_asset a ON a.kase = c.id AND {scope:a} "
                 "WHERE {scope:c} AND c.closed_at = 0 ORDER BY t.urgent DESC, c.opened_at, c.id LIMIT 200");
    while (rows.next())
        list.map([&](MapWriter& m) {
            m.set("href", cases::href(request, "ticket", rows.integer(0)));
            m.set("number", rows.text(1)).set("title", rows.text(2)).set("office", rows.text(5));
            m.set("state", word(request, "state", rows.text(3)));
            m.set("tone", rows.text(3) == "filed" ? "warn" : "busy");
            m.set("category", word(request, "category", rows.text(4)));
            m.set("urgent", rows.integer(6) != 0).set("replies", rows.integer(7)).set("spare", rows.text(8));
        });
}

void writeTally(ListWriter& list, const Request& request, Tx& tx) {
    Rows rows = tx.query("SELECT month, category, closed, minutes FROM helpdesk_tally "
                         "WHERE month = (SELECT MAX(month) FROM helpdesk_tally) ORDER BY category");
    while (rows.next())
        list.map([&](MapWriter& m) {
            m.set("month", rows.text(0)).set("label", word(request, "category", rows.text(1)));
            m.set("closed", rows.integer(2)).set("minutes", rows.integer(3));
        });
}

/// Open tickets of the reader's organisation, what is urgent first, each with what the desk's own table knows
/// of it and what is lent for it; and the tally.
Response show(Request& request) {
    Tx tx = request.begin(TxMode::read);
    return Response::page("helpdesk/desk", Value::map([&](MapWriter& m) {
                              m.list("tickets", [&](ListWriter& list) { writeTickets(list, request, tx); });
                              m.list("tally", [&](ListWriter& list) { writeTally(list, request, tx); });
                          }));
}

} // namespace

void bindDesk(Binder& binder) {
    binder.route("desk", show);
}
