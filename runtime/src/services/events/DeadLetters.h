// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/events/Event.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::events {

/// A delivery that was given up, with what is needed to try it again.
struct DeadLetter {
    std::int64_t id = 0;
    std::string subscriber;
    Event event;
    /// {status, id, details} of the last failure.
    Value error;
    std::int64_t tries = 0;
    Micros diedAt = 0;
    /// When the operator asked for another delivery; 0: she has not.
    Micros askedAt = 0;
};

/// Deliveries given up after too many tries: the subscriber's later events go on without them. They stay until one is
/// delivered after all. Every function works in the caller's transaction, which runs for the core.
class DeadLetters {
public:
    static void put(storage::Tx& tx, std::string_view subscriber, const Event& event, const Error& error,
                    std::int64_t tries, Micros at);

    /// The oldest first, from after the letter `after` (0: from the first).
    static std::vector<DeadLetter> list(storage::Tx& tx, std::int64_t after, std::int64_t limit);

    /// Asks for one more delivery, which comes when the daemon next looks and out of the events' order. Works from
    /// another process too. Throws `Error` 404 `core.event.no_letter` (details: letter).
    static void ask(storage::Tx& tx, std::int64_t id, Micros at);

    /// The letter of a subscriber that was asked for first.
    static std::optional<DeadLetter> asked(storage::Tx& tx, std::string_view subscriber);

    /// It was delivered: the letter goes.
    static void settle(storage::Tx& tx, std::int64_t id);
    /// It failed again: the letter stays with the new error, and no delivery is asked for.
    static void failedAgain(storage::Tx& tx, std::int64_t id, const Error& error);
};

} // namespace dalate::services::events
