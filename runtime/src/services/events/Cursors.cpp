// SPDX-License-Identifier: Apache-2.0
#include "services/events/Cursors.h"

#include "services/Declared.h"
#include "services/events/Outbox.h"
#include "storage/Tx.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace dalate::services::events {

namespace {

using Subscriptions = std::vector<std::pair<std::string, std::int64_t>>;

Subscriptions subscriptionsOf(storage::Tx& tx, std::string_view plugin) {
    Subscriptions all;
    auto rows = tx.query("SELECT name, since FROM event_subscription WHERE plugin = :plugin", {{"plugin", plugin}});
    while (rows.next()) all.emplace_back(rows.text(0), rows.integer(1));
    return all;
}

bool isThere(storage::Tx& tx, std::string_view sql, std::initializer_list<storage::Param> params) {
    return tx.query(sql, params).next();
}

std::optional<std::int64_t> firstAfter(storage::Tx& tx, std::string_view name, std::int64_t event) {
    auto rows = tx.query("SELECT id FROM event WHERE name = :name AND id > :event ORDER BY id LIMIT 1",
                         {{"name", name}, {"event", event}});
    if (!rows.next()) return std::nullopt;
    return rows.integer(0);
}

} // namespace

void Cursors::enter(storage::Tx& tx, std::string_view plugin, std::string_view name, std::int64_t newest) {
    if (!isThere(tx, "SELECT 1 FROM event_cursor WHERE plugin = :plugin", {{"plugin", plugin}}))
        tx.exec("INSERT INTO event_cursor (plugin, position) VALUES (:plugin, :newest)",
                {{"plugin", plugin}, {"newest", newest}});
    if (!isThere(tx, "SELECT 1 FROM event_subscription WHERE plugin = :plugin AND name = :name",
                 {{"plugin", plugin}, {"name", name}}))
        tx.exec("INSERT INTO event_subscription (plugin, name, since) VALUES (:plugin, :name, :newest)",
                {{"plugin", plugin}, {"name", name}, {"newest", newest}});
}

void Cursors::follow(storage::Tx& tx, const Declared& active) {
    const std::int64_t newest = Outbox::newest(tx);
    for (const auto& [name, since] : subscriptionsOf(tx, active.plugin))
        if (!active.subscribesTo(name))
            tx.exec("DELETE FROM event_subscription WHERE plugin = :plugin AND name = :name",
                    {{"plugin", active.plugin}, {"name", name}});
    for (const std::string& name : active.subscribes) enter(tx, active.plugin, name, newest);
}

std::optional<Cursors::Pending> Cursors::pending(storage::Tx& tx, std::string_view plugin) {
    Pending found;
    std::int64_t position = 0;
    {
        auto rows = tx.query("SELECT position, tries, retry_at FROM event_cursor WHERE plugin = :plugin",
                             {{"plugin", plugin}});
        if (!rows.next()) return std::nullopt;
        position = rows.integer(0);
        found.tries = rows.integer(1);
        found.retryAt = rows.integer(2);
    }
    // One look into the index a name, so that a long outbox of other names costs nothing.
    for (const auto& [name, since] : subscriptionsOf(tx, plugin))
        if (const auto first = firstAfter(tx, name, std::max(position, since)))
            found.event = found.event == 0 ? *first : std::min(found.event, *first);
    if (found.event == 0) return std::nullopt;
    return found;
}

void Cursors::pass(storage::Tx& tx, std::string_view plugin, std::int64_t event) {
    tx.exec("UPDATE event_cursor SET position = :event, tries = 0, retry_at = 0 WHERE plugin = :plugin",
            {{"event", event}, {"plugin", plugin}});
}

void Cursors::putOff(storage::Tx& tx, std::string_view plugin, std::int64_t tries, Micros retryAt) {
    tx.exec("UPDATE event_cursor SET tries = :tries, retry_at = :retry WHERE plugin = :plugin",
            {{"tries", tries}, {"retry", retryAt}, {"plugin", plugin}});
}

} // namespace dalate::services::events
