// SPDX-License-Identifier: Apache-2.0
//
// How the trace graph is read: the statements over traceability_edge_f and traceability_edge_b, and their
// rows. Apart from LinkRows so that a program without the plugin's boundary reads the same.
#pragma once

#include "log/BatchedStatement.h"
#include "trace/EdgeSource.h"

namespace dalate::traceability {

enum class EdgeSide { leaving, reaching };

/// Asks for the edges on one side of many nodes; the rows are for `edgeOf`.
const BatchedStatement& linkStatement(EdgeSide side, Links links);

/// The edge of a row of `linkStatement`.
template <class Rows>
Edge edgeOf(const Rows& rows) {
    Edge e;
    e.from = rows.integer(0);
    e.to = rows.integer(1);
    e.kind = static_cast<LinkKind>(rows.integer(2));
    e.start = rows.integer(3);
    e.end = rows.integer(4);
    e.event = rows.integer(5);
    e.amount = {rows.isNull(6) ? Amount::unknown : rows.integer(6),
                static_cast<std::uint32_t>(rows.integer(7))};
    return e;
}

} // namespace dalate::traceability
