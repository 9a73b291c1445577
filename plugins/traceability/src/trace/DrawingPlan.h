// SPDX-License-Identifier: Apache-2.0
//
// What of a trace is drawn, and where. Items stand in columns by distance from the start, processes are
// passed over. Nobody reads ten thousand boxes, so a column shows some and counts the others:
//
//   a column that fits     is drawn whole
//   a wider one            shows items that hang together with what is drawn already, as many as fit
//   beyond `all` boxes     further columns are left out
#pragma once

#include "TraceSearch.h"

#include <functional>
#include <utility>
#include <vector>

namespace dalate::traceability {

struct DrawingLimits {
    std::size_t column = 12; ///< boxes below each other
    std::size_t all = 60;
};

struct DrawnColumn {
    std::vector<const TracedNode*> items; ///< from the top
    std::size_t further = 0;              ///< of this distance, not drawn
};

struct DrawingPlan {
    std::vector<DrawnColumn> columns; ///< the start's first
    std::vector<std::pair<Node, Node>>
        links;                       ///< between drawn items, as matter flows; each once, in no order
    std::size_t drawn = 0, left = 0; ///< items
};

/// Puts items of one distance into the order in which people read them: the numbers of nodes must not show.
using ItemSorting = std::function<void(std::vector<const TracedNode*>&)>;

/// Plans the drawing of `trace`, whose nodes it borrows. `sort` sees only items that can be drawn.
DrawingPlan planDrawing(const Trace& trace, const ItemSorting& sort, DrawingLimits limits);

} // namespace dalate::traceability
