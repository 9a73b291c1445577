// SPDX-License-Identifier: Apache-2.0
#include "plugin/ManifestRules.h"

#include "base/Cron.h"
#include "plugin/RouteTable.h"

#include <dalate/abi.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace dalate::plugin {
namespace {

/// First segments of the core's own paths; no plugin may take one as its id or below an alias.
constexpr std::array<std::string_view, 34> coreSegments = {
    "account", "admin",   "audit",   "bureau",   "cases",    "components", "core",        "demo",   "desk",
    "errors",  "events",  "files",   "forms",    "healthz",  "help",       "home",        "inbox",  "jobs",
    "lists",   "live",    "me",      "metrics",  "notices",  "oidc",       "preferences", "readyz", "rules",
    "search",  "sign_in", "sign-in", "sign_out", "sign-out", "static",     "todo"};

/// What the core's own tables begin with: a plugin of such a name would own them. A test reads migrations/.
constexpr std::array<std::string_view, 17> coreTables = {
    "account", "audit", "case",    "delegation", "desk",         "event",  "file", "form",   "holiday",
    "import",  "job",   "machine", "notice",     "organisation", "plugin", "rule", "session"};

class Rules {
public:
    Rules(const Manifest& manifest, ValueView document) : m_(manifest), document_(document) {}

    Problems check() {
        identity();
        permissions();
        tables();
        routes();
        aliases();
        menu();
        settings();
        namesOnce("$.jobs", m_.jobs, &JobRule::name);
        jobs();
        provides();
        namesOnce("$.notices", m_.notices, &NoticeRule::name);
        notices();
        events();
        for (Problem& p : pathConflicts(m_, {}))
            problems_.push_back(std::move(p));
        return std::move(problems_);
    }

private:
    void tell(std::string_view id, std::string where, std::string_view key = {},
              std::string_view value = {}) {
        problems_.emplace_back(std::string(id), std::move(where), Value::map([&](MapWriter& map) {
                                   if (!key.empty()) map.set(key, value);
                               }));
    }
    static std::string at(std::string_view list, std::size_t i, std::string_view key = {}) {
        return std::string(list) + "[" + std::to_string(i) + "]" +
               (key.empty() ? "" : "." + std::string(key));
    }
    void prefixed(std::string_view text, char separator, const std::string& where) {
        if (!text.starts_with(m_.id) || text.size() <= m_.id.size() || text[m_.id.size()] != separator)
            tell("core.manifest.prefix", where, "prefix", m_.id + separator);
    }
    template <class T>
    void namesOnce(std::string_view list, const std::vector<T>& items, std::string T::*name) {
        std::set<std::string_view> seen;
        for (std::size_t i = 0; i < items.size(); ++i)
            if (!seen.insert(items[i].*name).second)
                tell("core.manifest.twice", at(list, i), "name", items[i].*name);
    }
    static bool isCore(std::string_view segment) {
        return std::find(coreSegments.begin(), coreSegments.end(), segment) != coreSegments.end();
    }

    void identity() {
        if (isCore(m_.id) || std::find(coreTables.begin(), coreTables.end(), m_.id) != coreTables.end())
            tell("core.manifest.reserved", "$.id", "id", m_.id);
        if (m_.apiMajor != DALATE_ABI_MAJOR || m_.apiMinor > DALATE_ABI_MINOR ||
            (DALATE_ABI_MAJOR == 0 && m_.apiMinor != DALATE_ABI_MINOR))
            tell("core.manifest.api", "$.api", "runtime",
                 std::to_string(DALATE_ABI_MAJOR) + "." + std::to_string(DALATE_ABI_MINOR));
        prefixed(m_.name, '.', "$.name");
        if (document_["isolation"].text() == "process") tell("core.manifest.isolation", "$.isolation");
        for (std::size_t i = 0; i < m_.requirements.size(); ++i)
            if (m_.requirements[i].id == m_.id) tell("core.manifest.self_requirement", at("$.requires", i));
    }

    void permissions() {
        namesOnce("$.permissions", m_.permissions, &PermissionRule::id);
        for (std::size_t i = 0; i < m_.permissions.size(); ++i)
            prefixed(m_.permissions[i].id, '.', at("$.permissions", i, "id"));
    }

    void tables() {
        namesOnce("$.tables", m_.tables, &storage::TableRule::name);
        for (std::size_t i = 0; i < m_.tables.size(); ++i)
            prefixed(m_.tables[i].name, '_', at("$.tables", i, "name"));
    }

    bool declares(std::string_view permission) const {
        return std::any_of(m_.permissions.begin(), m_.permissions.end(),
                           [&](const PermissionRule& p) { return p.id == permission; });
    }

    void routes() {
        namesOnce("$.routes", m_.routes, &Route::name);
        for (std::size_t i = 0; i < m_.routes.size(); ++i) {
            const Route& r = m_.routes[i];
            if (r.access == Access::permission && !declares(r.permission))
                tell("core.manifest.no_permission", at("$.routes", i, "access"), "permission", r.permission);
            if (r.access == Access::open && r.method != "GET" && !r.rate)
                tell("core.manifest.public_write", at("$.routes", i), "route", r.name);
            if (!r.token.empty()) {
                prefixed(r.token, '.', at("$.routes", i, "token"));
                // What a token may do is what the route's permission lets it do; without one it would be
                // unbounded.
                if (r.access != Access::permission)
                    tell("core.manifest.anyone_token", at("$.routes", i, "token"));
            }
            if (!r.takesBody() && !document_["routes"].isNull() && hasBody(i))
                tell("core.manifest.body", at("$.routes", i, "body"), "method", r.method);
            parametersOnce(r.path, at("$.routes", i, "path"));
        }
    }

    bool hasBody(std::size_t index) const {
        const ValueView list = document_["routes"];
        auto item = list.begin();
        std::advance(item, static_cast<std::ptrdiff_t>(index));
        return (*item).has("body");
    }

    void parametersOnce(std::string_view path, const std::string& where) {
        std::set<std::string_view> seen;
        for (std::size_t open = path.find('{'); open != path.npos; open = path.find('{', open + 1)) {
            const std::string_view name = path.substr(open + 1, path.find('}', open) - open - 1);
            if (!seen.insert(name).second) tell("core.manifest.twice", where, "name", name);
        }
    }

    void aliases() {
        for (std::size_t i = 0; i < m_.aliases.size(); ++i) {
            const Alias& alias = m_.aliases[i];
            const std::string_view rest = std::string_view(alias.path).substr(1);
            const std::string_view segment = rest.substr(0, rest.find('/'));
            if (alias.route == m_.routes.size())
                tell("core.manifest.no_route", at("$.aliases", i, "route"), "route", named("aliases", i));
            // The first segment must be fixed and nobody else's: the core's paths, other plugins' prefixes
            // and the home page stay what they are.
            if (segment.empty() || segment.front() == '{' || isCore(segment) ||
                (segment == ".well-known" && rest == segment))
                tell("core.manifest.alias", at("$.aliases", i, "path"), "path", alias.path);
            parametersOnce(alias.path, at("$.aliases", i, "path"));
        }
    }

    std::string named(std::string_view list, std::size_t index) const {
        const ValueView items = document_[list];
        auto item = items.begin();
        std::advance(item, static_cast<std::ptrdiff_t>(index));
        return (*item)["route"].asText();
    }

    void menu() {
        for (std::size_t i = 0; i < m_.menu.size(); ++i) {
            const MenuItem& item = m_.menu[i];
            prefixed(item.label, '.', at("$.menu", i, "label"));
            if (!item.note.empty()) prefixed(item.note, '.', at("$.menu", i, "note"));
            if (!leadsToOnePage(i)) {
                tell("core.manifest.menu_target", at("$.menu", i));
            } else if (item.page == MenuItem::Page::table) {
                if (std::find(m_.lists.begin(), m_.lists.end(), "lists/" + item.list + ".json") == m_.lists.end())
                    tell("core.manifest.no_list", at("$.menu", i, "list"), "list", item.list);
            } else if (item.page != MenuItem::Page::route) {
                // Whether the machine is there is the host's to say: it reads the files under cases/.
                if (m_.cases.empty())
                    tell("core.manifest.no_machine", at("$.menu", i, "machine"), "machine", item.machine);
            } else if (item.route == m_.routes.size()) {
                tell("core.manifest.no_route", at("$.menu", i, "route"), "route", named("menu", i));
            } else if (const Route& r = m_.routes[item.route];
                       r.method != "GET" || r.path.find('{') != r.path.npos) {
                tell("core.manifest.menu_route", at("$.menu", i, "route"), "route", r.name);
            }
            if (!item.count.empty() && !m_.isProvided(item.count))
                tell("core.manifest.menu_count", at("$.menu", i, "count"), "count", item.count);
        }
    }

    bool leadsToOnePage(std::size_t index) const {
        const ValueView list = document_["menu"];
        auto item = list.begin();
        std::advance(item, static_cast<std::ptrdiff_t>(index));
        const bool machine = (*item).has("machine"), page = (*item).has("page");
        const int targets = machine + (*item).has("route") + (*item).has("list");
        return machine == page && targets == 1;
    }

    void notices() {
        for (std::size_t i = 0; i < m_.notices.size(); ++i) {
            prefixed(m_.notices[i].subject, '.', at("$.notices", i, "subject"));
            prefixed(m_.notices[i].text, '.', at("$.notices", i, "text"));
        }
    }

    void jobs() {
        for (std::size_t i = 0; i < m_.jobs.size(); ++i) {
            const JobRule& job = m_.jobs[i];
            if (!job.label.empty()) prefixed(job.label, '.', at("$.jobs", i, "label"));
            const bool byClock = !job.cron.empty();
            if ((byClock && job.every > 0) || (job.skipsMissed && !byClock && job.every == 0))
                tell("core.manifest.job_rhythm", at("$.jobs", i), "job", job.name);
            if (!byClock) continue;
            if (const auto cron = Cron::parse(job.cron); !cron)
                problems_.push_back(Problem(cron.error(), at("$.jobs", i, "cron")));
        }
    }

    void events() {
        for (std::size_t i = 0; i < m_.publishes.size(); ++i)
            prefixed(m_.publishes[i], '.', at("$.publishes", i));
    }

    void settings() {
        namesOnce("$.settings", m_.settings, &Setting::name);
        std::size_t i = 0;
        for (const ValueView declared : document_["settings"]) {
            const Setting& s = m_.settings[i];
            const ValueView fallback = declared["default"];
            const bool fits = s.type == "text"      ? fallback.isText()
                              : s.type == "boolean" ? fallback.isBoolean()
                                                    : fallback.isNumber();
            if (!fits) tell("core.manifest.setting", at("$.settings", i, "default"), "type", s.type);
            if (!s.label.empty()) prefixed(s.label, '.', at("$.settings", i, "label"));
            ++i;
        }
    }

    void provides() {
        namesOnce("$.provides", m_.provides, &Provided::service);
        for (std::size_t i = 0; i < m_.provides.size(); ++i) {
            const std::string& service = m_.provides[i].service;
            // The name belongs to the plugin, so no plugin can answer in another's or the host's place.
            if (service.substr(0, service.find('/')) != m_.id)
                tell("core.manifest.prefix", at("$.provides", i, "service"), "prefix", m_.id + "/");
        }
    }

    const Manifest& m_;
    ValueView document_;
    Problems problems_;
};

} // namespace

Problems checkRules(const Manifest& manifest, ValueView document) {
    return Rules(manifest, document).check();
}

} // namespace dalate::plugin
