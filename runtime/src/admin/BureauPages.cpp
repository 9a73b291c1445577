// SPDX-License-Identifier: Apache-2.0
#include "admin/BureauPages.h"

#include "gateway/FormFields.h"
#include "identity/Audit.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>
#include <array>
#include <optional>

namespace dalate::admin {
namespace {

constexpr const char* here = "/bureau/plugins";
constexpr std::array<std::string_view, 6> tones{"green", "river", "sand", "clay", "violet", "slate"};

struct Row {
    identity::Activations::Owned owned;
    std::optional<identity::Audit::Entry> lastSwitch;
};

std::string objectOf(const std::string& plugin) {
    return "plugin/" + plugin;
}

} // namespace

BureauPages::BureauPages(storage::Pool& pool, const plugin::Current& plugins, const gateway::Pages& pages,
                         int utcOffsetMinutes)
    : pool_(pool), plugins_(plugins), pages_(pages), utcOffset_(utcOffsetMinutes) {}

void BureauPages::addTo(gateway::Gateway& gateway) {
    using gateway::Visit;
    using identity::Activations;
    const std::string role(identity::role::bureauAdmin);
    gateway.add({"GET", here, role, [this](Visit& visit) { show(visit); }});
    gateway.add({"GET", "/bureau", role, [](Visit& visit) {
                     gateway::setSecurityHeaders(visit.response, visit.who);
                     gateway::redirect(visit.response, here);
                 }});
    gateway.add({"POST", "/bureau/plugins/{id}/on", role,
                 [this](Visit& visit) { flip(visit, Activations::Switch::on); }});
    gateway.add({"POST", "/bureau/plugins/{id}/off", role,
                 [this](Visit& visit) { flip(visit, Activations::Switch::off); }});
}

void BureauPages::show(gateway::Visit& visit) const {
    const gateway::Visitor& who = visit.who;
    std::vector<Row> rows;
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        for (auto& owned : identity::Activations::ownedBy(tx, who.principal.organisation)) {
            Row row{std::move(owned), std::nullopt};
            for (auto& entry : identity::Audit::latest(tx, objectOf(row.owned.plugin), 20))
                if (entry.action.starts_with("plugin.activation.")) {
                    row.lastSwitch = std::move(entry);
                    break;
                }
            rows.push_back(std::move(row));
        }
    }
    const auto snapshot = plugins_.get();
    const std::string* switched = gateway::firstOf(visit.query, "switched");
    gateway::PageOrder order;
    std::size_t tone = 0;
    const Value model = Value::map([&](MapWriter& m) {
        m.set("bureau", who.principal.organisationName);
        m.list("plugins", [&](ListWriter& list) {
            for (const Row& row : rows) {
                const std::string& id = row.owned.plugin;
                const plugin::Lease generation = snapshot->find(id);
                const plugin::Manifest* manifest = generation ? &generation->manifest() : nullptr;
                const plugin::MenuItem* item =
                    manifest != nullptr && !manifest->menu.empty() ? &manifest->menu.front() : nullptr;
                const std::string name = manifest != nullptr ? pages_.text(who, manifest->name) : id;
                list.map([&](MapWriter& entry) {
                    entry.set("id", id)
                        .set("name", name)
                        .set("description",
                             item != nullptr && !item->note.empty() ? pages_.text(who, item->note) : "")
                        .set("icon", item != nullptr && !item->icon.empty() ? item->icon : "plug")
                        .set("tone", tones[tone++ % tones.size()])
                        .set("on", row.owned.active)
                        .set("unloaded", manifest == nullptr);
                    if (row.lastSwitch)
                        entry.map("changed", [&](MapWriter& changed) {
                            changed.set("by", row.lastSwitch->actorName)
                                .set("time", toLocalMinute(row.lastSwitch->at, utcOffset_))
                                .set("iso", toRfc3339(row.lastSwitch->at));
                        });
                });
                if (switched != nullptr && *switched == id)
                    order.notices.push_back(
                        {portal::Notice::Kind::success,
                         pages_.text(
                             who, row.owned.active ? "core.bureau.switched_on" : "core.bureau.switched_off",
                             Value::map([&](MapWriter& values) { values.set("name", name); }))});
            }
        });
    });
    order.name = "pages/bureau-plugins";
    order.model = model;
    pages_.send(visit.response, who, order);
}

void BureauPages::flip(gateway::Visit& visit, identity::Activations::Switch to) const {
    const gateway::Visitor& who = visit.who;
    std::string id;
    for (const auto& [name, value] : visit.params)
        if (name == "id") id = value;
    auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const auto mine = identity::Activations::ownedBy(tx, who.principal.organisation);
    const bool owned =
        std::any_of(mine.begin(), mine.end(), [&](const auto& entry) { return entry.plugin == id; });
    if (!owned) throw Error(404, "core.plugin.not_owned");
    identity::Activations::set(tx, who.principal, id, who.principal.organisation, to, who.requestId);
    tx.commit();
    gateway::setSecurityHeaders(visit.response, who);
    gateway::redirect(visit.response, std::string(here) + "?switched=" + gateway::encodePercent(id));
}

} // namespace dalate::admin
