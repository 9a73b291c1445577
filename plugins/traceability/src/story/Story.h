// SPDX-License-Identifier: Apache-2.0
//
// What happened to a lot or an item, in order (从田间到餐桌): its own events, those of what it was made from up to the
// moment when that was used, and those of the boxes and trucks that it lay in, while it lay in them.
#pragma once

#include "log/EventStore.h"
#include "story/TemperatureRecord.h"
#include "trace/EdgeSource.h"
#include "trace/Presence.h"

#include <dalate/call.hpp>

#include <map>
#include <set>

namespace dalate::traceability {

struct StoryEvent {
    EventRow row;
    epcis::Event event; ///< borrows the call's arena
    TemperatureRecord temperature;
};

struct Story {
    std::vector<StoryEvent> events;   ///< by time
    TemperatureRecord temperature;    ///< of all of them
    std::size_t withdrawn = 0;        ///< records of the lot itself that were declared wrong
    bool complete = true;             ///< false where there is more than is told
    std::set<std::string, std::less<>> steps; ///< words of the business steps that occur
    bool recalled = false;
    std::map<Node, Presence> windows; ///< when each lot, item, box and process belongs to the story

    bool did(std::initializer_list<std::string_view> words) const {
        for (const std::string_view word : words)
            if (steps.count(word)) return true;
        return false;
    }
};

/// Reads the story of `node`. At most 80 events are told.
Story tell(const Call& call, Tx& tx, Identifiers& identifiers, EdgeSource& edges, Node node);

/// The amount that the event states for `uri`; unknown where it states none.
Amount amountIn(const epcis::Event& event, std::string_view uri);

} // namespace dalate::traceability
