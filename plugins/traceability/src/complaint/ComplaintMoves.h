// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/Node.h"

#include <dalate/cases.hpp>

#include <vector>

namespace dalate::traceability {

/// What a complaint (投诉) does beside its case (cases/complaint.json).
class ComplaintMoves {
public:
    /// Side effect of opening: remembers the lot, so that the trace page shows who has complained of it. Refuses nothing:
    /// a code that nobody recorded, or that is misprinted, may be just what the complaint is about.
    static void note(CaseMove& move);
};

} // namespace dalate::traceability
