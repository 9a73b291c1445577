// SPDX-License-Identifier: Apache-2.0
//
// The life of all plugins:
//
//     discovered -> verified -> resolved -> loaded -> installed -> starting -> active -> draining -> stopped
//        any step -> rejected (the plugin is wrong) | failed (it did not work)      active -> quarantined
//
// What should be (enabled or disabled) is stored; one thread, the reconciler, moves what is towards it.
// Nothing else loads, starts, stops or destroys a plugin.
#pragma once

#include "plugin/HostPort.h"
#include "plugin/Invoke.h"
#include "plugin/Snapshot.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Pool;
class Tx;
}

namespace dalate::plugin {

enum class State {
    discovered,
    verified,
    resolved,
    loaded,
    installed,
    starting,
    active,
    draining,
    stopped,
    rejected,
    failed,
    quarantined
};
std::string_view name(State state) noexcept;

enum class Desired { disabled, enabled };

/// What is written in the transaction that stores a wish, so that neither stands without the other.
using Beside = std::function<void(storage::Tx& tx)>;

/// What is known about one plugin.
struct PluginStatus {
    std::string id;
    std::string version; ///< of the folder; empty while plugin.json cannot be read
    std::string name;    ///< text id
    std::string vendor;
    std::filesystem::path folder;
    Desired desired = Desired::disabled;
    State state = State::discovered;
    State step = State::discovered; ///< for rejected and failed: how far it had come
    Problems problems;              ///< for rejected, failed and quarantined: all of them
    std::string activeVersion;    ///< of the generation that serves, also when an upgrade failed; empty: none
    std::uint64_t generation = 0; ///< number of the one that serves; 0: none
    std::vector<RunningCall> draining; ///< what an old generation still waits for
    std::string changedBy;
    Micros changedAt = 0;
};

struct LifecycleOptions {
    /// Folders whose subfolders with a plugin.json are plugins. The first of two with one id wins.
    std::vector<std::filesystem::path> folders;
    /// The daemon's data: cache/ and crumbs/ are made below it.
    std::filesystem::path data;
    /// sdk/schema/plugin.schema.json.
    std::filesystem::path schema;
    /// What a plugin that was never seen before is to be.
    Desired first = Desired::disabled;
    std::chrono::milliseconds drain{30'000};
    /// Sonames that plugins may need besides libc, libm, libstdc++, libgcc_s and the loader.
    std::vector<std::string> libraries;
};

class Lifecycle {
public:
    /// `pool`'s database has table plugin_state. Installs the crash handlers. Starts nothing.
    Lifecycle(LifecycleOptions options, storage::Pool& pool, HostPort& port);
    /// `stop`s where that was not done.
    ~Lifecycle();

    /// Scans the folders, brings up what is to be enabled and returns when that is done, or after 30
    /// seconds while the rest goes on. Not on a request's thread.
    void start();

    /// Disables nothing in the stored state; publishes an empty snapshot, drains, stops and destroys all.
    /// What does not end within the drain time is logged and left alone. Idempotent.
    void stop();

    /// Stores the wish with what `beside` writes, wakes the reconciler and returns. Enabling a quarantined
    /// plugin clears the quarantine. A wish that is refused writes nothing. Throws `core.plugin.unknown` (404), and `core.plugin.needed` (409, details: by) where an
    /// enabled plugin requires the one that is to be disabled.
    void want(std::string_view plugin, Desired desired, std::string_view changedBy,
              const Beside& beside = {});

    /// Looks at the folders again: new plugins, changed ones (upgrade), those gone. Returns at once.
    void rescan();

    /// Waits until the reconciler has nothing to do, drains aside. False when it takes longer. For tests and
    /// commands.
    bool settle(std::chrono::milliseconds most);

    std::vector<PluginStatus> status() const;
    std::optional<PluginStatus> status(std::string_view plugin) const;

    const Current& current() const noexcept;
    Invoke& invoke() noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace dalate::plugin
