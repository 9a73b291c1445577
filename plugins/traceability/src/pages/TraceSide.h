// SPDX-License-Identifier: Apache-2.0
//
// One direction of a trace as its page shows it. The page needs all items for its sums and a hundred of them
// for its table, so names are read for what is shown alone:
//
//   items    by depth, then name; within a depth the order is made when somebody looks at that depth
//   places   by number of items, then time, then name
#pragma once

#include "log/Identifiers.h"
#include "log/Whereabouts.h"
#include "trace/TraceSearch.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace dalate::traceability {

/// Not thread-safe; lives as long as its transaction. Pointers to items stay good for its life.
class TraceSide {
public:
    /// Searches from `start`. `over` stops the search and the reading of whereabouts, see `complete`.
    TraceSide(Tx& tx, const Host& host, Identifiers& identifiers, Node start, Direction direction,
              const std::function<bool()>& over);
    TraceSide(const TraceSide&) = delete;
    TraceSide& operator=(const TraceSide&) = delete;

    const Trace& trace() const noexcept { return trace_; }
    bool forward() const noexcept { return trace_.direction == Direction::forward; }
    /// False where the time or a limit stopped the work: more may exist than is counted.
    bool complete() const noexcept { return trace_.complete && whereabouts_->complete(); }

    /// Items found without the start, and those among them that lead nowhere further.
    std::size_t found() const noexcept { return found_; }
    std::size_t endings() const noexcept { return endings_; }

    /// Rows of the table: the items without processes. Forward the start is the first: who has it belongs to
    /// where it went.
    std::size_t size() const noexcept { return items_.size(); }
    std::vector<const TracedNode*> items(std::size_t first, std::size_t count);

    /// Puts items into the order of the table.
    void sort(std::vector<const TracedNode*>& items);

    const std::string& uri(Node node);

    /// The item's places, the latest first.
    std::vector<Sighting> sightingsOf(Node item);

    const std::vector<PlaceSum>& places() const noexcept { return places_; }

private:
    void name(const std::vector<Node>& nodes);
    void sortPlaces();

    Identifiers& identifiers_;
    Trace trace_;
    std::vector<const TracedNode*> items_;
    std::vector<bool> sorted_; // by depth
    std::unordered_map<Node, std::string> names_;
    std::optional<Whereabouts> whereabouts_;
    std::vector<PlaceSum> places_;
    std::size_t found_ = 0, endings_ = 0;
};

} // namespace dalate::traceability
