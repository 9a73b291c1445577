// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Event.h"
#include "epcis/Query.h"
#include "log/Identifiers.h"

#include <dalate/db.hpp>

#include <optional>
#include <vector>

namespace dalate::traceability {

/// Whose an event is.
struct Captor {
    std::int64_t organisation = 0;
    std::int64_t user = 0;
    std::int64_t capture = 0; ///< the document that brought it, or 0
};

/// What is known of a stored event without reading it.
struct EventHead {
    std::int64_t id = 0;
    std::string content;
    std::int64_t voided = 0; ///< the declaration, 0 while the event counts
    std::int64_t organisation = 0;
};

/// An event as a list or a timeline shows it.
struct EventRow {
    std::int64_t id = 0;
    std::string eventId;
    bool declaresError = false;
    std::int64_t voided = 0;
    epcis::EventType type = epcis::EventType::object;
    Time eventTime = 0, recordTime = 0;
    std::string step, disposition, readPoint, place, sender, receiver; ///< URIs, empty where none was sent
    std::int64_t organisation = 0;
    std::string body;
};

/// The append-only log (traceability_event) and its search keys. In the caller's transaction.
class EventStore {
public:
    EventStore(Tx& tx, Identifiers& identifiers) noexcept : tx_(tx), identifiers_(identifiers) {}

    std::optional<EventHead> head(std::string_view eventId, bool declaresError);

    /// Stores the event under the number `id`; `voided` where its declaration came first.
    void add(const epcis::Event& event, std::int64_t id, std::string_view eventId, std::string_view content,
             std::string_view body, Time recordTime, std::int64_t voided, const Captor& captor);

    /// Marks an event as declared erroneous by `declaration`.
    void setVoided(std::int64_t id, std::int64_t declaration);

    /// The stored JSON; nothing where there is no such event.
    std::optional<std::string> body(std::int64_t id);

    /// The stored JSON by EPCIS id, the declaration of an error before what it declares.
    std::optional<std::string> bodyOf(std::string_view eventId, std::optional<std::int64_t> organisation);

    /// Events that name `node` and count, in event time. At most `limit`.
    std::vector<EventRow> naming(Node node, std::size_t limit);

    /// How many events that name `node` were declared wrong.
    std::size_t countVoided(Node node);

    std::optional<EventRow> row(std::int64_t id);

private:
    Tx& tx_;
    Identifiers& identifiers_;
};

} // namespace dalate::traceability
