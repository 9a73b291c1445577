// SPDX-License-Identifier: Apache-2.0
#include "identity/Activations.h"

#include "base/Clock.h"
#include "identity/Audit.h"
#include "identity/Organisations.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::identity {
namespace {

/// Whose second switch counts: staff see what their own organisation has on; a citizen's organisation has no
/// say.
std::int64_t deskOf(const Principal& caller) noexcept {
    return caller.isToken() || caller.isStaff() ? caller.organisation : 0;
}

std::string objectOf(std::string_view plugin) {
    return "plugin/" + std::string(plugin);
}

} // namespace

bool ActivePlugins::contains(std::string_view plugin) const noexcept {
    return std::binary_search(ids_.begin(), ids_.end(), plugin);
}

ActivePlugins Activations::activeFor(storage::Tx& tx, const Principal& caller) {
    auto rows =
        tx.query("SELECT o.plugin"
                 " FROM plugin_owner o"
                 " LEFT JOIN plugin_activation a ON a.plugin = o.plugin AND a.organisation = o.organisation"
                 " LEFT JOIN plugin_activation d ON d.plugin = o.plugin AND d.organisation = :desk"
                 " WHERE COALESCE(a.active, 1) = 1"
                 " AND COALESCE(d.active, 1) = 1"
                 " ORDER BY o.plugin",
                 {{"desk", deskOf(caller)}});
    std::vector<std::string> ids;
    while (rows.next())
        ids.emplace_back(rows.text(0));
    std::sort(ids.begin(), ids.end());
    return ActivePlugins(std::move(ids));
}

bool Activations::isActive(storage::Tx& tx, std::string_view plugin, const Principal& caller) {
    auto rows =
        tx.query("SELECT 1"
                 " FROM plugin_owner o"
                 " LEFT JOIN plugin_activation a ON a.plugin = o.plugin AND a.organisation = o.organisation"
                 " LEFT JOIN plugin_activation d ON d.plugin = o.plugin AND d.organisation = :desk"
                 " WHERE o.plugin = :plugin"
                 " AND COALESCE(a.active, 1) = 1"
                 " AND COALESCE(d.active, 1) = 1",
                 {{"desk", deskOf(caller)}, {"plugin", plugin}});
    return rows.next();
}

void Activations::nameOwner(storage::Tx& tx, const Principal& actor, std::string_view plugin,
                            std::int64_t organisation, std::string_view requestId) {
    const auto owner = Organisations::find(tx, organisation);
    if (!owner) throw Error(404, "core.org.unknown");
    const std::int64_t changed = tx.exec(
        "UPDATE plugin_owner SET organisation = :organisation, changed_at = :time WHERE plugin = :plugin",
        {{"organisation", organisation}, {"time", now()}, {"plugin", plugin}});
    if (changed == 0)
        tx.exec("INSERT INTO plugin_owner (plugin, organisation, changed_at) VALUES (:plugin, :organisation, "
                ":time)",
                {{"plugin", plugin}, {"organisation", organisation}, {"time", now()}});
    Audit::record(tx, actor, "plugin.owner", objectOf(plugin),
                  Value::map([&](MapWriter& m) { m.set("organisation", owner->name); }), requestId);
}

void Activations::set(storage::Tx& tx, const Principal& actor, std::string_view plugin,
                      std::int64_t organisation, Switch to, std::string_view requestId) {
    bool owned = false;
    {
        auto rows = tx.query("SELECT 1 FROM plugin_owner WHERE plugin = :plugin", {{"plugin", plugin}});
        owned = rows.next();
    }
    if (!owned) throw Error(404, "core.plugin.not_owned");
    const auto desk = Organisations::find(tx, organisation);
    if (!desk) throw Error(404, "core.org.unknown");
    const std::int64_t active = to == Switch::on ? 1 : 0;
    const std::int64_t changed =
        tx.exec("UPDATE plugin_activation SET active = :active, changed_at = :time"
                " WHERE plugin = :plugin AND organisation = :organisation",
                {{"active", active}, {"time", now()}, {"plugin", plugin}, {"organisation", organisation}});
    if (changed == 0)
        tx.exec("INSERT INTO plugin_activation (plugin, organisation, active, changed_at)"
                " VALUES (:plugin, :organisation, :active, :time)",
                {{"plugin", plugin}, {"organisation", organisation}, {"active", active}, {"time", now()}});
    Audit::record(tx, actor, to == Switch::on ? "plugin.activation.on" : "plugin.activation.off",
                  objectOf(plugin), Value::map([&](MapWriter& m) { m.set("organisation", desk->name); }),
                  requestId);
}

std::vector<Activations::Owned> Activations::ownedBy(storage::Tx& tx, std::int64_t organisation) {
    std::vector<Owned> mine;
    for (Owned& owned : all(tx))
        if (owned.organisation == organisation) mine.push_back(std::move(owned));
    return mine;
}

std::vector<Activations::Owned> Activations::all(storage::Tx& tx) {
    auto rows =
        tx.query("SELECT o.plugin, o.organisation, g.name, COALESCE(a.active, 1)"
                 " FROM plugin_owner o"
                 " JOIN organisation g ON g.id = o.organisation"
                 " LEFT JOIN plugin_activation a ON a.plugin = o.plugin AND a.organisation = o.organisation"
                 " ORDER BY o.plugin");
    std::vector<Owned> owned;
    while (rows.next())
        owned.push_back(
            {std::string(rows.text(0)), rows.integer(1), std::string(rows.text(2)), rows.flag(3)});
    return owned;
}

} // namespace dalate::identity
