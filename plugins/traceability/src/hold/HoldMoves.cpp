// SPDX-License-Identifier: Apache-2.0
#include "hold/HoldMoves.h"

#include "gs1/LotCode.h"
#include "hold/HoldStore.h"
#include "log/Identifiers.h"

#include <dalate/events.hpp>
#include <dalate/jobs.hpp>
#include <dalate/rules.hpp>

namespace dalate::traceability {

namespace {

gs1::LotCode lotOf(ValueView answers) {
    if (auto code = gs1::readLotCode(answers["lot"].text())) return *std::move(code);
    throw Error(422, "traceability.hold.lot_code");
}

[[noreturn]] void refuseHeld(const LotHold& other) {
    throw Error(409, "traceability.hold.already", Value::map([&](MapWriter& m) { m.set("number", other.number); }));
}

void tellHolders(CaseMove& move, Tx& tx, std::string_view what) {
    jobs::enqueue(move, tx, "tell_holders", Value::map([&](MapWriter& m) {
                      m.set("case", std::to_string(move.caseId())).set("what", what);
                  }));
}

/// What both events say.
void writeLot(MapWriter& m, const CaseMove& move, const gs1::LotCode& lot) {
    m.set("case", std::to_string(move.caseId())).set("number", move.record()["number"].text());
    m.set("uri", lot.uri).set("gtin", lot.gtin).set("lot", lot.lot);
}

} // namespace

void HoldMoves::demandFreeLot(CaseMove& move) {
    const gs1::LotCode lot = lotOf(move.allAnswers());
    Tx tx = move.begin(TxMode::read);
    const auto node = Identifiers(tx).find(lot.uri);
    if (!node) throw Error(422, "traceability.hold.lot_unknown");
    const bool opens = move.transition() == "open";
    for (const LotHold& other : HoldStore(tx).of(*node))
        if (other.kase != move.caseId() && (other.isInForce() || (opens && other.isProposed()))) refuseHeld(other);
}

void HoldMoves::propose(CaseMove& move) {
    const ValueView answers = move.allAnswers();
    const gs1::LotCode lot = lotOf(answers);
    LotHold hold;
    hold.kase = move.caseId();
    hold.number = move.record()["number"].text();
    hold.measure = answers["measure"].text();
    hold.ground = answers["ground"].text();
    hold.basis = answers["basis"].text();
    hold.proposedAt = move.at();
    Tx tx = move.begin(TxMode::write);
    hold.node = Identifiers(tx).intern(lot.uri);
    HoldStore(tx).propose(hold);
    tx.commit();
}

void HoldMoves::hold(CaseMove& move) {
    const gs1::LotCode lot = lotOf(move.allAnswers());
    // The case's own rules: it was proposed under them.
    const rules::Due due = rules::due(move, move.at(), Rules::at(move, move.rulesAt()).term("hold_term"));
    Tx tx = move.begin(TxMode::write);
    if (!HoldStore(tx).putInForce(move.caseId(), move.at(), due.at, due.unknownYear))
        throw Error(409, "traceability.hold.no_proposal");
    events::publish(move, tx, "traceability.lot_held/1", Value::map([&](MapWriter& m) {
                        writeLot(m, move, lot);
                        m.set("measure", move.allAnswers()["measure"]).set("ground", move.allAnswers()["ground"]);
                        m.set("since", move.at()).set("until", due.at);
                    }));
    tellHolders(move, tx, "held");
    tx.commit();
}

void HoldMoves::drop(CaseMove& move) {
    Tx tx = move.begin(TxMode::write);
    HoldStore(tx).end(move.caseId(), move.at());
    tx.commit();
}

void HoldMoves::release(CaseMove& move) {
    const gs1::LotCode lot = lotOf(move.allAnswers());
    Tx tx = move.begin(TxMode::write);
    HoldStore holds(tx);
    const auto hold = holds.find(move.caseId());
    if (!hold || !holds.end(move.caseId(), move.at())) throw Error(409, "traceability.hold.no_proposal");
    events::publish(move, tx, "traceability.lot_released/1", Value::map([&](MapWriter& m) {
                        writeLot(m, move, lot);
                        m.set("since", hold->heldAt).set("at", move.at());
                    }));
    tellHolders(move, tx, "released");
    tx.commit();
}

void HoldMoves::proposeAfter(const Paper& test, const std::string& uri, Request& request, Tx& tx) {
    for (const LotHold& other : HoldStore(tx).of(test.node))
        if (other.isInForce() || other.isProposed()) return;
    const auto lot = gs1::readLotCode(uri);
    const std::vector<std::string> bases = Rules(request).list("hold_basis");
    if (!lot || bases.empty()) return;
    const auto product = CatalogueStore(tx).product(lot->gtin);
    const Value answers = Value::map([&](MapWriter& m) {
        m.set("product", product ? product->name.zh : lot->gtin).set("lot", lot->path());
        m.set("measure", "suspend").set("ground", "test").set("basis", bases.front());
        m.set("reason", request.tr("traceability.hold.after_test", Value::map([&](MapWriter& v) {
                                       v.set("title", test.title).set("number", test.number).set("issuer", test.issuer);
                                   })));
    });
    cases::NewCase fresh;
    fresh.machine = "hold";
    fresh.answers = answers;
    fresh.subject = uri;
    fresh.as = cases::As::system;
    cases::open(request, tx, fresh);
}

} // namespace dalate::traceability
