// SPDX-License-Identifier: Apache-2.0
#include "Parts.h"

#include <dalate/notices.hpp>
#include <dalate/rules.hpp>

using namespace dalate;

namespace {

Error taken(std::string_view tag, int status = 409, const char* id = "helpdesk.spare_taken") {
    return Error(status, id, Value::map([&](MapWriter& m) { m.set("tag", tag); }));
}

struct Loan {
    std::int64_t asset, kase, holder, due;
    std::string tag, model;
};

std::vector<Loan> overdue(Tx& tx, std::int64_t now) {
    std::vector<Loan> loans;
    Rows rows = tx.query("SELECT a.id, a.kase, a.holder, a.due_at, a.tag, a.model FROM helpdesk_asset a "
                         "WHERE {scope:a} AND a.state = 'lent' AND a.due_at <= :now "
                         "ORDER BY a.due_at, a.id LIMIT 1000",
                         {{"now", now}});
    while (rows.next())
        loans.push_back({rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3),
                         std::string(rows.text(4)), std::string(rows.text(5))});
    return loans;
}

/// Guard of asking: 409 `helpdesk.nobody_to_lend_to` where no person asked, 422 `helpdesk.spare_unknown` and
/// 409 `helpdesk.spare_taken` (details: tag), 409 `helpdesk.too_many_loans` (details: most).
void mayLend(CaseMove& move) {
    const std::string_view tag = move.answers()["spare"].text();
    if (move.applicant() == 0) throw Error(409, "helpdesk.nobody_to_lend_to");
    Tx tx = move.begin(TxMode::read);
    Rows found =
        tx.query("SELECT a.state FROM helpdesk_asset a WHERE {scope:a} AND a.tag = :tag", {{"tag", tag}});
    if (!found.next()) throw taken(tag, 422, "helpdesk.spare_unknown");
    if (found.text(0) != "free") throw taken(tag);
    const std::int64_t most = Rules::ofCase(move, move.caseId()).integer("most_loans");
    Rows held = tx.query("SELECT COUNT(*) FROM helpdesk_asset a WHERE {scope:a} AND a.holder = :holder",
                         {{"holder", move.applicant()}});
    if (held.next() && held.integer(0) >= most)
        throw Error(409, "helpdesk.too_many_loans", Value::map([&](MapWriter& m) { m.set("most", most); }));
}

/// Decides who was first: 409 `helpdesk.spare_taken`.
void reserve(CaseMove& move) {
    const std::string_view tag = move.answers()["spare"].text();
    if (move.write("UPDATE helpdesk_asset AS a SET state = 'reserved', kase = :kase, holder = :holder "
                   "WHERE {scope:a} AND a.tag = :tag AND a.state = 'free'",
                   {{"kase", move.caseId()}, {"holder", move.applicant()}, {"tag", tag}}) != 1)
        throw taken(tag);
}

void handOver(CaseMove& move) {
    const std::int64_t due =
        rules::due(move, move.at(), Rules::ofCase(move, move.caseId()).term("loan_term")).at;
    if (move.write("UPDATE helpdesk_asset AS a SET state = 'lent', due_at = :due "
                   "WHERE {scope:a} AND a.kase = :kase AND a.state = 'reserved'",
                   {{"due", due}, {"kase", move.caseId()}}) != 1)
        throw Error(409, "helpdesk.no_spare");
}

/// 409 `helpdesk.no_spare` where the ticket has none.
void release(CaseMove& move) {
    // What is refused was only reserved; what comes back was lent. A ticket may have both.
    const char* was = move.from() == "approval" ? "reserved" : "lent";
    if (move.write("UPDATE helpdesk_asset AS a SET state = 'free', kase = 0, holder = 0, due_at = 0 "
                   "WHERE {scope:a} AND a.kase = :kase AND a.state = :was",
                   {{"kase", move.caseId()}, {"was", was}}) == 0)
        throw Error(409, "helpdesk.no_spare");
}

/// Tells holders what should be back by now, once a loan. {told}.
Value remind(JobContext& job) {
    std::int64_t told = 0;
    Tx tx = job.begin(TxMode::write);
    for (const Loan& loan : overdue(tx, job.now())) {
        const std::string key = "loan/" + std::to_string(loan.asset) + "/" + std::to_string(loan.due);
        const Value values = Value::map([&](MapWriter& m) {
            m.set("tag", loan.tag).set("model", loan.model);
            m.set("href", cases::href(job, "ticket", loan.kase));
        });
        told += notices::send(job, tx, {"spare_due", notices::To::account(loan.holder), values, key});
    }
    tx.commit();
    return Value::map([&](MapWriter& m) { m.set("told", told); });
}

} // namespace

void bindSpares(Binder& binder) {
    binder.guard("may_lend", mayLend);
    binder.effect("reserve_spare", reserve);
    binder.effect("hand_over", handOver);
    binder.effect("release_spare", release);
    binder.job("remind_holders", remind);
}
