// SPDX-License-Identifier: Apache-2.0
//
// Who was inside whom, when. The events of one child in one parent, read in event time whatever order they came in:
//
//   ADD       opens a stay unless one is open
//   DELETE    closes the open stay
//   OBSERVE   shows the child inside at that moment; without an open stay it is a stay of one microsecond
//
// Moves of the same moment are one step: a child that was inside goes out and in again, one that was not comes in
// and goes out. So no answer hangs on the order of equal times. Where one of several events of a moment has to be
// named, it is the first by its own id (EPCIS eventID), since their numbers tell the order of arrival.
#pragma once

#include "Presence.h"

#include <functional>
#include <vector>

namespace dalate::traceability {

enum class MoveKind : int { remove = 0, add = 1, observe = 2 };

struct Move {
    Time at = 0;
    MoveKind kind = MoveKind::observe;
    std::int64_t event = 0;
    LinkKind relation = LinkKind::contained;
    bool ofAll = false; ///< a DELETE without children: everything inside leaves
};

/// Which of two events of the same time comes first; a strict order that does not depend on arrival.
using Precedes = std::function<bool(std::int64_t a, std::int64_t b)>;

/// One stay of a child in a parent.
struct Stay {
    Node parent = 0;
    Interval during;
    std::int64_t event = 0; ///< that opened it

    bool operator==(const Stay& o) const noexcept {
        return parent == o.parent && during == o.during && event == o.event;
    }
};

struct Containment {
    std::vector<Stay> stays;       ///< by time, disjoint
    std::vector<Move> neverInside; ///< DELETEs that name a child which was not inside
};

/// The stays of one child in `parent` that follow from its moves of one relation, given in any order.
Containment containment(Node parent, std::vector<Move> moves, const Precedes& precedes);

/// Two stays of one child in different parents at the same time.
struct DoubleStay {
    Node first = 0, second = 0; ///< the parents, the smaller number first
    Time since = 0;
    std::int64_t event = 0; ///< that opened the later of the two stays; of the same time, the one that precedes not
};

/// Every pair of parents that the child is in at once, each named once with the first moment.
std::vector<DoubleStay> doubleStays(std::vector<Stay> stays, const Precedes& precedes);

} // namespace dalate::traceability
