// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "identity/Principal.h"
#include "services/Registry.h"

#include <dalate/value.hpp>

#include <optional>
#include <string_view>

namespace dalate::storage {
class Tx;
}

namespace dalate::services {

/// The way up from a service to the code of a plugin: what a plugin has bound under a name that it declares.
class PluginCalls {
public:
    enum class Kind {
        guard,  ///< may this case move; reads only
        effect, ///< what a move does to the plugin's own rows
        event   ///< an event that the plugin subscribes to
    };

    /// What the core gives a handler that it calls of its own accord while it holds the database's one
    /// writer: a deadline's rung, an event's delivery, a move on one of the core's pages.
    static constexpr Micros onWriter = 5'000'000;

    /// One call; everything in it is borrowed until `call` returns.
    struct Ask {
        std::string_view plugin;
        Kind kind = Kind::guard;
        /// The bound name: of a guard or an effect as in the machine's file, of an event
        /// "helpdesk.ticket_closed/1".
        std::string_view name;
        /// A map, in the form that the SDK's class for the kind reads: `CaseMove`, `Event`.
        ValueView arguments;
        /// For whom; null: the system, which is nobody signed in.
        const identity::Principal* principal = nullptr;
        std::string_view language = "zh-CN";
        std::string_view requestId;
        /// On the steady clock; none: no limit of its own.
        std::optional<Micros> deadline{};
        /// How many hops the event has made that is delivered, or on whose account the case moves.
        int hops = 0;
    };

    virtual ~PluginCalls() = default;

    /// Whether the active generation of the plugin has a handler of that kind and name. Any thread.
    virtual bool has(std::string_view plugin, Kind kind, std::string_view name) const = 0;

    /// Runs the handler on this thread, inside `tx`, which runs for the core and is a write transaction: what
    /// the plugin writes is committed or lost with it. `after` collects what is to be done once `tx` is
    /// durable. Returns what the handler answered; null where it answers nothing.
    ///
    /// Throws `Error`: the handler's own as it threw it (a guard says no by throwing, say 409 with a text of
    /// the plugin's); 500 `core.plugin.threw` or `core.plugin.failed`; 503 `core.plugin.away` where the
    /// plugin is not active or has no such handler, `core.plugin.busy`, `core.plugin.depth`. When it throws,
    /// everything that the handler wrote is undone and `tx` goes on as before the call.
    virtual Value call(storage::Tx& tx, AfterCommit& after, const Ask& ask) = 0;
};

} // namespace dalate::services
