// SPDX-License-Identifier: Apache-2.0
//
// The trace (正向追踪, 反向溯源): which items matter from an item can have reached, and which it can have come from.
//
// The search respects time and tells two ways of being touched apart:
//
//   held     the node is, or contains, matter of the start. Lots and instances, from some moment on. It goes on into
//            processes, into pieces of the lot, into the containers that it lies in, and from a container down to
//            what lies in it.
//   carried  the node has an item of the start inside for a while: a box, a pallet, a truck. It goes up to further
//            containers and into processes that take the container as an input during that while. It never goes
//            down: the other goods on the truck are not touched, and what left the truck last month is not either.
//
// A forward answer of A holds B exactly when the backward answer of B holds A; the order in which edges were
// stored or are read changes neither the set nor depths nor shares.
#pragma once

#include "EdgeSource.h"

#include <functional>
#include <vector>

namespace dalate::traceability {

enum class Direction { forward, backward };

struct TracedNode {
    Node node = 0;
    int depth = 0;            ///< links from the start; 0 is the start
    bool carriedOnly = false; ///< a container that held an item of the start, without being its matter
    bool ending = false;      ///< nothing further: a first source (backward) or a last item (forward)
    /// Forward: the part of this node's matter that comes from the start. Backward: the part of the start's matter
    /// that comes from this node. Negative where amounts are missing or not comparable.
    double share = -1;
    /// Forward: how much of this node is the start's matter. Backward: how much of this node went into processes that
    /// lead to the start. Unknown where amounts are missing or of different units.
    Amount amount;
};

struct Trace {
    Direction direction = Direction::forward;
    Node start = 0;
    std::vector<TracedNode> nodes; ///< by depth, then number; the start is the first
    std::vector<Edge> edges;       ///< used ones, by start time, event, from, to
    std::vector<Node> cycles;      ///< nodes whose matter would come from itself: impossible, shares are unknown
    bool complete = true;          ///< false when `limit` or the time stopped the search
    int depth = 0;
};

struct TraceLimits {
    std::size_t nodes = 300000;
    /// Asked once a level; true stops the search. May be empty.
    std::function<bool()> over;
};

/// Traces `start` through the edges of `source`. Throws what the source throws.
Trace trace(EdgeSource& source, Node start, Direction direction, const TraceLimits& limits = {});

} // namespace dalate::traceability
