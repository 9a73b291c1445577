// SPDX-License-Identifier: Apache-2.0
// Two tables. `event_subscription` has a row for each name that a plugin subscribes to, with the newest event there
// was when it first did: a new subscriber starts at its first activation and is told nothing of before. `event_cursor`
// has one row a plugin, so that it gets all its events in one order, whatever their names. Both stay while a plugin
// is switched off or away: when it is back, it catches up.
#pragma once

#include "base/Clock.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace dalate::storage {
class Tx;
}

namespace dalate::services {
struct Declared;
}

namespace dalate::services::events {

/// How far each subscriber is. Every function works in the caller's transaction, which runs for the core.
class Cursors {
public:
    /// The oldest event that a subscriber has not had.
    struct Pending {
        std::int64_t event = 0;
        /// How often its delivery has failed, and not to be tried before.
        std::int64_t tries = 0;
        Micros retryAt = 0;
    };

    /// Subscribes a plugin from `newest` on, unless it is already.
    static void enter(storage::Tx& tx, std::string_view plugin, std::string_view name, std::int64_t newest);

    /// Makes a plugin's subscriptions those of its active version: new names start here, names no longer declared
    /// are dropped.
    static void follow(storage::Tx& tx, const Declared& active);

    static std::optional<Pending> pending(storage::Tx& tx, std::string_view plugin);

    /// The plugin has had the event, or it was put to the dead letters.
    static void pass(storage::Tx& tx, std::string_view plugin, std::int64_t event);

    /// The delivery of the pending event has failed for the `tries`-th time.
    static void putOff(storage::Tx& tx, std::string_view plugin, std::int64_t tries, Micros retryAt);
};

} // namespace dalate::services::events
