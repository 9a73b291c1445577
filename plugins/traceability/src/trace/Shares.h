// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "TraceSearch.h"

namespace dalate::traceability {

/// Fills `share`, `amount` and `cycles` of a finished search by proportional mixing: each output of a process has
/// its inputs in the proportions in which they went in. A share is known only where it follows from the stated
/// amounts: one input needs none, several must all state amounts of one unit. Reads the edges that the search did
/// not need, the other inputs of a mix.
void reckonShares(Trace& trace, EdgeSource& source);

} // namespace dalate::traceability
