// SPDX-License-Identifier: Apache-2.0
//
// plugin.json as the runtime uses it. The one list of keys is sdk/schema/plugin.schema.json; this is its
// typed form, made only from a document without problems.
#pragma once

#include "base/Clock.h"
#include "plugin/Problem.h"
#include "storage/PluginAccess.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::plugin {

struct PermissionRule {
    std::string id;
    std::string kind;  ///< read or write
    std::string scope; ///< self, organisation or county
    std::vector<std::string> grants;
};

struct BodyRule {
    std::int64_t max = 65536; ///< octets
    std::vector<std::string> types{"application/x-www-form-urlencoded"};
};

struct QueryRule {
    std::vector<std::string> declared;
    std::vector<std::string> repeatable;
    bool open = false;
};

/// At most `count` requests of one caller in `window`.
struct RateRule {
    int count = 0;
    Micros window = 0;
};

enum class Access { open, session, permission };

struct Route {
    std::string name;
    std::string method;
    std::string path; ///< whole, prefix included: "/hello" or "/hello/guests/{id}"
    Access access = Access::open;
    std::string permission; ///< where access is permission
    std::string token;      ///< scope of tokens that may use it; empty: none
    BodyRule body;          ///< meaningful for methods with a body
    QueryRule query;
    std::optional<RateRule> rate;
    Micros timeout = 10'000'000;

    bool takesBody() const noexcept { return method == "POST" || method == "PUT" || method == "PATCH"; }
};

struct Alias {
    std::string path;
    std::size_t route = 0; ///< index in Manifest::routes
};

struct MenuItem {
    /// A page of the core about a case machine or a list of the plugin, instead of a route.
    enum class Page { route, list, open, table };
    Page page = Page::route;
    std::size_t route = 0; ///< index in Manifest::routes, of Page::route
    std::string machine;   ///< of Page::list and Page::open
    std::string label;     ///< text id
    std::string note;      ///< text id or empty
    std::string icon;
    int order = 100;
    std::string count; ///< "hello/1.guests": the service method that answers the tile's number; empty: none
    std::string list;  ///< of Page::table
};

struct Setting {
    std::string name;
    std::string type; ///< text, integer or boolean
    std::string fallback;
    std::string label;

    /// Whether an operator's text is of the declared type.
    bool admits(std::string_view text) const;
};

/// How often a failed job is begun again, and after which pauses (services/jobs/Retry.h).
struct RetryRule {
    std::int64_t attempts = 0;
    Micros pause = 0;
    Micros longest = 0;
};

struct JobRule {
    std::string name;
    Micros every = 0; ///< 0: not by a period
    Micros timeout = 0;
    std::string cron;         ///< five fields in China's time (base/Cron.h); empty: not by the clock
    bool skipsMissed = false; ///< a run that was missed is left out; else one makes up for all of them
    std::optional<RetryRule> retry;
    std::string label; ///< text id of what it does, for the page of its progress; empty: its name
};

struct Requirement {
    std::string id;
    std::string leastVersion; ///< empty: any
};

/// A kind of notice that the plugin's cases and code send to people.
struct NoticeRule {
    std::string name;
    std::string subject; ///< text id
    std::string text;    ///< text id
    bool urgent = false; ///< also in quiet hours
};

struct Provided {
    std::string service; ///< "people/1"
    std::vector<std::string> methods;
};

struct Manifest {
    std::string id, version, vendor, name;
    int apiMajor = 0, apiMinor = 0;
    std::vector<Requirement> requirements;
    std::vector<std::string> uses;
    std::vector<PermissionRule> permissions;
    std::vector<storage::TableRule> tables;
    std::vector<Route> routes;
    std::vector<Alias> aliases;
    std::vector<MenuItem> menu;
    std::vector<Setting> settings;
    std::vector<JobRule> jobs;
    std::vector<Provided> provides;
    std::vector<std::string> publishes;  ///< "helpdesk.ticket_closed/1"
    std::vector<std::string> subscribes; ///< likewise, of any plugin
    std::vector<std::string> relations;  ///< names
    std::vector<NoticeRule> notices;
    /// Files of declarations, by path in the folder: "cases/ticket.json".
    std::vector<std::string> cases, forms, lists, rules;
    std::optional<int> concurrency;

    const JobRule* job(std::string_view job) const noexcept;
    const Setting* setting(std::string_view setting) const noexcept;
    /// Whether "<name>/<major>.<method>" is one of `provides`.
    bool isProvided(std::string_view nameMajorMethod) const noexcept;
    /// Whether plugin.json names anything that only code can answer; such a plugin needs a library. Guards
    /// and side effects, which its cases name, are the host's to demand (HostPlace::needs).
    bool needsCode() const noexcept {
        return !routes.empty() || !jobs.empty() || !provides.empty() || !subscribes.empty();
    }
};

/// Reads plugin.json against the schema and the rules between keys. Immutable; safe from any thread.
class ManifestReader {
public:
    /// `schemaText` is sdk/schema/plugin.schema.json. Throws Error 500 `core.manifest.schema` where it uses
    /// what the checker does not know: a rule that is not checked must not look as if it were.
    explicit ManifestReader(std::string_view schemaText);

    /// The manifest, or every problem at once. Ids: `core.manifest.*` and those of the JSON parser.
    struct Outcome {
        std::optional<Manifest> manifest;
        Problems problems;
    };
    Outcome read(std::string_view text) const;

private:
    Value schema_;
};

/// -1, 0 or 1 for two versions of the form 1.2.3.
int compareVersions(std::string_view a, std::string_view b);

} // namespace dalate::plugin
