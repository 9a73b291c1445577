// SPDX-License-Identifier: Apache-2.0
// What the contract tests of services stand on: the real lifecycle over the real host, every shared service
// as the daemon joins them, and the two scripted plugins of the zoo. A test sends a script to a plugin as a
// request and reads what each step of it answered at the C table.
#pragma once

#include "app/CaseWork.h"
#include "app/EventWork.h"
#include "base/Json.h"
#include "host/PluginHost.h"
#include "plugin/Lifecycle.h"
#include "services/files/FileStore.h"
#include "services/live/PluginTopics.h"
#include "services/notices/Notices.h"
#include "services/rules/CountyCalendar.h"
#include "services/rules/CountyRules.h"
#include "storage/Pool.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace dalate::contract {

/// A bad call and what the table must say to it.
struct Bad {
    std::string what;
    std::string service;
    std::string method;
    /// JSON.
    std::string in;
    /// "422 core.case.answers"
    std::string answer;
};

class ServiceHouse {
public:
    ServiceHouse();
    ~ServiceHouse();
    ServiceHouse(const ServiceHouse&) = delete;
    ServiceHouse& operator=(const ServiceHouse&) = delete;

    /// How the script is sent: the route decides what `{scope:…}` means.
    struct Sending {
        std::string plugin = "zoo_caller";
        std::string route = "run_office";
        const services::files::Uploads* uploads = nullptr;
        int hops = 0;
        std::string language = "zh-CN";
        /// What the request as a whole is answered with.
        int status = 200;
    };
    /// Runs a script for somebody; a list with a map a step: {status, out} or {status, error, details}.
    Value run(const identity::Principal& who, const std::string& steps, const Sending& how);
    Value run(const identity::Principal& who, const std::string& steps) { return run(who, steps, Sending()); }

    /// One question without a transaction of the caller's; as a step's map.
    Value ask(const identity::Principal& who, const std::string& service, const std::string& method,
              const std::string& in, const Sending& how);
    Value ask(const identity::Principal& who, const std::string& service, const std::string& method,
              const std::string& in) {
        return ask(who, service, method, in, Sending());
    }
    /// The same, which must succeed; what it answered.
    Value good(const identity::Principal& who, const std::string& service, const std::string& method,
               const std::string& in, const Sending& how);
    Value good(const identity::Principal& who, const std::string& service, const std::string& method,
               const std::string& in) {
        return good(who, service, method, in, Sending());
    }
    /// Each is refused as it says, with nothing left behind in any table of the services.
    void refuses(const identity::Principal& who, const std::vector<Bad>& all, const Sending& how);
    void refuses(const identity::Principal& who, const std::vector<Bad>& all) {
        refuses(who, all, Sending());
    }

    std::int64_t number(const std::string& sql);
    void write(const std::string& sql);
    /// Waits until the number is as expected, at most ten seconds; the last one.
    std::int64_t awaited(const std::string& sql, std::int64_t expected);
    /// What a plugin said in a call that nobody waits for, oldest first.
    std::vector<std::string> said(const std::string& plugin);

    storage::Pool& pool() { return *pool_; }
    plugin::Lifecycle& lifecycle() { return *lifecycle_; }
    services::files::FileStore& files() { return *files_; }

    identity::Principal clerk, citizen, inspector, stranger;

private:
    std::filesystem::path folder_;
    std::unique_ptr<storage::Pool> pool_;
    services::rules::CountyRules countyRules_;
    services::rules::CountyCalendar calendar_;
    std::unique_ptr<services::files::FileStore> files_;
    std::unique_ptr<host::PluginHost> host_;
    services::notices::Notices notices_;
    std::unique_ptr<services::live::Topics> topics_;
    std::unique_ptr<services::live::PluginTopics> pluginTopics_;
    std::unique_ptr<app::CaseWork> cases_;
    std::unique_ptr<app::EventWork> events_;
    std::unique_ptr<plugin::Lifecycle> lifecycle_;
};

/// "0", or "422 core.case.answers": a step's answer in a word.
std::string wordOf(ValueView step);

/// A step that asks, as JSON; `more` are further members with a leading comma.
std::string asking(const std::string& service, const std::string& method, const std::string& in,
                   const std::string& more = {});

inline const std::string beginWrite = R"({"do":"begin","mode":"write"})";
inline const std::string beginRead = R"({"do":"begin","mode":"read"})";
inline const std::string commit = R"({"do":"end","commit":true})";
inline const std::string rollback = R"({"do":"end","commit":false})";

} // namespace dalate::contract
