// SPDX-License-Identifier: Apache-2.0
//
// Turns a stored event into edges of the trace graph and keeps the findings true. Both are functions of the set of
// events that count, never of the order in which they came: what an event touches is reckoned anew from all its
// moves in event time, and an event that is declared erroneous is taken out the same way.
#pragma once

#include "LinkStore.h"

#include <optional>

namespace dalate::traceability {

struct Item {
    Node node = 0;
    Amount amount;
};

/// An event as far as the graph is concerned: identifiers interned, times in microseconds.
struct EventLinks {
    std::int64_t event = 0;
    Time at = 0;

    Node process = 0; ///< of a transformation
    std::vector<Item> inputs, outputs;

    Node parent = 0; ///< of an aggregation or association
    LinkKind relation = LinkKind::contained;
    MoveKind move = MoveKind::observe;
    std::vector<Node> children; ///< none with MoveKind::remove: all leave

    std::vector<std::pair<Node, Node>> members; ///< lot, instance: said by this event
    std::vector<std::pair<Node, Node>> pieces;  ///< lot, instance: said by the identifier itself
    std::vector<Node> made, shipped;
    std::optional<Time> latestSensorTime;
};

class Linker {
public:
    /// `tolerance` in thousandths: 10 lets a process give 1 % more than it took.
    Linker(LinkStore& store, std::int64_t tolerance) noexcept : store_(store), tolerance_(tolerance) {}

    /// Adds what the event says. Once an event.
    void link(const EventLinks& links);

    /// Takes it out again; `links` as it was given to `link`.
    void unlink(const EventLinks& links);

private:
    void recheckAll(const EventLinks& links);
    void recheckChildren(const EventLinks& links);
    void recheckStay(LinkKind relation, Node parent, Node child);
    void recheckParents(Node child);
    void recheckCycles(Node parent, Node child);
    void recheckBalance(Node process);
    void recheckMoments(Node node);
    std::vector<Stay> stays(Node child, LinkKind relation);
    Precedes order();

    LinkStore& store_;
    std::int64_t tolerance_;
};

} // namespace dalate::traceability
