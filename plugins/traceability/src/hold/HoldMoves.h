// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalogue/CatalogueStore.h"

#include <dalate/cases.hpp>
#include <dalate/request.hpp>

namespace dalate::traceability {

/// What a hold does beside its case (cases/hold.json), in the transaction of the move: the row that scan page and trace
/// read, the event for other plugins, and the job that tells whoever has the lot. The event log is never touched: a hold
/// says what may be done with a lot, not what happened to it.
class HoldMoves {
public:
    /// Guard of opening and confirming. Refuses 422 `traceability.hold.lot_code` for what is no lot's code, 422
    /// `traceability.hold.lot_unknown` for a lot that nobody recorded, 409 `traceability.hold.already` for one that is
    /// held or, at opening, proposed to be (details: number).
    static void demandFreeLot(CaseMove& move);
    /// Opening: the proposal's row.
    static void propose(CaseMove& move);
    /// Confirming: in force from now on; publishes traceability.lot_held/1 {case, number, uri, gtin, lot, measure, ground,
    /// since, until}.
    static void hold(CaseMove& move);
    /// Rejecting and withdrawing.
    static void drop(CaseMove& move);
    /// Releasing: publishes traceability.lot_released/1 {case, number, uri, gtin, lot, since, at}.
    static void release(CaseMove& move);

    /// Proposes a hold on its own account because a test was failed (检测不合格), unless one runs or is proposed; whoever
    /// decides is a person. In the caller's transaction.
    static void proposeAfter(const Paper& failedTest, const std::string& uri, Request& request, Tx& tx);
};

} // namespace dalate::traceability
