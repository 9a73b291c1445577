// SPDX-License-Identifier: Apache-2.0
#include "services/events/Outbox.h"

#include "services/Declared.h"
#include "services/events/Cursors.h"
#include "storage/Tx.h"

namespace dalate::services::events {

Outbox::Outbox(const Declarations& declarations, std::function<Micros()> clock, std::function<void()> wake)
    : declarations_(declarations), clock_(std::move(clock)), wake_(std::move(wake)) {}

std::int64_t Outbox::publish(storage::Tx& tx, AfterCommit& after, const Publication& what) const {
    if (!what.declared.publishesEvent(what.name))
        throw Error(422, "core.event.undeclared", Value::map([&](MapWriter& m) {
                        m.set("plugin", what.declared.plugin).set("event", what.name);
                    }));
    if (what.hops >= mostHops)
        throw Error(422, "core.event.hops",
                    Value::map([&](MapWriter& m) { m.set("event", what.name).set("most", mostHops); }));
    if (what.payload.raw().size() > cap)
        throw Error(413, "core.event.size", Value::map([&](MapWriter& m) { m.set("event", what.name); }));

    tx.exec("UPDATE event_number SET last = last + 1 WHERE one = 1");
    const std::int64_t id = newest(tx);
    // A subscriber that has just come up may not have a cursor yet, and must not start behind this event.
    for (const auto& subscriber : declarations_.all())
        if (subscriber->subscribesTo(what.name)) Cursors::enter(tx, subscriber->plugin, what.name, id - 1);
    tx.exec("INSERT INTO event (id, plugin, name, payload, hops, request_id, published_at)"
            " VALUES (:id, :plugin, :name, :payload, :hops, :request, :at)",
            {{"id", id},
             {"plugin", what.declared.plugin},
             {"name", what.name},
             {"payload", storage::Cell::blob(what.payload.raw())},
             {"hops", what.hops + 1},
             {"request", what.requestId.substr(0, 64)},
             {"at", clock_()}});
    after.push_back(wake_);
    return id;
}

std::optional<Event> Outbox::find(storage::Tx& tx, std::int64_t id) {
    auto rows = tx.query("SELECT plugin, name, payload, hops, request_id, published_at FROM event WHERE id = :id",
                         {{"id", id}});
    if (!rows.next()) return std::nullopt;
    return Event{id,
                 std::string(rows.text(0)),
                 std::string(rows.text(1)),
                 Value::adopt(std::string(rows.text(2))),
                 static_cast<int>(rows.integer(3)),
                 std::string(rows.text(4)),
                 rows.integer(5)};
}

std::int64_t Outbox::newest(storage::Tx& tx) {
    auto rows = tx.query("SELECT last FROM event_number WHERE one = 1");
    rows.next();
    return rows.integer(0);
}

std::int64_t Outbox::purge(storage::Tx& tx, Micros before, std::int64_t most) {
    // A table of its own around the LIMIT: MariaDB takes none directly inside IN.
    return tx.exec(
        "DELETE FROM event WHERE id IN (SELECT gone.id FROM (SELECT e.id FROM event e"
        " WHERE e.published_at < :before"
        " AND NOT EXISTS (SELECT 1 FROM event_subscription s JOIN event_cursor c ON c.plugin = s.plugin"
        " WHERE s.name = e.name AND s.since < e.id AND c.position < e.id) LIMIT :most) gone)",
        {{"before", before}, {"most", most}});
}

} // namespace dalate::services::events
