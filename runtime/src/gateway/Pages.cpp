// SPDX-License-Identifier: Apache-2.0
#include "gateway/Pages.h"

#include "gateway/Access.h"
#include "gateway/CaseEntry.h"
#include "gateway/PluginRoute.h"
#include "identity/Csrf.h"
#include "portal/Renderer.h"
#include "services/lists/Reach.h"
#include "storage/Tx.h"

#include <algorithm>
#include <array>

namespace dalate::gateway {
namespace {

constexpr std::array<std::string_view, 6> tones{"green", "river", "sand", "clay", "violet", "slate"};

struct CoreEntry {
    std::string_view role;
    std::string_view href;
    std::string_view label;
    std::string_view icon;
};
constexpr std::array<CoreEntry, 8> coreEntries{{
    {identity::role::bureauAdmin, "/bureau/plugins", "core.menu.bureau", "switch"},
    {identity::role::bureauAdmin, "/admin/rules", "core.menu.rules", "scale"},
    {identity::role::bureauAdmin, "/admin/desks", "core.menu.desks", "desk"},
    {identity::role::operatorRole, "/admin/plugins", "core.menu.plugins", "plug"},
    {identity::role::operatorRole, "/admin/jobs", "core.menu.dead_jobs", "list"},
    {identity::role::operatorRole, "/admin/holidays", "core.menu.holidays", "clock"},
    {identity::role::calendarKeeper, "/admin/holidays", "core.menu.holidays", "clock"},
    {identity::role::auditor, "/audit", "core.menu.audit", "list"},
}};

/// 1284 as 1,284.
std::string grouped(std::int64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); at > 3;)
        digits.insert(at -= 3, 1, ',');
    return digits;
}

} // namespace

std::string Pages::text(const Visitor& who, std::string_view id, ValueView values) const {
    return parts_.templates()->texts().tr(who.language, id, values);
}

std::string Pages::roleName(const Visitor& who, const std::string& role) const {
    const auto templates = parts_.templates();
    const std::string* label = templates->texts().find(who.language, "core.role." + role);
    return label != nullptr ? *label : role;
}

std::vector<Pages::Entry> Pages::offers(const Visitor& who) const {
    const auto snapshot = parts_.plugins.get();
    const auto permissions = parts_.permissions();
    const auto templates = parts_.templates();
    std::vector<std::pair<int, Entry>> found;
    std::size_t tone = 0;
    for (const plugin::Lease& generation : snapshot->active()) {
        const plugin::Manifest& manifest = generation->manifest();
        const std::string_view colour = tones[tone++ % tones.size()];
        const bool active = who.active.contains(manifest.id);
        const bool anyNote = std::any_of(manifest.menu.begin(), manifest.menu.end(),
                                         [](const plugin::MenuItem& item) { return !item.note.empty(); });
        bool first = true;
        for (const plugin::MenuItem& item : manifest.menu) {
            std::string path;
            if (item.page == plugin::MenuItem::Page::route) {
                const plugin::Route& route = manifest.routes[item.route];
                if (decideAccess(ruleOf(route, manifest.id), who.principal, active, *permissions) !=
                    Verdict::pass)
                    continue;
                path = route.path;
            } else if (item.page == plugin::MenuItem::Page::table) {
                const auto declared = active ? parts_.host.declarations().find(manifest.id) : nullptr;
                const auto* list = declared ? declared->list(item.list) : nullptr;
                if (!list || !services::lists::reachOf(*list, who.principal, *permissions)) continue;
                path = "/lists/" + manifest.id + "/" + item.list;
            } else {
                const auto declared = active ? parts_.host.declarations().find(manifest.id) : nullptr;
                const auto* machine = declared ? declared->machine(item.machine) : nullptr;
                if (!machine || !offersCaseEntry(*machine, item.page, who.principal)) continue;
                path = casePath(manifest.id, item);
            }
            const auto tr = [&](const std::string& id) {
                return id.empty() ? std::string() : templates->texts().tr(who.language, id);
            };
            // A plugin without notes is shown by its first entry, so that no sector is missing from the home
            // page.
            const bool tile = anyNote ? !item.note.empty() : first;
            first = false;
            found.emplace_back(item.order, Entry{manifest.id, std::move(path), tr(item.label), tr(item.note),
                                                 item.icon, std::string(colour), tile, item.count});
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Entry> entries;
    for (auto& [order, entry] : found)
        entries.push_back(std::move(entry));
    return entries;
}

std::vector<Pages::Count> Pages::counts(const Visitor& who, const std::vector<Entry>& entries) const {
    std::vector<std::string> subjects;
    for (const Entry& entry : entries)
        subjects.push_back(entry.tile ? entry.count : std::string());
    const auto found = parts_.host.counts(subjects);
    const auto templates = parts_.templates();
    std::vector<Count> counts(entries.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        // A number without words says nothing.
        const std::string* label = found[i] ? templates->texts().find(who.language, found[i]->label) : nullptr;
        if (label != nullptr) counts[i] = {grouped(found[i]->count), *label};
    }
    return counts;
}

portal::PageContext Pages::context(const Visitor& who, const PageOrder& order,
                                   const portal::TemplateStore& store) const {
    const portal::Translator& texts = store.texts();
    portal::PageContext page;
    page.language = who.language;
    page.elder = who.elder;
    page.title = order.title;
    // The word before the title belongs to a form that comes back, not to a page that was only looked at.
    page.wrong = order.status == 422 && order.title.empty() && who.method != "GET" && who.method != "HEAD";
    page.requestId = who.requestId;
    page.path = who.place.empty() ? "/" : who.place;
    page.baseUrl = who.origin;
    page.phone = config_.phone;
    page.organiser = config_.organiser;
    page.demo = config_.demo;
    page.notices = order.notices;
    if (!who.formSecret.empty()) page.csrf = identity::Csrf::mask(who.formSecret);

    if (who.principal.isPerson()) {
        page.personId = std::to_string(who.principal.user);
        page.personName = who.principal.name;
        page.unread = who.unread;
        page.organisation = who.principal.organisationName;
        for (const std::string& role : who.principal.roles) {
            const std::string* label = texts.find(who.language, "core.role." + role);
            page.roles.push_back(label != nullptr ? *label : role);
        }
        for (const identity::DelegatedRole& given : who.principal.delegated) {
            const std::string* label = texts.find(who.language, "core.role." + given.role);
            page.roles.push_back(texts.tr(who.language, "core.delegation.behalf", Value::map([&](MapWriter& m) {
                                              m.set("name", given.giverName)
                                                  .set("role", label != nullptr ? *label : given.role);
                                          })));
        }
    }
    const std::string_view path = std::string_view(page.path).substr(0, page.path.find('?'));
    for (Entry& entry : offers(who)) {
        const bool current = entry.href == path;
        page.menu.push_back({std::move(entry.label), std::move(entry.href), std::move(entry.icon), current});
    }
    for (const CoreEntry& entry : coreEntries)
        if (who.principal.isPerson() && who.principal.hasRole(entry.role))
            page.menu.push_back({texts.tr(who.language, entry.label), std::string(entry.href),
                                 std::string(entry.icon), entry.href == path});
    if (config_.demo && order.name == "pages/home")
        for (const std::string& role : config_.demoRoles)
            page.demoAccounts.push_back({role, texts.tr(who.language, "core.role." + role),
                                         texts.tr(who.language, "core.demo.role." + role), "user"});
    return page;
}

void Pages::send(http::Response& response, Visitor who, const PageOrder& order,
                 std::string_view ifNoneMatch) const {
    send(response, std::move(who), order, ifNoneMatch, parts_.templates());
}

void Pages::send(http::Response& response, Visitor who, const PageOrder& order, std::string_view ifNoneMatch,
                 const std::shared_ptr<const portal::TemplateStore>& templates) const {
    // A page takes its time, and a transaction held over it keeps a session or even the one writer that long.
    if (storage::Tx::openOnThisThread())
        throw Error(500, "core.gateway.page_in_tx",
                    Value::map([&](MapWriter& m) { m.set("page", order.name); }));
    if (order.holdsForm && who.formSecret.empty()) {
        who.formSecret = identity::Csrf::newSecret();
        response.add("Set-Cookie", Cookies::setProtected(Cookies::form, who.formSecret, who.way));
    }
    if (who.staleSession) response.add("Set-Cookie", Cookies::clearProtected(Cookies::session, who.way));
    std::string html =
        portal::Renderer(templates).page(order.name, order.model, context(who, order, *templates));
    const bool kept = order.status == 200 && !order.holdsForm && who.principal.isAnonymous() &&
                      !who.staleSession && (who.method == "GET" || who.method == "HEAD");
    sendKept(response, who, ifNoneMatch, kept ? Keeping::publicly : Keeping::never,
             "text/html; charset=utf-8", std::move(html), who.requestId);
    if (order.status != 200) response.status(order.status);
}

} // namespace dalate::gateway
