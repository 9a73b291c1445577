// SPDX-License-Identifier: Apache-2.0
#include "log/LinkStatements.h"

namespace dalate::traceability {

namespace {

// The three of one side, in the order of Links.
using OfSide = std::array<BatchedStatement, 3>;

OfSide ofSide(std::string_view head) {
    return {BatchedStatement(head, ") AND kind < 4"), BatchedStatement(head, ") AND kind >= 4"),
            BatchedStatement(head, ")")};
}

} // namespace

const BatchedStatement& linkStatement(EdgeSide side, Links links) {
    static const OfSide leaving = ofSide("SELECT src, dst, kind, start_at, end_at, event, amount, unit "
                                         "FROM traceability_edge_f WHERE src IN (");
    static const OfSide reaching = ofSide("SELECT src, dst, kind, start_at, end_at, event, amount, unit "
                                          "FROM traceability_edge_b WHERE dst IN (");
    return (side == EdgeSide::leaving ? leaving : reaching)[static_cast<std::size_t>(links)];
}

} // namespace dalate::traceability
