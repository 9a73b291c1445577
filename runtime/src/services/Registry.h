// SPDX-License-Identifier: Apache-2.0
// Two maps from "<name>/<major>.<method>" to what answers: the core's, filled once at start, and the active
// plugins', replaced as a whole whenever a plugin comes or goes. The plugins' map lies in one immutable
// snapshot, so a service that is being called keeps its answerer alive without a lock.
#pragma once

#include "base/Clock.h"
#include "identity/Principal.h"
#include "storage/PluginAccess.h"

#include <dalate/value.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::files {
struct Upload;
}

namespace dalate::services {

struct Declared;
class PluginCalls;
namespace jobs {
struct RunningJob;
}

/// Things to do once the caller's transaction is durable. They may run although the part that asked was given
/// up, and must not throw.
using AfterCommit = std::vector<std::function<void()>>;

/// What a service method is told of its call. Borrowed for the call.
struct ServiceContext {
    /// Who asks: the plugin whose code made the call, and for whom it works.
    std::string_view plugin;
    const identity::Principal& principal;
    /// How far the calling call sees.
    storage::Scope scope;
    /// The names of the jobs that the calling plugin declares.
    std::span<const std::string> declaredJobs;
    std::string_view language;
    std::string_view requestId;
    std::string_view baseUrl;
    std::optional<Micros> deadline;
    /// Of `Touch::reads` and `writes`: an open transaction, running for the core. Of `Touch::own`: the
    /// caller's, if it passed one. Null otherwise.
    storage::Tx* tx = nullptr;
    AfterCommit* afterCommit = nullptr;
    /// Set when the caller runs as a job.
    const jobs::RunningJob* job = nullptr;
    /// What the calling plugin's own generation declares: the calling one, also while it drains. Null only in
    /// tests of a service that needs none.
    std::shared_ptr<const Declared> declared{};
    /// How many hops the event has made on whose account the call is made; 0 where none is behind it.
    int hops = 0;
    /// The files that came with the request that the call answers; null where it answers none.
    const std::vector<files::Upload>* uploads = nullptr;
};

/// What a method needs of the caller's transaction.
enum class Touch {
    nothing, ///< computes; may be called at any time
    reads,   ///< reads in the caller's transaction, or in one of its own
    writes,  ///< writes in the caller's transaction, or in one of its own that is committed at once
    own,     ///< opens transactions itself; they join the caller's if it passes one
    outside  ///< waits for something outside the database; refused while the caller has a transaction open
};

/// Answers a service method: takes the arguments, returns the result or throws `Error`. Runs on the caller's
/// thread.
using Method = std::function<Value(ServiceContext& context, ValueView in)>;

/// One method with its owner.
struct Service {
    /// `core` or a plugin's id.
    std::string owner;
    /// `jobs/1`, `people/1`.
    std::string nameMajor;
    std::string method;
    Touch touch = Touch::nothing;
    Method answer;
};

/// The one door's list: who answers which method of which service. Safe from any thread.
class Registry {
public:
    /// Adds a method of the core; at start, before the first call. Throws `std::logic_error` for a second one
    /// of the same name.
    void offer(Service service);

    /// Whether the core offers the service.
    bool offers(std::string_view nameMajor) const;

    /// Replaces all methods of plugins. A name that the core or an earlier entry has is left out and
    /// returned, so that the caller can say so.
    std::vector<Service> publish(std::vector<Service> provided);

    /// The method, or an `Error` 404 `core.service.unknown` (details: service, method), told from
    /// `core.service.method` where the service exists and has no such method.
    std::shared_ptr<const Service> find(std::string_view nameMajor, std::string_view method) const;

private:
    using Map = std::map<std::string, std::shared_ptr<const Service>, std::less<>>;
    static std::string key(std::string_view nameMajor, std::string_view method);
    static bool knows(const Map& map, std::string_view nameMajor);

    Map core_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Map> plugins_ = std::make_shared<const Map>();
};

} // namespace dalate::services
