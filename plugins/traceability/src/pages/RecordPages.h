// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Vocabulary.h"

#include <dalate/response.hpp>

namespace dalate::traceability {

/// A farmer's own desk: her records, the four forms, taking a wrong record back, and the label of a lot.
class RecordPages {
public:
    static Response list(Request& request);
    static Response form(Request& request);
    /// Stores the record and its event in one transaction; 422 with the answers where some are wrong.
    static Response add(Request& request, const epcis::Vocabulary& vocabulary);
    /// Declares the record's event wrong; the event stays in the log.
    static Response takeBack(Request& request, const epcis::Vocabulary& vocabulary);
    static Response label(Request& request);
};

} // namespace dalate::traceability
