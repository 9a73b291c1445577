// SPDX-License-Identifier: Apache-2.0
#include "base/Json.h"
#include "plugin/JsonSchema.h"
#include "plugin/ManifestRules.h"

#include <algorithm>
#include <charconv>

namespace dalate::plugin {
namespace {

std::optional<RetryRule> retryOf(ValueView v) {
    if (!v.isMap()) return std::nullopt;
    constexpr std::int64_t second = 1'000'000;
    return RetryRule{v["attempts"].integer().value_or(5), v["pause_s"].integer().value_or(2) * second,
                     v["longest_s"].integer().value_or(3600) * second};
}

std::string text(ValueView v) {
    return std::string(v.text());
}

std::vector<std::string> texts(ValueView list) {
    std::vector<std::string> out;
    for (const ValueView item : list)
        out.push_back(text(item));
    return out;
}

int whole(std::string_view digits) {
    int n = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), n);
    return n;
}

RateRule rateOf(std::string_view rate) {
    const std::size_t slash = rate.find('/');
    const std::string_view unit = rate.substr(slash + 1);
    const Micros second = 1'000'000;
    return {whole(rate.substr(0, slash)), unit == "s" ? second : unit == "min" ? 60 * second : 3600 * second};
}

Route routeOf(ValueView v, const std::string& id) {
    Route route;
    route.name = text(v["name"]);
    route.method = text(v["method"]);
    const std::string path = text(v["path"]);
    route.path = path == "/" ? "/" + id : "/" + id + path;
    const std::string_view access = v["access"].text();
    constexpr std::string_view permission = "permission:";
    if (access == "session") route.access = Access::session;
    if (access.starts_with(permission)) {
        route.access = Access::permission;
        route.permission = access.substr(permission.size());
    }
    route.token = text(v["token"]);
    if (const ValueView body = v["body"]; body.isMap()) {
        route.body.max = body["max"].integer().value_or(0);
        route.body.types = texts(body["types"]);
    }
    route.query = {texts(v["query"]["declared"]), texts(v["query"]["repeatable"]),
                   v["query"]["open"].truth()};
    if (v["rate"].isText()) route.rate = rateOf(v["rate"].text());
    if (const auto ms = v["timeout_ms"].integer()) route.timeout = *ms * 1000;
    return route;
}

storage::TableRule tableOf(ValueView v) {
    storage::TableRule rule;
    rule.name = text(v["name"]);
    rule.scoped = v["scope"].isMap();
    rule.selfColumn = text(v["scope"]["self"]);
    rule.organisationColumns = texts(v["scope"]["organisation"]);
    return rule;
}

/// Index of the route with that name, or the number of routes; the rules have told the latter.
std::size_t routeIndex(const Manifest& manifest, std::string_view name) {
    return static_cast<std::size_t>(std::find_if(manifest.routes.begin(), manifest.routes.end(),
                                                 [&](const Route& r) { return r.name == name; }) -
                                    manifest.routes.begin());
}

MenuItem::Page pageOf(ValueView item) {
    if (item.has("list")) return MenuItem::Page::table;
    if (!item.has("machine")) return MenuItem::Page::route;
    return item["page"].text() == "open" ? MenuItem::Page::open : MenuItem::Page::list;
}

Manifest typed(ValueView v) {
    Manifest m;
    m.id = text(v["id"]);
    m.version = text(v["version"]);
    m.vendor = text(v["vendor"]);
    m.name = text(v["name"]);
    const std::string_view api = v["api"].text();
    m.apiMajor = whole(api);
    m.apiMinor = whole(api.substr(api.find('.') + 1));
    for (const ValueView r : v["requires"]) {
        const std::string_view whole = r.text();
        const std::size_t sign = whole.find(">=");
        m.requirements.push_back({std::string(whole.substr(0, sign)),
                                  sign == whole.npos ? std::string() : std::string(whole.substr(sign + 2))});
    }
    m.uses = texts(v["uses"]);
    for (const ValueView p : v["permissions"])
        m.permissions.push_back({text(p["id"]), text(p["kind"]), text(p["scope"]), texts(p["grants"])});
    for (const ValueView t : v["tables"])
        m.tables.push_back(tableOf(t));
    for (const ValueView r : v["routes"])
        m.routes.push_back(routeOf(r, m.id));
    for (const ValueView a : v["aliases"])
        m.aliases.push_back({text(a["path"]), routeIndex(m, a["route"].text())});
    for (const ValueView i : v["menu"])
        m.menu.push_back({pageOf(i), routeIndex(m, i["route"].text()), text(i["machine"]), text(i["label"]),
                          text(i["note"]), text(i["icon"]),
                          static_cast<int>(i["order"].integer().value_or(100)), text(i["count"]), text(i["list"])});
    for (const ValueView s : v["settings"])
        m.settings.push_back({text(s["name"]), text(s["type"]), s["default"].asText(), text(s["label"])});
    for (const ValueView j : v["jobs"])
        m.jobs.push_back({text(j["name"]), j["every_s"].integer().value_or(0) * 1'000'000,
                          j["timeout_s"].integer().value_or(0) * 1'000'000, text(j["cron"]),
                          j["missed"].text() == "skip", retryOf(j["retry"]), text(j["label"])});
    for (const ValueView p : v["provides"])
        m.provides.push_back({text(p["service"]), texts(p["methods"])});
    m.publishes = texts(v["publishes"]);
    m.subscribes = texts(v["subscribes"]);
    m.relations = texts(v["relations"]);
    for (const ValueView n : v["notices"])
        m.notices.push_back({text(n["name"]), text(n["subject"]), text(n["text"]), n["urgent"].truth()});
    m.cases = texts(v["cases"]);
    m.forms = texts(v["forms"]);
    m.lists = texts(v["lists"]);
    m.rules = texts(v["rules"]);
    if (const auto cap = v["concurrency"].integer()) m.concurrency = static_cast<int>(*cap);
    return m;
}

} // namespace

bool Setting::admits(std::string_view value) const {
    if (type == "boolean") return value == "true" || value == "false";
    if (type == "integer") return Value::of(value).view().integer().has_value();
    return true;
}

const JobRule* Manifest::job(std::string_view job) const noexcept {
    for (const JobRule& rule : jobs)
        if (rule.name == job) return &rule;
    return nullptr;
}

const Setting* Manifest::setting(std::string_view setting) const noexcept {
    for (const Setting& s : settings)
        if (s.name == setting) return &s;
    return nullptr;
}

bool Manifest::isProvided(std::string_view nameMajorMethod) const noexcept {
    for (const Provided& offer : provides)
        for (const std::string& method : offer.methods)
            if (nameMajorMethod.size() == offer.service.size() + 1 + method.size() &&
                nameMajorMethod.starts_with(offer.service) && nameMajorMethod[offer.service.size()] == '.' &&
                nameMajorMethod.ends_with(method))
                return true;
    return false;
}

ManifestReader::ManifestReader(std::string_view schemaText) : schema_(json::parse(schemaText).take()) {
    demandKnownSchema(schema_);
}

ManifestReader::Outcome ManifestReader::read(std::string_view whole) const {
    Outcome outcome;
    constexpr json::Limits limits{.bytes = 1u << 20, .depth = 16, .nodes = 100'000};
    Result<Value> document = json::parse(whole, limits);
    if (!document) {
        outcome.problems.emplace_back(document.error(), "plugin.json");
        return outcome;
    }
    outcome.problems = checkAgainst(schema_, *document);
    // The rules between keys read typed fields, which only a document of the right form has.
    if (!outcome.problems.empty()) return outcome;
    Manifest manifest = typed(*document);
    outcome.problems = checkRules(manifest, *document);
    if (outcome.problems.empty()) outcome.manifest = std::move(manifest);
    return outcome;
}

int compareVersions(std::string_view a, std::string_view b) {
    for (int part = 0; part < 3; ++part) {
        const int x = whole(a), y = whole(b);
        if (x != y) return x < y ? -1 : 1;
        a = a.substr(std::min(a.size(), a.find('.') == a.npos ? a.size() : a.find('.') + 1));
        b = b.substr(std::min(b.size(), b.find('.') == b.npos ? b.size() : b.find('.') + 1));
    }
    return 0;
}

} // namespace dalate::plugin
