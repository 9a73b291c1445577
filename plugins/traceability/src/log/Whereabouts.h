// SPDX-License-Identifier: Apache-2.0
//
// Who or where had which items, reckoned from the events that name them:
//
//   sightings    one an item and place, with the last time it was said; sorted by item, then latest first
//   places   one a place or party, with how many of the items were ever there
//
// An event says the receiver, where it has one, or the business location, or the read point. Events that were
// declared wrong say nothing. One event names many items, so each is read once, whatever the number of items.
#pragma once

#include "trace/Node.h"

#include <dalate/db.hpp>

#include <functional>
#include <utility>
#include <vector>

namespace dalate::traceability {

/// A place or party that had an item, and when it was last said so.
struct Sighting {
    Node item = 0;
    Node place = 0;
    Time last = 0;
};

/// A place or party, how many of the items it had, and when one was last said to be there.
struct PlaceSum {
    Node place = 0;
    std::size_t items = 0;
    Time last = 0;
};

class Whereabouts {
public:
    using Sightings = std::pair<std::vector<Sighting>::const_iterator, std::vector<Sighting>::const_iterator>;

    /// Reads for all of `items`. `over` is asked every few thousand items; true stops the reading.
    Whereabouts(Tx& tx, const std::vector<Node>& items, const std::function<bool()>& over);

    /// False when the reading was stopped: later items have no sightings.
    bool complete() const noexcept { return complete_; }

    /// The sightings of an item, the latest first; those of one moment in no order that means anything.
    Sightings of(Node item) const noexcept;

    /// In no order that means anything.
    const std::vector<PlaceSum>& places() const noexcept { return places_; }

private:
    std::vector<Sighting> sightings_;
    std::vector<PlaceSum> places_;
    bool complete_ = true;
};

} // namespace dalate::traceability
