// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <string>

namespace dalate::services::events {

/// One event as it lies in the outbox, or in a dead letter.
struct Event {
    /// Rises in the order in which the publishers' transactions committed.
    std::int64_t id = 0;
    /// Who published it.
    std::string plugin;
    /// "helpdesk.ticket_closed/1".
    std::string name;
    Value payload;
    /// How many deliveries lie between the first cause and this event's handlers, this one included: 1 for an event
    /// that no event caused.
    int hops = 1;
    std::string requestId;
    Micros publishedAt = 0;
};

/// A handler that publishes on account of what it was told is one hop further; an event needing more is refused, so
/// that two plugins that answer each other come to an end.
inline constexpr int mostHops = 8;

} // namespace dalate::services::events
