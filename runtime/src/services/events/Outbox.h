// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/Registry.h"
#include "services/events/Event.h"

#include <functional>
#include <optional>
#include <string_view>

namespace dalate::storage {
class Tx;
}

namespace dalate::services {
class Declarations;
}

namespace dalate::services::events {

/// Where events are written: in the transaction of what happened, so that an event is there exactly when its cause is.
/// Safe from any thread.
class Outbox {
public:
    /// Octets of payload that an event may carry: it names what happened, the rest is asked for.
    static constexpr std::size_t cap = 256u << 10;

    struct Publication {
        /// What the publishing generation declares.
        const Declared& declared;
        /// One of its `publishes`.
        std::string_view name;
        ValueView payload;
        /// How many hops the event has made on whose account this one is published; 0 where none is behind it.
        int hops = 0;
        std::string_view requestId{};
    };

    /// `wake` is called after each commit with an event, from the committing thread; it must not throw or wait.
    Outbox(const Declarations& declarations, std::function<Micros()> clock, std::function<void()> wake);

    /// Writes the event into `tx`, a write transaction that runs for the core; its id. Whoever is active and
    /// subscribes now will get it, also where the delivery has not seen the subscriber yet.
    /// Throws `Error` 422 `core.event.undeclared` (details: plugin, event) for a name that is not among `publishes`,
    /// 422 `core.event.hops` (details: event, most), 413 `core.event.size`.
    std::int64_t publish(storage::Tx& tx, AfterCommit& after, const Publication& what) const;

    /// An event that is still there.
    static std::optional<Event> find(storage::Tx& tx, std::int64_t id);

    /// The id of the newest event ever published, 0 before the first.
    static std::int64_t newest(storage::Tx& tx);

    /// Deletes events from before `before` that every subscriber has had, at most `most`; how many. A plugin that is
    /// away holds what it has not had, for as long as its subscription stands.
    static std::int64_t purge(storage::Tx& tx, Micros before, std::int64_t most);

private:
    const Declarations& declarations_;
    std::function<Micros()> clock_;
    std::function<void()> wake_;
};

} // namespace dalate::services::events
