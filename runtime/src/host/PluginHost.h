// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/CallRequest.h"
#include "host/DeclarationReader.h"
#include "host/Place.h"
#include "host/Reply.h"
#include "identity/Permissions.h"
#include "plugin/HostPort.h"
#include "plugin/Invoke.h"
#include "plugin/Snapshot.h"
#include "portal/TemplateStore.h"
#include "services/CoreParts.h"
#include "services/Declared.h"
#include "services/LiveCounts.h"
#include "services/PluginCalls.h"
#include "services/Registry.h"
#include "services/jobs/JobThreads.h"
#include "services/jobs/Jobs.h"
#include "storage/Pool.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::host {

/// What stands above the plugin floor: gives plugins their places, brings their schema, texts and templates
/// in, makes every call into them, and holds the shared services with the job threads. One for the process.
///
///     PluginHost host(options, pool, coreTemplates);
///     plugin::Lifecycle lifecycle(…, pool, host);
///     host.attach(lifecycle.invoke(), lifecycle.current());
///     lifecycle.start();
///     host.startJobs();
///     …
///     host.stopJobs(drain);
///     lifecycle.stop();
class PluginHost final : public plugin::HostPort,
                         public services::PluginCalls,
                         private services::jobs::JobRunner {
public:
    struct Options {
        /// The operator's value of a plugin's setting, or nothing.
        std::function<std::optional<std::string>(std::string_view plugin, std::string_view setting)> setting;
        /// Scheme and authority of the portal for calls that come from no request.
        std::string baseUrl;
        /// Where the schemas of declarations lie (sdk/schema).
        std::filesystem::path schemas;
        /// The county's own values of rules; outlives every generation. Null: none.
        const services::rules::CountyRules* countyRules = nullptr;
        services::jobs::Jobs::Options jobs;
        services::jobs::JobThreads::Options threads;
    };

    /// `pool`'s database has the core's tables. `templates` are the core's own.
    PluginHost(Options options, storage::Pool& pool, std::shared_ptr<const portal::TemplateStore> templates);
    ~PluginHost() override;

    /// Where plugins are called and found; before the lifecycle starts. Both outlive this object's last call.
    void attach(plugin::Invoke& invoke, const plugin::Current& current);

    /// Calls a route's handler for a request. The caller holds the lease. Never throws on the plugin's
    /// account: what goes wrong is a failure in the reply.
    Reply answer(const plugin::Generation& generation, const plugin::Route& route, std::uint32_t handler,
                 const CallRequest& request);

    /// The numbers of menu entries, by their manifest's `count` (empty: none), as `services::LiveCounts::of`.
    std::vector<std::optional<services::LiveCount>> counts(const std::vector<std::string>& subjects);

    /// Pages and texts, and permissions, of the active plugins with the core's. Any thread.
    std::shared_ptr<const portal::TemplateStore> templates() const;
    std::shared_ptr<const identity::Permissions> permissions() const;

    /// What shared services are made of; for whoever makes them, before the lifecycle starts.
    services::CoreParts parts() noexcept;
    const services::Declarations& declarations() const noexcept { return declarations_; }

    services::Registry& services() noexcept { return registry_; }
    services::jobs::Jobs& jobs() noexcept { return jobs_; }
    services::jobs::JobThreads::Counters jobCounters() const noexcept { return threads_.counters(); }

    void startJobs();
    /// A job was put in the queue: somebody should look.
    void wakeJobs() noexcept { threads_.wake(); }
    /// As `services::jobs::JobThreads::stop`; the calls for numbers are among what it waits for and counts.
    std::size_t stopJobs(std::chrono::milliseconds drain);

    // plugin::HostPort
    const dalate_host_v1* table() noexcept override;
    bool offers(std::string_view nameMajor) const override;
    std::unique_ptr<plugin::HostPlace> open(const plugin::Manifest& manifest,
                                            const std::filesystem::path& folder) override;
    void install(const plugin::Manifest& manifest, plugin::HostPlace& place,
                 const std::filesystem::path& folder) override;
    std::optional<Error> start(const plugin::Generation& generation) override;
    void published(const std::shared_ptr<const plugin::Snapshot>& snapshot) noexcept override;

    // services::PluginCalls
    bool has(std::string_view plugin, Kind kind, std::string_view name) const override;
    Value call(storage::Tx& tx, services::AfterCommit& after, const Ask& ask) override;

private:
    // services::jobs::JobRunner
    std::vector<std::string> plugins() const override;
    Result<Value> run(const services::jobs::Job& job, const services::jobs::RunningJob& running) override;

    void prepareServices(const services::Declared& declared);
    services::jobs::Jobs::Options jobOptions();
    void checkLists(const services::Declared& declared);
    Reply invoke(const plugin::Generation& generation, std::uint32_t handler, class Call& call,
                 const plugin::Invocation& about);
    Value serve(const std::string& nameMajor, const std::string& method, services::ServiceContext& context,
                ValueView in);
    std::shared_ptr<const portal::TemplateStore> composed(const plugin::Snapshot& snapshot);
    std::vector<services::Service> provided(const plugin::Snapshot& snapshot);

    Options options_;
    storage::Pool& pool_;
    plugin::Invoke* invoke_ = nullptr;
    const plugin::Current* current_ = nullptr;

    mutable std::mutex mutex_;
    std::shared_ptr<const portal::TemplateStore> templates_;
    std::shared_ptr<const identity::Permissions> permissions_ =
        std::make_shared<const identity::Permissions>();
    /// Which generation of each plugin `templates_` holds; the reconciler's alone.
    std::map<std::string, std::uint64_t> composedOf_;

    DeclarationReader reader_;
    services::Declarations declarations_;
    services::Registry registry_;
    services::jobs::Jobs jobs_;
    services::jobs::JobThreads threads_;
    services::LiveCounts counts_;
};

} // namespace dalate::host
