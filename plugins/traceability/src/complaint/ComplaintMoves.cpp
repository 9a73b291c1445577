// SPDX-License-Identifier: Apache-2.0
#include "complaint/ComplaintMoves.h"

#include "gs1/LotCode.h"
#include "log/Identifiers.h"

namespace dalate::traceability {

void ComplaintMoves::note(CaseMove& move) {
    const auto lot = gs1::readLotCode(move.allAnswers()["lot"].text());
    Tx tx = move.begin(TxMode::write);
    // Not interned: what a stranger types makes no identifier.
    const auto node = lot ? Identifiers(tx).find(lot->uri) : std::nullopt;
    tx.exec("INSERT INTO traceability_complaint (kase, node, opened_at) VALUES (:kase, :node, :at)",
            {{"kase", move.caseId()}, {"node", node.value_or(0)}, {"at", move.at()}});
    tx.commit();
}

} // namespace dalate::traceability
