// SPDX-License-Identifier: Apache-2.0
#include "app/Daemon.h"

#include "admin/AuditPage.h"
#include "admin/BureauPages.h"
#include "admin/CountyPages.h"
#include "admin/InboxPages.h"
#include "admin/JobPages.h"
#include "admin/LivePages.h"
#include "admin/Messages.h"
#include "admin/PluginPages.h"
#include "app/CaseWork.h"
#include "app/Database.h"
#include "app/DemoCounty.h"
#include "app/EventWork.h"
#include "app/Files.h"
#include "app/LiveWork.h"
#include "app/NoticeWork.h"
#include "app/OperatorDoor.h"
#include "app/Signals.h"
#include "base/Clock.h"
#include "base/Ids.h"
#include "base/Log.h"
#include "desk/CaseDesk.h"
#include "desk/ListDesk.h"
#include "gateway/Gateway.h"
#include "host/PluginHost.h"
#include "http/Front.h"
#include "http/Message.h"
#include "plugin/Lifecycle.h"
#include "services/files/FilesService.h"
#include "services/rules/CountyCalendar.h"
#include "services/rules/CountyRules.h"
#include "services/rules/RulesService.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <atomic>
#include <optional>
#include <thread>

#include <unistd.h>

namespace dalate::app {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

enum class Purpose { serve, demo };

std::size_t workers(const Config& config) {
    const auto wanted = static_cast<std::size_t>(config.number("http.workers"));
    return wanted ? wanted : std::size_t{2} * std::max(1u, std::thread::hardware_concurrency());
}

log::Level level(const std::string& word) {
    if (word == "debug") return log::Level::debug;
    if (word == "warning") return log::Level::warning;
    if (word == "error") return log::Level::error;
    return log::Level::info;
}

std::string firstUrl(const Config& config) {
    const std::vector<std::string> addresses = config.list("listen.public");
    return addresses.empty() ? std::string() : "http://" + addresses.front();
}

/// Every floor of the house, made from the ground up and taken down from the roof: the order of the members is the
/// order of their lives.
class Daemon {
public:
    Daemon(const Config& config, Purpose purpose)
        : config_(config), purpose_(purpose),
          // A session for each worker and job thread, the reconciler, the housekeeper, the job tender, the
          // collector, the deadlines, the events, the sender, a hasher a core, and a few for who asks plugins
          // for their numbers.
          pool_(openDatabase(config, workers(config) +
                                         static_cast<std::size_t>(config.number("jobs.threads")) +
                                         std::thread::hardware_concurrency() + 11)),
          calendar_(services::rules::HolidayFile::read(share() / "runtime/data/holidays.json")),
          core_(prepare()), files_(fileOptions(config)), live_(*pool_), host_(hostOptions(), *pool_, core_),
          notices_(config, host_, *pool_, firstUrl(config), isDemo(),
                   [this](std::int64_t account) { live_.told(account); }),
          cases_(host_, *pool_, files_, calendar_, notices_.notices()), events_(host_, *pool_),
          lifecycle_(lifecycleOptions(), *pool_, host_), messages_(share() / "runtime/data/messages.json"),
          gateway_(gatewayConfig(),
                   {*pool_, lifecycle_.current(), host_, [this] { return ready_.load(); }, &files_}),
          pluginPages_(*pool_, lifecycle_, messages_, gateway_.pages(), utcOffset()),
          bureauPages_(*pool_, lifecycle_.current(), gateway_.pages(), utcOffset()),
          auditPage_(*pool_, gateway_.pages(), utcOffset()),
          countyPages_(*pool_, lifecycle_.current(), host_.declarations(), countyRules_, calendar_,
                       gateway_.pages()),
          inboxPages_(*pool_, host_, gateway_.pages(), notices_.channels(), utcOffset()),
          jobPages_(
              *pool_, lifecycle_.current(), messages_, gateway_.pages(), [this] { host_.wakeJobs(); },
              utcOffset()),
          livePages_(live_.topics()),
          caseDesk_({*pool_, cases_.engine(), host_, files_, gateway_.pages(), utcOffset()}),
          listDesk_({*pool_, cases_.engine(), host_, files_, gateway_.pages(), utcOffset()}, host_.services(),
                    config_.path("data.dir") / "spool"),
          operatorDoor_(gateway_, lifecycle_), front_(frontConfig(), gateway_) {
        host_.attach(lifecycle_.invoke(), lifecycle_.current());
        services::files::offerFiles(host_.parts(), files_);
        services::rules::offerRules(host_.parts(), calendar_);
        pluginPages_.addTo(gateway_);
        bureauPages_.addTo(gateway_);
        auditPage_.addTo(gateway_);
        caseDesk_.addTo(gateway_);
        listDesk_.addTo(gateway_);
        countyPages_.addTo(gateway_);
        inboxPages_.addTo(gateway_);
        live_.join(host_, cases_.engine());
        jobPages_.addTo(gateway_);
        livePages_.addTo(gateway_);
        operatorDoor_.watch(front_);
    }

    void start() {
        const Micros began = steadyNow();
        lifecycle_.start();
        host_.startJobs();
        // The county may settle a day at any time. What the file has learnt since the last stop is reckoned with before
        // the first deadline fires.
        calendar_.onChange([this] { cases_.reckon(); });
        cases_.start();
        events_.start();
        notices_.start();
        live_.start();
        front_.start();
        if (const auto addresses = config_.list("listen.operator"); !addresses.empty()) {
            http::FrontConfig settings;
            settings.bind = addresses;
            settings.threads = 1;
            settings.maxConnections = 64;
            operatorFront_.emplace(std::move(settings), operatorDoor_);
            operatorFront_->start();
        }
        collector_.emplace(files_, *pool_, collectorOptions(config_));
        ready_ = true;
        log::info("core.start.ready", Value::map([&](MapWriter& m) {
                      m.set("milliseconds", (steadyNow() - began) / 1000);
                      m.list("addresses", [&](ListWriter& list) {
                          for (const std::string& address : front_.addresses()) list.add(address);
                      });
                  }));
    }

    /// Stops from the door inwards. False when something had to be left running: then nothing may be destroyed.
    bool stop() {
        ready_ = false;
        const milliseconds drain = seconds(config_.number("http.drain_seconds"));
        live_.stop();
        const http::StopReport report = front_.stop(drain);
        if (operatorFront_) operatorFront_->stop(milliseconds(200));
        const std::size_t jobs = host_.stopJobs(drain);
        cases_.stop();
        events_.stop();
        notices_.stop();
        collector_.reset();
        lifecycle_.stop();
        log::info("core.stop.done", Value::map([&](MapWriter& m) {
                      m.set("requestsCut", report.requestsLeft).set("jobsLeft", jobs);
                  }));
        return report.clean() && jobs == 0;
    }

private:
    fs::path share() const { return config_.path("share.dir"); }
    int utcOffset() const { return static_cast<int>(config_.number("county.utc_offset_minutes")); }
    bool isDemo() const { return purpose_ == Purpose::demo || config_.flag("demo"); }

    std::shared_ptr<const portal::TemplateStore> prepare() {
        migrateCore(config_, *pool_);
        countyRules_.reload(*pool_);
        calendar_.reload(*pool_);
        if (purpose_ == Purpose::demo) DemoCounty::prepare(config_, *pool_, firstUrl(config_));
        for (const char* folder : {"spool", "cache", "crumbs"}) fs::create_directories(config_.path("data.dir") / folder);
        return portal::TemplateStore::core(share() / "templates", share() / "runtime/i18n", share() / "runtime/static");
    }

    host::PluginHost::Options hostOptions() {
        host::PluginHost::Options options;
        options.baseUrl = firstUrl(config_);
        options.schemas = share() / "sdk/schema";
        options.countyRules = &countyRules_;
        options.jobs.moved = [this](std::int64_t id) { live_.jobMoved(id); };
        options.threads.threads = static_cast<std::size_t>(config_.number("jobs.threads"));
        return options;
    }

    plugin::LifecycleOptions lifecycleOptions() const {
        plugin::LifecycleOptions options;
        options.folders = {config_.path("plugins.dir")};
        options.data = config_.path("data.dir");
        options.schema = share() / "sdk/schema/plugin.schema.json";
        options.first = isDemo() ? plugin::Desired::enabled : plugin::Desired::disabled;
        options.drain = seconds(config_.number("http.drain_seconds"));
        return options;
    }

    gateway::GatewayConfig gatewayConfig() const {
        gateway::GatewayConfig settings;
        settings.phone = config_.text("county.phone");
        settings.version = DALATE_VERSION;
        settings.demo = isDemo();
        settings.personPosts.requests = static_cast<double>(config_.number("http.person_posts"));
        settings.addressPosts.requests = static_cast<double>(config_.number("http.address_posts"));
        if (purpose_ == Purpose::demo) settings.demoLabels = DemoCounty::labels(config_);
        return settings;
    }

    http::FrontConfig frontConfig() {
        http::FrontConfig settings;
        settings.bind = config_.list("listen.public");
        settings.inherited = http::inheritedListeners();
        if (!settings.inherited.empty()) settings.bind.clear();
        settings.threads = static_cast<unsigned>(workers(config_));
        settings.queue = static_cast<std::size_t>(config_.number("http.queue"));
        settings.maxConnections = static_cast<std::size_t>(config_.number("http.connections"));
        settings.headTime = seconds(config_.number("http.head_seconds"));
        settings.writeStall = seconds(config_.number("http.write_stall_seconds"));
        settings.spoolDirectory = config_.path("data.dir") / "spool";
        settings.spoolQuota = static_cast<std::uint64_t>(config_.number("spool.quota_mib")) << 20;
        settings.trustedProxies = config_.list("proxy.trusted");
        settings.bodyPolicy = [this](const http::RequestHead& head) { return gateway_.admit(head); };
        settings.errorPage = [this](int status) { return gateway_.frontPage(status); };
        settings.onFault = [](std::exception_ptr, const http::Request&) { log::error("core.http.fault"); };
        return settings;
    }

    const Config& config_;
    Purpose purpose_;
    std::atomic<bool> ready_{false};
    std::unique_ptr<storage::Pool> pool_;
    services::rules::CountyRules countyRules_;
    services::rules::CountyCalendar calendar_;
    std::shared_ptr<const portal::TemplateStore> core_;
    services::files::FileStore files_;
    LiveWork live_;
    host::PluginHost host_;
    NoticeWork notices_;
    CaseWork cases_;
    EventWork events_;
    plugin::Lifecycle lifecycle_;
    admin::Messages messages_;
    gateway::Gateway gateway_;
    admin::PluginPages pluginPages_;
    admin::BureauPages bureauPages_;
    admin::AuditPage auditPage_;
    admin::CountyPages countyPages_;
    admin::InboxPages inboxPages_;
    admin::JobPages jobPages_;
    admin::LivePages livePages_;
    desk::CaseDesk caseDesk_;
    desk::ListDesk listDesk_;
    OperatorDoor operatorDoor_;
    http::Front front_;
    std::optional<http::Front> operatorFront_;
    std::optional<services::files::Collector> collector_;
};

int run(const CommandLine& line, const Config& config, Purpose purpose) {
    line.allow({});
    log::configure(config.text("log.form") == "json" ? log::Form::json : log::Form::text,
                   level(config.text("log.level")));
    setIdNode(static_cast<unsigned>(config.number("node.id")));
    Signals signals;
    auto daemon = std::make_unique<Daemon>(config, purpose);
    daemon->start();
    signals.wait();
    // A thread of a plugin's that did not end may still use what the destructors would take away.
    if (!daemon->stop()) ::_exit(0);
    return 0;
}

} // namespace

int serve(const CommandLine& line, const Config& config) { return run(line, config, Purpose::serve); }

int demo(const CommandLine& line, const Config& config) { return run(line, config, Purpose::demo); }

} // namespace dalate::app
