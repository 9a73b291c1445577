// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "services/Registry.h"
#include "services/events/Cursors.h"
#include "services/events/Event.h"

#include <functional>
#include <string_view>

namespace dalate::storage {
class Pool;
}

namespace dalate::services {
class PluginCalls;
}

namespace dalate::services::events {

/// Delivers one event at a time to one subscriber: a transaction holds the mark that it was delivered
/// together with everything that the handler wrote through the host, so these are kept once or not at all.
/// What a handler does outside the database may be done again, since a delivery that did not commit comes
/// again.
///
/// A delivery that fails is tried again after 1, 2, 4 … 60 s, and the subscriber's later events wait behind
/// it; after `mostTries` it is put to the dead letters. Where the plugin is just away or the database busy or
/// full, nothing is counted; where a handler says so of another plugin that it called, that is its failure.
/// Safe from any thread, and of several processes on one database.
class Delivery {
public:
    static constexpr std::int64_t mostTries = 8;
    static constexpr Micros firstPause = 1'000'000, longestPause = 60'000'000;

    enum class Outcome {
        nothing,   ///< there is none
        delivered, ///< look again
        waiting,   ///< there is one, not yet to be tried
        failed,    ///< put off
        dead       ///< put to the dead letters; look again
    };

    /// References outlive it.
    Delivery(storage::Pool& pool, PluginCalls& calls, std::function<Micros()> clock);

    /// The oldest event that the plugin has not had. Throws where not even the failure can be stored.
    Outcome next(std::string_view plugin);

    /// The dead letter of the plugin whose replay was asked for first; a failure leaves it dead. Throws as `next`.
    Outcome replay(std::string_view plugin);

private:
    bool passes(std::string_view plugin, std::string_view name, const Error& error) const;
    void call(storage::Tx& tx, AfterCommit& after, std::string_view plugin, const Event& event);
    Outcome failed(std::string_view plugin, const Cursors::Pending& tried, const Error& error);

    storage::Pool& pool_;
    PluginCalls& calls_;
    std::function<Micros()> clock_;
};

} // namespace dalate::services::events
