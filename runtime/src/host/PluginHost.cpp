// SPDX-License-Identifier: Apache-2.0
#include "host/PluginHost.h"

#include "base/Log.h"
#include "host/Call.h"
#include "host/HostTable.h"
#include "services/CoreServices.h"
#include "services/cases/CaseStore.h"
#include "services/cases/LiveStates.h"
#include "services/events/Cursors.h"
#include "services/events/Outbox.h"
#include "services/jobs/JobsService.h"
#include "services/lists/ListReader.h"
#include "storage/Migrator.h"

#include <algorithm>

namespace dalate::host {

namespace {

class OpenPlace final : public plugin::HostPlace {
public:
    OpenPlace(Surroundings surroundings, PlaceSpec spec, std::vector<plugin::Need> needs)
        : place_(std::move(surroundings), std::move(spec)), needs_(std::move(needs)) {}
    dalate_host* handle() noexcept override { return place_.handle(); }
    const std::vector<plugin::Need>& needs() const noexcept override { return needs_; }

private:
    Place place_;
    std::vector<plugin::Need> needs_;
};

Place& placeOf(const plugin::Generation& generation) noexcept {
    return Place::of(generation.place().handle());
}

/// A permission with the token scopes of the routes that ask for it.
std::vector<identity::Permission> permissionsOf(const plugin::Manifest& manifest) {
    std::vector<identity::Permission> all;
    for (const plugin::PermissionRule& rule : manifest.permissions) {
        identity::Permission permission{rule.id, rule.kind, rule.scope, rule.grants, {}};
        for (const plugin::Route& route : manifest.routes)
            if (route.permission == rule.id && !route.token.empty())
                permission.tokenScopes.push_back(route.token);
        all.push_back(std::move(permission));
    }
    return all;
}

std::map<std::string, std::string, std::less<>> settingsOf(const plugin::Manifest& manifest,
                                                           const PluginHost::Options& options) {
    std::map<std::string, std::string, std::less<>> values;
    for (const plugin::Setting& setting : manifest.settings) {
        std::optional<std::string> given;
        if (options.setting) given = options.setting(manifest.id, setting.name);
        if (given && !setting.admits(*given))
            throw Error(
                400, "core.setting.invalid", Value::map([&](MapWriter& m) {
                    m.set("plugin", manifest.id).set("setting", setting.name).set("type", setting.type);
                }));
        values.emplace(setting.name, given.value_or(setting.fallback));
    }
    return values;
}

Error templatesError(const plugin::Manifest& manifest, const portal::Problems& problems) {
    return Error(400, "core.plugin.templates", Value::map([&](MapWriter& m) {
                     m.set("plugin", manifest.id);
                     m.list("problems", [&](ListWriter& l) {
                         for (const portal::Problem& problem : problems)
                             l.add(problem.text());
                     });
                 }));
}

Error errorOf(const Reply& failure) {
    return Error(failure.status, failure.messageId, failure.model);
}

} // namespace

PluginHost::PluginHost(Options options, storage::Pool& pool,
                       std::shared_ptr<const portal::TemplateStore> templates)
    : options_(std::move(options)), pool_(pool), templates_(std::move(templates)),
      reader_(options_.schemas, options_.countyRules), jobs_(pool, jobOptions()),
      threads_(jobs_, *this, options_.threads) {
    services::jobs::offerJobs(registry_, jobs_, [this] { threads_.wake(); });
    services::offerPrint(registry_);
    services::offerAudit(registry_);
}

PluginHost::~PluginHost() = default;

services::jobs::Jobs::Options PluginHost::jobOptions() {
    services::jobs::Jobs::Options options = options_.jobs;
    options.declared = [this](std::string_view plugin,
                              std::string_view name) -> std::optional<services::jobs::Retry> {
        const plugin::Lease lease = current_ ? current_->get()->find(plugin) : plugin::Lease();
        const plugin::JobRule* rule = lease ? lease->manifest().job(name) : nullptr;
        if (!rule || !rule->retry) return std::nullopt;
        return services::jobs::Retry{rule->retry->attempts, rule->retry->pause, rule->retry->longest, true};
    };
    return options;
}

services::CoreParts PluginHost::parts() noexcept {
    return {pool_, registry_, declarations_, *this, [] { return now(); }};
}

void PluginHost::attach(plugin::Invoke& invoke, const plugin::Current& current) {
    invoke_ = &invoke;
    current_ = &current;
}

void PluginHost::startJobs() {
    threads_.start();
}

std::size_t PluginHost::stopJobs(std::chrono::milliseconds drain) {
    const Micros begun = steadyNow();
    const std::size_t jobs = threads_.stop(drain);
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::microseconds(steadyNow() - begun));
    return jobs + counts_.stop(std::max(drain - spent, std::chrono::milliseconds(0)));
}

std::shared_ptr<const portal::TemplateStore> PluginHost::templates() const {
    const std::lock_guard lock(mutex_);
    return templates_;
}

std::shared_ptr<const identity::Permissions> PluginHost::permissions() const {
    const std::lock_guard lock(mutex_);
    return permissions_;
}

Reply PluginHost::invoke(const plugin::Generation& generation, std::uint32_t handler, Call& call,
                         const plugin::Invocation& about) {
    const plugin::Outcome outcome = invoke_->run(generation, handler, call.handle(), about);
    if (outcome.kind == plugin::Outcome::Kind::returned) return call.conclude(outcome.status);
    const int status = outcome.kind == plugin::Outcome::Kind::threw ? 500 : 503;
    return call.conclude(call.fail(Call::Origin::host, status, outcome.messageId()));
}

Reply PluginHost::answer(const plugin::Generation& generation, const plugin::Route& route,
                         std::uint32_t handler, const CallRequest& request) {
    Call call(placeOf(generation), request);
    return invoke(generation, handler, call, {"route", route.name, request.requestId, request.deadline});
}

std::vector<std::optional<services::LiveCount>> PluginHost::counts(const std::vector<std::string>& subjects) {
    std::vector<std::optional<services::LiveCount>> all(subjects.size());
    std::vector<services::LiveCounts::Question> questions;
    std::vector<std::size_t> places;
    const auto snapshot = current_->get();
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        const std::string& subject = subjects[i];
        const plugin::Lease lease = snapshot->provider(subject.substr(0, subject.find('.')));
        const std::uint32_t handler = lease ? lease->serviceHandler(subject) : plugin::Generation::noHandler;
        if (handler == plugin::Generation::noHandler) continue;
        places.push_back(i);
        // The question holds the lease: a plugin does not end while it is being asked.
        questions.push_back({lease->id(), subject, [this, lease, handler, subject](Micros deadline) {
                                 const Value nothing = Value::map();
                                 CallRequest request;
                                 request.kind = CallKind::service;
                                 request.requestId = "count";
                                 request.baseUrl = options_.baseUrl;
                                 request.deadline = deadline;
                                 request.arguments = nothing;
                                 request.subject = subject;
                                 Call call(placeOf(*lease), request);
                                 Reply reply = invoke(*lease, handler, call,
                                                      {"count", subject, request.requestId, deadline});
                                 if (reply.failed()) throw errorOf(reply);
                                 return std::move(reply.model);
                             }});
    }
    if (questions.empty()) return all;
    auto found = counts_.of(std::move(questions));
    for (std::size_t i = 0; i < places.size(); ++i)
        all[places[i]] = std::move(found[i]);
    return all;
}

const dalate_host_v1* PluginHost::table() noexcept {
    return &hostTable();
}

bool PluginHost::offers(std::string_view nameMajor) const {
    return registry_.offers(nameMajor);
}

std::unique_ptr<plugin::HostPlace> PluginHost::open(const plugin::Manifest& manifest,
                                                    const std::filesystem::path& folder) {
    OpenedDeclarations opened = reader_.read(manifest, folder);
    PlaceSpec spec{.plugin = manifest.id,
                   .folder = folder,
                   .tables = manifest.tables,
                   .permissions = permissionsOf(manifest),
                   .settings = settingsOf(manifest, options_),
                   .jobs = {},
                   .uses = manifest.uses,
                   .declared = std::move(opened.declared)};
    for (const plugin::JobRule& job : manifest.jobs)
        spec.jobs.push_back(job.name);
    return std::make_unique<OpenPlace>(Surroundings{pool_, registry_, [this] { return permissions(); }},
                                       std::move(spec), std::move(opened.needs));
}

void PluginHost::install(const plugin::Manifest& manifest, plugin::HostPlace& place,
                         const std::filesystem::path& folder) {
    // Templates first: a fault in them must not leave a schema behind that nobody uses.
    portal::Problems problems;
    auto store = templates()->with(manifest.id, folder, problems);
    if (!store || !problems.empty()) throw templatesError(manifest, problems);
    prepareServices(*Place::of(place.handle()).declared());
    storage::Migrator(pool_).run(manifest.id, folder / "migrations");
    checkLists(*Place::of(place.handle()).declared());
    Place::of(place.handle()).install(std::move(store));
}

/// No case may be left in a state that the version does not have; its queries find their view; and no event that
/// is published from here on passes it by, however soon it sleeps.
void PluginHost::prepareServices(const services::Declared& declared) {
    const auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    plugin::Problems problems;
    services::cases::demandLiveStates(tx, declared, problems);
    if (!problems.empty()) throw plugin::Faulty(std::move(problems));
    if (!declared.machines.empty()) services::cases::CaseStore::makeView(tx, declared.plugin);
    const std::int64_t newest = services::events::Outbox::newest(tx);
    for (const std::string& name : declared.subscribes)
        services::events::Cursors::enter(tx, declared.plugin, name, newest);
    tx.commit();
}

/// Its tables stand now: every statement of its lists is prepared once, before anybody asks for one.
void PluginHost::checkLists(const services::Declared& declared) {
    plugin::Problems problems;
    for (const auto& [name, list] : declared.lists)
        services::lists::checkStatements(pool_, *list, *declared.tables, problems);
    if (!problems.empty()) throw plugin::Faulty(std::move(problems));
}

std::optional<Error> PluginHost::start(const plugin::Generation& generation) {
    CallRequest request;
    request.kind = CallKind::start;
    request.baseUrl = options_.baseUrl;
    Call call(placeOf(generation), request);
    const plugin::Outcome outcome = invoke_->start(generation, call.handle());
    const bool returned = outcome.kind == plugin::Outcome::Kind::returned;
    const Reply reply =
        call.conclude(returned ? outcome.status : call.fail(Call::Origin::host, 500, outcome.messageId()));
    return reply.failed() ? std::optional(errorOf(reply)) : std::nullopt;
}

void PluginHost::published(const std::shared_ptr<const plugin::Snapshot>& snapshot) noexcept {
    try {
        std::vector<identity::Permission> permissions;
        std::vector<services::jobs::ScheduledJob> schedule;
        std::vector<std::shared_ptr<const services::Declared>> declared;
        for (const plugin::Lease& active : snapshot->active()) {
            for (identity::Permission& permission : permissionsOf(active->manifest()))
                permissions.push_back(std::move(permission));
            declared.push_back(placeOf(*active).declared());
            for (const plugin::JobRule& job : active->manifest().jobs)
                if (job.every > 0 || !job.cron.empty())
                    // The manifest's rules have let no other text through.
                    schedule.push_back(
                        {active->id(), job.name, job.every,
                         job.cron.empty() ? std::nullopt : std::optional(Cron::parse(job.cron).take()),
                         job.skipsMissed});
        }
        auto held = std::make_shared<const identity::Permissions>(std::move(permissions));
        auto store = composed(*snapshot);
        {
            const std::lock_guard lock(mutex_);
            permissions_ = std::move(held);
            templates_ = std::move(store);
        }
        for (const services::Service& refused : registry_.publish(provided(*snapshot)))
            log::error("core.service.twice", Value::map([&](MapWriter& m) {
                           m.set("plugin", refused.owner).set("service", refused.nameMajor);
                           m.set("method", refused.method);
                       }));
        declarations_.publish(std::move(declared));
        threads_.schedule(std::move(schedule));
        threads_.wake();
    } catch (const std::exception& error) {
        log::error("core.host.publish_failed",
                   Value::map([&](MapWriter& m) { m.set("error", error.what()); }));
    }
}

/// The templates in force brought up to the snapshot: only what came, went or changed is composed anew.
std::shared_ptr<const portal::TemplateStore> PluginHost::composed(const plugin::Snapshot& snapshot) {
    auto store = templates();
    std::map<std::string, std::uint64_t> now;
    for (const plugin::Lease& active : snapshot.active())
        now[active->id()] = active->number();
    for (const auto& [id, number] : composedOf_)
        if (!now.contains(id)) store = store->without(id);
    for (const plugin::Lease& active : snapshot.active()) {
        const auto before = composedOf_.find(active->id());
        if (before != composedOf_.end() && before->second == active->number()) continue;
        portal::Problems problems;
        if (auto next = store->with(active->id(), active->folder(), problems))
            store = std::move(next);
        else
            // Sound at install and faulty now: somebody wrote into the folder. Its own pages still come from
            // its place.
            log::error("core.host.templates_changed", Value::map([&](MapWriter& m) {
                           m.set("plugin", active->id());
                           m.set("problem", problems.empty() ? std::string() : problems.front().text());
                       }));
    }
    composedOf_ = std::move(now);
    return store;
}

std::vector<services::Service> PluginHost::provided(const plugin::Snapshot& snapshot) {
    std::vector<services::Service> all;
    for (const plugin::Lease& active : snapshot.active())
        for (const plugin::Provided& offer : active->manifest().provides)
            for (const std::string& method : offer.methods)
                // The generation is found anew at each call: a list that held leases would keep a plugin from
                // ending.
                all.push_back({active->id(), offer.service, method, services::Touch::own,
                               [this, service = offer.service, method](services::ServiceContext& context,
                                                                       ValueView in) {
                                   return serve(service, method, context, in);
                               }});
    return all;
}

Value PluginHost::serve(const std::string& nameMajor, const std::string& method,
                        services::ServiceContext& context, ValueView in) {
    const plugin::Lease lease = current_->get()->provider(nameMajor);
    const std::string subject = nameMajor + "." + method;
    const std::uint32_t handler = lease ? lease->serviceHandler(subject) : plugin::Generation::noHandler;
    if (handler == plugin::Generation::noHandler)
        throw Error(503, "core.service.away", Value::map([&](MapWriter& m) { m.set("service", nameMajor); }));
    CallRequest request;
    request.kind = CallKind::service;
    request.language = context.language;
    request.requestId = context.requestId;
    request.baseUrl = context.baseUrl;
    request.principal = &context.principal;
    request.deadline = context.deadline;
    request.arguments = in;
    request.subject = subject;
    const plugin::Invocation about{"service", subject, request.requestId, request.deadline};
    const auto answered = [&](Call& call) {
        Reply reply = invoke(*lease, handler, call, about);
        if (reply.failed()) throw errorOf(reply);
        return std::move(reply.model);
    };
    if (context.tx) {
        Call call(placeOf(*lease), request, *context.tx);
        return answered(call);
    }
    Call call(placeOf(*lease), request);
    return answered(call);
}

std::vector<std::string> PluginHost::plugins() const {
    std::vector<std::string> ids;
    if (!current_) return ids;
    const auto snapshot = current_->get();
    for (const plugin::Lease& active : snapshot->active())
        if (!active->manifest().jobs.empty()) ids.push_back(active->id());
    return ids;
}

Result<Value> PluginHost::run(const services::jobs::Job& job, const services::jobs::RunningJob& running) {
    const plugin::Lease lease = current_->get()->find(job.plugin);
    if (!lease) return Error(503, "core.plugin.away");
    const plugin::JobRule* rule = lease->manifest().job(job.name);
    const std::uint32_t handler = lease->jobHandler(job.name);
    if (!rule || handler == plugin::Generation::noHandler)
        return Error(404, "core.job.undeclared",
                     Value::map([&](MapWriter& m) { m.set("plugin", job.plugin).set("name", job.name); }));
    const std::string subject = std::to_string(job.id);
    const std::string requestId = job.requestId.empty() ? "job-" + subject : job.requestId;
    CallRequest request;
    request.kind = CallKind::job;
    request.requestId = requestId;
    request.baseUrl = options_.baseUrl;
    request.principal = &job.principal;
    if (rule->timeout > 0) request.deadline = steadyNow() + rule->timeout;
    request.arguments = job.arguments.view();
    request.subject = subject;
    Call call(placeOf(*lease), request, running);
    Reply reply = invoke(*lease, handler, call, {"job", job.name, requestId, request.deadline});
    if (reply.failed()) return errorOf(reply);
    return std::move(reply.model);
}

} // namespace dalate::host
