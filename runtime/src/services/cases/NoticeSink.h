// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/Registry.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <string_view>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::cases {

/// Where the engine leaves notices for people: the notice service, or a test's list.
class NoticeSink {
public:
    /// One notice to one audience. Borrowed for the call.
    struct Notice {
        enum class To { account, role, desk };
        std::string_view plugin;
        To to = To::account;
        /// Of `To::account`.
        std::int64_t account = 0;
        /// Of the role or the desk.
        std::string_view name;
        /// In which the role or desk is meant; 0: in any.
        std::int64_t organisation = 0;
        /// A name under `notices` in plugin.json.
        std::string_view notice;
        /// A map: {case, number, title, state, stateLabel, machine, reason, href}.
        ValueView values;
        /// The same under every retry of the same thing: `case/<id>/<entry>/<notice>`.
        std::string_view key;
    };

    virtual ~NoticeSink() = default;

    /// Writes what is to be sent, in the transaction of what happened. Throws `Error`, which undoes the move.
    virtual void send(storage::Tx& tx, AfterCommit& after, const Notice& notice) = 0;
};

} // namespace dalate::services::cases
