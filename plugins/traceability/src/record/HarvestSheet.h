// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Vocabulary.h"

#include <dalate/services.hpp>

namespace dalate::traceability {

/// A cooperative's table of harvests (采收登记表), a row at a time as the host's import hands it on: each row becomes a
/// farmer's record with its event, as if it had come by the form. Whoever imports holds `traceability.record.own`; to
/// anybody else the methods do not exist.
class HarvestSheet {
public:
    /// {answers of forms/harvest.json, batch, row} -> {key}. Products and plots stand by the name they were registered
    /// under or by their number. Throws 422 `traceability.sheet.product`, `.plot`, `.day`; 409 `traceability.sheet.twice`.
    static Value bringIn(ServiceCall& call, const epcis::Vocabulary& vocabulary);
    /// {key} -> {}: takes the record back, as her own button does.
    static Value takeBack(ServiceCall& call, const epcis::Vocabulary& vocabulary);
};

} // namespace dalate::traceability
