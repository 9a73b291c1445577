// SPDX-License-Identifier: Apache-2.0
#include "Parts.h"

using namespace dalate;

namespace {

/// Listener of helpdesk.ticket_closed/1.
void count(Event& event) {
    const ValueView closed = event.payload();
    const Param month{"month", closed["month"].text()}, category{"category", closed["category"].text()};
    const Param minutes{"minutes", closed["minutes"].integer().value_or(0)};
    Tx tx = event.begin(TxMode::write);
    if (tx.exec("UPDATE helpdesk_tally SET closed = closed + 1, minutes = minutes + :minutes "
                "WHERE month = :month AND category = :category",
                {month, category, minutes}) == 0)
        tx.exec("INSERT INTO helpdesk_tally (id, month, category, closed, minutes) "
                "VALUES (:id, :month, :category, 1, :minutes)",
                {{"id", event.host().newId()}, month, category, minutes});
    tx.commit();
}

/// helpdesk/1.solved -> {count, label}: the number on the tile.
Value solved(ServiceCall& call) {
    Read rows = call.read("SELECT SUM(closed) FROM helpdesk_tally");
    const std::int64_t closed = rows.next() ? rows.integer(0) : 0;
    return Value::map([&](MapWriter& m) { m.set("count", closed).set("label", "helpdesk.solved"); });
}

} // namespace

void bindTally(Binder& binder) {
    binder.on("helpdesk.ticket_closed/1", count);
    binder.service("helpdesk/1.solved", solved);
}
