// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "DrawingPlan.h"

#include <functional>
#include <string>

namespace dalate::traceability {

/// What stands on a box of the drawing.
struct DrawnLabel {
    std::string title, line;
    std::string href; ///< a path of this site; empty for none
};

/// The words of a drawing, asked for what is drawn only.
struct DrawingWords {
    std::string title; ///< the drawing's own name
    std::function<DrawnLabel(const TracedNode&)> label;
    std::function<std::string(std::size_t)> further; ///< "88 more", below a column that shows only some
    ItemSorting sort;
};

struct Drawing {
    std::string svg;
    std::size_t drawn = 0; ///< items drawn
    std::size_t left = 0;  ///< items that the drawing only counts and leaves to the table
};

/// Draws a trace as a plain SVG: items in columns by distance from the start, processes passed over, one line
/// a link. Forward runs to the right, backward to the left, so matter always flows rightwards. The order
/// within a column follows the nodes' neighbours, so lines cross little. A label is wrapped; one too long
/// even so stands whole in the box's <title>. Everything a screen reader needs stands in the table beside it.
Drawing draw(const Trace& trace, const DrawingWords& words, DrawingLimits limits = {});

} // namespace dalate::traceability
