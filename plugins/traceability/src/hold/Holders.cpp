// SPDX-License-Identifier: Apache-2.0
#include "hold/Holders.h"

#include "log/BatchedStatement.h"
#include "log/LinkRows.h"
#include "log/Whereabouts.h"
#include "trace/TraceSearch.h"

namespace dalate::traceability {

Holders holdersOf(Tx& tx, const Host& host, Node lot, const std::function<bool()>& over) {
    LinkRows edges(tx, host);
    TraceLimits limits;
    limits.over = over;
    const Trace forward = trace(edges, lot, Direction::forward, limits);
    std::vector<Node> items, lots;
    for (const TracedNode& each : forward.nodes) {
        const NodeKind kind = kindOf(each.node);
        if (kind == NodeKind::process || kind == NodeKind::product) continue;
        items.push_back(each.node);
        if (kind == NodeKind::lot) lots.push_back(each.node);
    }
    const Whereabouts seen(tx, items, over);
    std::vector<Node> places;
    for (const PlaceSum& place : seen.places()) places.push_back(place.place);

    Holders holders;
    holders.complete = forward.complete && seen.complete();
    const auto take = [&](const Rows& row) {
        if (row.integer(0) != 0) holders.organisations.insert(row.integer(0));
    };
    static const BatchedStatement atPlaces("SELECT DISTINCT p.organisation FROM traceability_ident i "
                                           "JOIN traceability_party p ON p.uri = i.uri WHERE i.id IN (",
                                           ")");
    atPlaces.each<Param>(tx, places, take);
    static const BatchedStatement ofLots("SELECT DISTINCT organisation FROM traceability_lot WHERE node IN (", ")");
    ofLots.each<Param>(tx, lots, take);
    return holders;
}

} // namespace dalate::traceability
