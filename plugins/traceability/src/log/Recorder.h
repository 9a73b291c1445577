// SPDX-License-Identifier: Apache-2.0
//
// The one way into the log, for documents, single events and forms alike.
//
// An event's id is the one that was sent, or the event hash of CBV 2.0. Under one id the log holds at most one event
// and at most one declaration that it was wrong, in whichever order they come:
//
//   same id, same content           a duplicate: nothing is stored
//   same id, other content          a conflict, unless exactly one of the two carries an errorDeclaration
//   event and its declaration       both stay in the log, both are out of the trace
//
// Only the organisation whose event it is can declare it wrong.
#pragma once

#include "epcis/Document.h"
#include "epcis/Normalize.h"
#include "log/EventStore.h"
#include "log/LinkRows.h"
#include "log/Tally.h"
#include "trace/Linker.h"

#include <dalate/call.hpp>

namespace dalate::traceability {

/// An event that has passed `epcis::check`, made ready outside the transaction. Borrows the parsed document.
struct ReadyEvent {
    epcis::Event event;
    std::string id;
    std::string content; ///< digest of the content form, 64 hex digits
    std::string body;    ///< as it is stored
};

/// Reads event `index` of `document`; `now` becomes its record time.
ReadyEvent makeReady(const Call& call, const epcis::Document& document, std::size_t index, Time now);

/// SHA-256 through the host: 32 bytes, and 64 hex digits.
std::string sha256(const Call& call, std::string_view bytes);
std::string sha256Hex(const Call& call, std::string_view bytes);

class Recorder {
public:
    enum class Outcome { stored, duplicate, conflict };

    /// In a write transaction; `call` must outlive it.
    Recorder(const Call& call, Tx& tx, Time now);

    /// Stores one event with all that follows from it, and has the open pages of the live topic `lots` told once the
    /// transaction commits. `conflict` leaves the transaction as it was.
    Outcome record(const ReadyEvent& ready, const Captor& captor);

    /// The number of the event stored last.
    std::int64_t lastId() const noexcept { return lastId_; }
    Identifiers& identifiers() noexcept { return identifiers_; }

private:
    void takeOut(std::int64_t id, std::string_view eventId);
    void noteLots(const epcis::Event& event, const EventLinks& links, const Captor& captor);
    /// Counts the lots that `links` alone makes: +1 after it was linked, -1 after it was unlinked.
    void countLots(const EventLinks& links, int change);

    const Call& call_;
    Tx& tx_;
    Time now_;
    Identifiers identifiers_;
    EventStore events_;
    LinkRows links_;
    Linker linker_;
    Tally tally_;
    std::int64_t lastId_ = 0;
    bool isSaid_ = false;
};

} // namespace dalate::traceability
