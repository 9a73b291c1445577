// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "TraceSearch.h"

#include <functional>
#include <string>

namespace dalate::traceability {

/// What stands on a box of the drawing.
struct DrawnLabel {
    std::string title, line;
    std::string href; ///< a path of this site; empty for none
};

struct Drawing {
    std::string svg;
    std::size_t drawn = 0;  ///< items drawn
    std::size_t left = 0;   ///< items that the drawing leaves to the table
};

/// Draws a trace as a plain SVG: items in columns by distance from the start, processes passed over, one line a
/// link. Forward runs to the right, backward to the left, so matter always flows rightwards. At most `most` items, the
/// nearest first; the order within a column follows the nodes' neighbours, so lines cross little. Everything a
/// screen reader needs stands in the table beside it.
Drawing draw(const Trace& trace, const std::function<DrawnLabel(const TracedNode&)>& label, const std::string& title,
             std::size_t most = 60);

} // namespace dalate::traceability
