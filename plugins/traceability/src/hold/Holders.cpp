// SPDX-License-Identifier: Apache-2.0
#include "hold/Holders.h"

#include "log/BatchedStatement.h"
#include "log/LinkRows.h"
#include "log/Whereabouts.h"
#include "trace/Presence.h"
#include "trace/TraceSearch.h"

#include <map>

namespace dalate::traceability {

namespace {

/// While which each box, pallet or truck carried matter of the start. It was elsewhere before, with other goods.
std::map<Node, Presence> carriedWindows(const Trace& trace) {
    std::map<Node, Presence> windows;
    std::set<Node> carriers;
    for (const TracedNode& each : trace.nodes)
        if (each.carriedOnly) carriers.insert(each.node);
    for (bool grew = true; grew;) {
        grew = false;
        for (const Edge& e : trace.edges) {
            if ((e.kind != LinkKind::contained && e.kind != LinkKind::attached) || !carriers.count(e.to)) continue;
            std::vector<Interval> inside{{always, never}};
            if (carriers.count(e.from)) inside = windows[e.from].intervals();
            for (const Interval& i : inside)
                if (windows[e.to].add(common(i, {e.start, e.end}))) grew = true;
        }
    }
    return windows;
}

/// The places at which carriers were seen meanwhile.
void addPlaces(Tx& tx, const std::map<Node, Presence>& windows, std::set<Node>& places) {
    static const BatchedStatement seen("SELECT k.ident, CASE WHEN e.receiver <> 0 THEN e.receiver WHEN e.biz_location <> 0 "
                                       "THEN e.biz_location ELSE e.read_point END, e.event_time FROM traceability_event_key k "
                                       "JOIN traceability_event e ON e.id = k.event WHERE k.ident IN (",
                                       ") AND e.voided = 0 AND e.declares_error = 0");
    std::vector<Node> carriers;
    for (const auto& each : windows) carriers.push_back(each.first);
    seen.each<Param>(tx, carriers, [&](const Rows& row) {
        const auto window = windows.find(row.integer(0));
        if (window != windows.end() && window->second.holds(row.integer(2)) && row.integer(1) != 0)
            places.insert(row.integer(1));
    });
}

} // namespace

Holders holdersOf(Tx& tx, const Host& host, Node lot, const std::function<bool()>& over) {
    LinkRows edges(tx, host);
    TraceLimits limits;
    limits.over = over;
    const Trace forward = trace(edges, lot, Direction::forward, limits);
    std::vector<Node> items, lots;
    for (const TracedNode& each : forward.nodes) {
        const NodeKind kind = kindOf(each.node);
        if (kind == NodeKind::process || kind == NodeKind::product || each.carriedOnly) continue;
        items.push_back(each.node);
        if (kind == NodeKind::lot) lots.push_back(each.node);
    }
    const Whereabouts seen(tx, items, over);
    std::set<Node> found;
    for (const PlaceSum& place : seen.places()) found.insert(place.place);
    addPlaces(tx, carriedWindows(forward), found);
    const std::vector<Node> places(found.begin(), found.end());

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
