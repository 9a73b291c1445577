// SPDX-License-Identifier: Apache-2.0
#include "admin/PluginPages.h"

#include "gateway/FormFields.h"
#include "identity/Activations.h"
#include "identity/Audit.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

namespace dalate::admin {
namespace {

constexpr const char* here = "/admin/plugins";
// Long enough to show the outcome of most acts at once, short enough for a worker.
constexpr std::chrono::milliseconds patience{1000};

bool isOff(plugin::State state) noexcept {
    return state == plugin::State::stopped || state == plugin::State::discovered;
}
bool isFailed(plugin::State state) noexcept {
    return state == plugin::State::rejected || state == plugin::State::failed ||
           state == plugin::State::quarantined;
}

std::string_view kindOf(plugin::State state) noexcept {
    if (state == plugin::State::active) return "good";
    if (isFailed(state)) return "bad";
    return isOff(state) ? "off" : "busy";
}

std::string parameter(const gateway::Visit& visit, std::string_view name) {
    for (const auto& [key, value] : visit.params)
        if (key == name) return value;
    return {};
}

} // namespace

PluginPages::PluginPages(storage::Pool& pool, plugin::Lifecycle& lifecycle, const Messages& messages,
                         const gateway::Pages& pages, int utcOffsetMinutes)
    : pool_(pool), lifecycle_(lifecycle), messages_(messages), pages_(pages), utcOffset_(utcOffsetMinutes) {}

void PluginPages::addTo(gateway::Gateway& gateway) {
    using gateway::Visit;
    const std::string role(identity::role::operatorRole);
    gateway.add({"GET", here, role, [this](Visit& visit) { show(visit); }});
    gateway.add({"POST", "/admin/plugins/scan", role, [this](Visit& visit) { scan(visit); }});
    gateway.add({"POST", "/admin/plugins/{id}/load", role,
                 [this](Visit& visit) { want(visit, plugin::Desired::enabled, "plugin.load"); }});
    gateway.add({"POST", "/admin/plugins/{id}/unload", role,
                 [this](Visit& visit) { want(visit, plugin::Desired::disabled, "plugin.unload"); }});
    gateway.add({"POST", "/admin/plugins/{id}/upgrade", role, [this](Visit& visit) { upgrade(visit); }});
}

void PluginPages::show(gateway::Visit& visit) const {
    const auto all = lifecycle_.status();
    std::map<std::string, std::string> bureaus;
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        for (auto& owned : identity::Activations::all(tx))
            bureaus[owned.plugin] = owned.organisationName;
    }
    const auto count = [&](auto&& is) {
        return std::count_if(all.begin(), all.end(),
                             [&](const plugin::PluginStatus& s) { return is(s.state); });
    };
    const Value model = Value::map([&](MapWriter& m) {
        m.map("counts", [&](MapWriter& counts) {
            counts.set("active", count([](plugin::State s) { return s == plugin::State::active; }))
                .set("off", count(isOff))
                .set("failed", count(isFailed));
        });
        m.list("plugins", [&](ListWriter& rows) {
            for (const plugin::PluginStatus& status : all)
                rows.map([&](MapWriter& row) { writeRow(row, status, bureaus[status.id], visit.who); });
        });
        m.list("refused", [&](ListWriter& rows) {
            for (const plugin::PluginStatus& status : all) {
                if (status.state != plugin::State::rejected) continue;
                rows.map([&](MapWriter& row) {
                    row.set("plugin", status.id)
                        .set("folder", status.folder.filename().string())
                        .set("time", toLocalMinute(status.changedAt, utcOffset_))
                        .set("iso", toRfc3339(status.changedAt));
                    writeProblems(row, status.problems, visit.who);
                });
            }
        });
    });
    gateway::PageOrder order;
    order.name = "pages/admin-plugins";
    order.model = model;
    if (const std::string* outcome = gateway::firstOf(visit.query, "scanned"))
        order.notices.push_back(scanNotice(all, *outcome, visit.who));
    pages_.send(visit.response, visit.who, order);
}

void PluginPages::writeRow(MapWriter& row, const plugin::PluginStatus& status, const std::string& bureau,
                           const gateway::Visitor& who) const {
    const bool wanted = status.desired == plugin::Desired::enabled;
    const bool running = !status.activeVersion.empty();
    // A plugin's texts are there while it serves.
    const plugin::Lease serving = lifecycle_.current().get()->find(status.id);
    row.set("id", status.id)
        .set("name", serving ? pages_.text(who, serving->manifest().name) : status.id)
        .set("vendor", status.vendor)
        .set("version", running ? status.activeVersion : status.version)
        .set("bureau", bureau.empty() ? pages_.text(who, "core.plugins.no_bureau") : bureau);
    row.map("status", [&](MapWriter& m) {
        m.set("kind", kindOf(status.state))
            .set("text", pages_.text(who, "core.plugins.state." + std::string(plugin::name(status.state))));
    });
    row.set("desired",
            pages_.text(who, wanted ? "core.plugins.desired.enabled" : "core.plugins.desired.disabled"))
        .set("generation", status.generation)
        .set("since", status.changedAt == 0 ? std::string() : toLocalMinute(status.changedAt, utcOffset_))
        .set("since_iso", status.changedAt == 0 ? std::string() : toRfc3339(status.changedAt));
    const std::size_t inside = lifecycle_.invoke().inFlight().of(status.id, status.generation).size();
    if (inside > 0)
        row.set("users", pages_.text(who, "core.plugins.inside",
                                     Value::map([&](MapWriter& m) { m.set("count", inside); })));
    if (status.state == plugin::State::rejected)
        row.set("refused", true);
    else
        writeProblems(row, status.problems, who);
    if (running && !status.version.empty() && status.version != status.activeVersion)
        row.map("upgrade", [&](MapWriter& m) { m.set("version", status.version); });
    row.set("can_load", !wanted || isFailed(status.state)).set("can_unload", wanted);
}

void PluginPages::writeProblems(MapWriter& row, const plugin::Problems& problems,
                                const gateway::Visitor& who) const {
    row.list("problems", [&](ListWriter& list) {
        for (const plugin::Problem& problem : problems)
            list.map([&](MapWriter& m) {
                // The runtime's answers to a plugin's code have their words among the texts of pages only.
                const bool elsewhere = !messages_.has(problem.id) && problem.id.starts_with("core.");
                const std::string remedy = messages_.remedy(problem.id, problem.details, who.language);
                m.set("reason", elsewhere ? pages_.text(who, problem.id, problem.details)
                                          : messages_.text(problem.id, problem.details, who.language))
                    .set("remedy", remedy.empty() ? pages_.text(who, "core.plugins.remedy.unknown") : remedy)
                    .set("message", problem.id);
                if (problem.where.starts_with('$'))
                    m.set("place", "plugin.json " + problem.where);
                else if (!problem.where.empty())
                    m.set("place", problem.where);
            });
    });
}

void PluginPages::audit(storage::Tx& tx, const gateway::Visit& visit, std::string_view action,
                        const std::string& object) {
    identity::Audit::record(tx, visit.who.principal, action, object, {}, visit.who.requestId);
}

void PluginPages::want(gateway::Visit& visit, plugin::Desired desired, std::string_view action) {
    const std::string id = parameter(visit, "id");
    lifecycle_.want(id, desired, visit.who.principal.name,
                    [&](storage::Tx& tx) { audit(tx, visit, action, "plugin/" + id); });
    lifecycle_.settle(patience);
    gateway::setSecurityHeaders(visit.response, visit.who);
    gateway::redirect(visit.response, here);
}

void PluginPages::upgrade(gateway::Visit& visit) {
    const std::string id = parameter(visit, "id");
    lifecycle_.want(id, plugin::Desired::enabled, visit.who.principal.name,
                    [&](storage::Tx& tx) { audit(tx, visit, "plugin.upgrade", "plugin/" + id); });
    lifecycle_.rescan();
    lifecycle_.settle(patience);
    gateway::setSecurityHeaders(visit.response, visit.who);
    gateway::redirect(visit.response, here);
}

void PluginPages::scan(gateway::Visit& visit) {
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        audit(tx, visit, "plugin.scan", "plugins");
        tx.commit();
    }
    lifecycle_.rescan();
    const bool done = lifecycle_.settle(patience);
    gateway::setSecurityHeaders(visit.response, visit.who);
    gateway::redirect(visit.response, std::string(here) + (done ? "?scanned=yes" : "?scanned=running"));
}

portal::Notice PluginPages::scanNotice(const std::vector<plugin::PluginStatus>& all, std::string_view outcome,
                                       const gateway::Visitor& who) const {
    using Kind = portal::Notice::Kind;
    if (outcome != "yes") return {Kind::info, pages_.text(who, "core.plugins.scanning")};
    std::size_t found = 0, refused = 0;
    for (const plugin::PluginStatus& status : all) {
        // A plugin that serves although its folder is gone was not found.
        std::error_code unreadable;
        if (std::filesystem::exists(status.folder / "plugin.json", unreadable)) ++found;
        if (status.state == plugin::State::rejected) ++refused;
    }
    return {refused == 0 ? Kind::success : Kind::warning,
            pages_.text(who, "core.plugins.scanned", Value::map([&](MapWriter& m) {
                            m.set("found", found).set("refused", refused);
                        }))};
}

} // namespace dalate::admin
