// SPDX-License-Identifier: Apache-2.0
#include "Parts.h"

#include <dalate/civil.hpp>

using namespace dalate;

namespace {

void enter(CaseMove& move) {
    const ValueView answers = move.answers();
    move.write("INSERT INTO helpdesk_ticket (kase, category, device, office, urgent) "
               "VALUES (:kase, :category, :device, :office, :urgent)",
               {{"kase", move.caseId()},
                {"category", answers["category"].text()},
                {"device", answers["device"].text()},
                {"office", answers["office"].text()},
                {"urgent", answers["urgent"].truth() ? 1 : 0}});
}

/// The desk has answered.
void noteAnswer(CaseMove& move) {
    move.write("UPDATE helpdesk_ticket SET answered = 1, replies = replies + 1 WHERE kase = :kase",
               {{"kase", move.caseId()}});
}

/// The person says that it is not solved.
void askAgain(CaseMove& move) {
    move.write("UPDATE helpdesk_ticket SET answered = 0 WHERE kase = :kase", {{"kase", move.caseId()}});
}

/// Both ends that solve it: publishes helpdesk.ticket_closed/1 {case, month, category, minutes}.
void tellClosed(CaseMove& move) {
    const Value payload = Value::map([&](MapWriter& m) {
        m.set("case", move.caseId()).set("month", civil::month(move.at()));
        m.set("category", move.allAnswers()["category"]);
        m.set("minutes", move.answers()["minutes"].integer().value_or(0));
    });
    Tx tx = move.begin(TxMode::write);
    events::publish(move, tx, "helpdesk.ticket_closed/1", payload);
    tx.commit();
}

/// 409 `helpdesk.spare_is_out` (details: tag) while something is reserved or lent for the ticket.
void spareIsBack(CaseMove& move) {
    Read rows = move.read("SELECT a.tag FROM helpdesk_asset a WHERE {scope:a} AND a.kase = :kase",
                          {{"kase", move.caseId()}});
    if (rows.next())
        throw Error(409, "helpdesk.spare_is_out",
                    Value::map([&](MapWriter& m) { m.set("tag", rows.text(0)); }));
}

/// 409 `helpdesk.not_answered` before the desk's answer, and what `spareIsBack` throws.
void mayClose(CaseMove& move) {
    {
        Read rows =
            move.read("SELECT answered FROM helpdesk_ticket WHERE kase = :kase", {{"kase", move.caseId()}});
        if (!rows.next() || rows.integer(0) == 0) throw Error(409, "helpdesk.not_answered");
    }
    spareIsBack(move);
}

} // namespace

void bindTickets(Binder& binder) {
    binder.effect("enter_ticket", enter);
    binder.effect("note_answer", noteAnswer);
    binder.effect("ask_again", askAgain);
    binder.effect("tell_closed", tellClosed);
    binder.guard("may_close", mayClose);
    binder.guard("spare_is_back", spareIsBack);
}
