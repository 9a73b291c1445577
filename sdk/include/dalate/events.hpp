// SPDX-License-Identifier: Apache-2.0
//
// Events: what happened in one plugin, told to others. An event is written in the transaction of what happened
// and delivered to each subscriber in order, at least once. Callers: traceability (holds), samples/helpdesk (tickets closed,
// which it also hears).
//
//     events::publish(call, tx, "helpdesk.ticket_closed/1", Value::map([&](MapWriter& m) { m.set("ticket", id); }));
#pragma once

#include <dalate/call.hpp>

#include <string>

namespace dalate {

/// An event that the plugin subscribes to (`subscribes` in plugin.json, `Binder::on` in code). Delivery and the
/// mark that it was delivered are one transaction, and a write transaction begun here joins it: so what a handler
/// writes to the plugin's own tables is written exactly once. A handler that throws gets the event again.
class Event : public Call {
public:
    using Call::Call;

    /// "helpdesk.ticket_closed/1".
    std::string_view name() const { return text(DALATE_FIELD_SUBJECT).value_or(""); }
    /// Everything the host tells, a map: {id, plugin, payload, hops, at}.
    ValueView record() const { return part(DALATE_PART_ARGUMENTS); }

    /// Unique and, of one publisher, rising.
    std::int64_t id() const { return record()["id"].integer().value_or(0); }
    /// What the publisher said.
    ValueView payload() const { return record()["payload"]; }
};

namespace events {

/// Publishes one of the plugin's `publishes`; it exists, and is delivered, exactly when `tx` commits. Its id. Say in
/// the payload what it is about (at most 256 KiB); a subscriber asks for the rest. An event published while another
/// is being handled is one hop further, of at most 8. Throws 422 `core.event.undeclared` (details: plugin, event),
/// 422 `core.event.hops` (details: event, most), 413 `core.event.size`.
/// Service form: events/1.publish {event, payload} -> {id}.
inline std::string publish(const Call& call, Tx& tx, std::string_view nameMajor, ValueView payload = {}) {
    return call
        .service(tx, "events/1", "publish",
                 Value::map([&](MapWriter& m) { m.set("event", nameMajor).set("payload", payload); }))["id"]
        .asText();
}

} // namespace events
} // namespace dalate
