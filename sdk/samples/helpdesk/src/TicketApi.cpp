// SPDX-License-Identifier: Apache-2.0
#include "Parts.h"

#include <dalate/forms.hpp>

using namespace dalate;

namespace {

/// POST /helpdesk/api/tickets: a monitoring system reports a fault, judged by the form that people fill in.
/// 201 {case, number, state} with Location. Throws 422 `core.form.invalid` (details: problems), 422
/// `helpdesk.no_files_here`.
Response report(Request& request) {
    const forms::Judged judged = forms::Form(request, "ticket").json(request.json());
    judged.demand();
    // The form knows a file by its id alone; whose file it is only the host's own pages look at.
    if (judged.answers().has("photo")) throw Error(422, "helpdesk.no_files_here");
    Tx tx = request.begin(TxMode::write);
    const cases::Case ticket = cases::open(request, tx, {"ticket", judged.answers()});
    tx.commit();
    const Value body = Value::map([&](MapWriter& m) {
        m.set("case", std::to_string(ticket.id()))
            .set("number", ticket.number())
            .set("state", ticket.state());
    });
    return Response::json(body, 201).header("Location", cases::href(request, "ticket", ticket.id()));
}

} // namespace

void bindApi(Binder& binder) {
    binder.route("ticket_report", report);
}
