// SPDX-License-Identifier: Apache-2.0
//
// The one thread that changes what is loaded. What it works on:
//
//     entries_   one a plugin: its status, the candidate on disk, the generation that serves, the digest of
//     the last try retired_   generations that serve no more and wait for their last lease
//
// `mutex_` guards what other threads read (statuses, wishes). It is never held while a plugin's or the host's
// code runs.
#pragma once

#include "plugin/Catalog.h"
#include "plugin/EndQueue.h"
#include "plugin/LibraryCache.h"
#include "plugin/Lifecycle.h"
#include "plugin/Resolver.h"
#include "plugin/StateStore.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace dalate::plugin {

class Reconciler {
public:
    Reconciler(LifecycleOptions options, storage::Pool& pool, HostPort& port, Current& current,
               Invoke& invoke);
    ~Reconciler();

    void start();
    void stop();
    void want(std::string_view plugin, Desired desired, std::string_view changedBy, const Beside& beside);
    void rescan();
    bool settle(std::chrono::milliseconds most);
    std::vector<PluginStatus> status() const;

private:
    struct Entry {
        PluginStatus status;
        std::optional<Candidate> candidate;
        Lease active;
        std::string activeDigest;
        std::string triedDigest; ///< of the last try that failed; not tried again unless asked
        bool retry = false;
        bool dirty = false; ///< the stored row is behind
    };
    struct Retired {
        std::string id;
        std::uint64_t number;
        Micros since; ///< steady clock
        bool told = false;
    };

    void run();
    void pass();
    void readDisk();
    void judge();
    void settleDisabled(Entry& entry);
    Resolution resolveWanted();
    void bringUp(const std::string& id);
    void replace(const std::string& id, Lease next, const std::string& digest);
    void retire(const std::string& id);
    void end(std::unique_ptr<const Generation> generation);
    void watch();
    std::shared_ptr<const Snapshot> snapshotWith(std::string_view id, const Lease& instead);
    void publish(const std::shared_ptr<const Snapshot>& next);
    std::filesystem::path keepLibrary(const Candidate& candidate);
    void fail(Entry& entry, State how, State step, Problems problems);
    void move(const std::string& id, State state);
    void save();
    void endAll();
    bool quietLocked() const;
    std::filesystem::path crumbs() const { return options_.data / "crumbs"; }

    LifecycleOptions options_;
    StateStore store_;
    HostPort& port_;
    Current& current_;
    Invoke& invoke_;
    ManifestReader reader_;
    Catalog catalog_;
    LibraryCache cache_;
    std::shared_ptr<EndQueue> queue_ = std::make_shared<EndQueue>();
    std::uint64_t epoch_ = 0;
    std::uint64_t numbers_ = 0;

    mutable std::mutex mutex_;
    std::condition_variable settled_;
    std::map<std::string, Entry, std::less<>> entries_;
    std::vector<Retired> retired_;
    bool scanWanted_ = false;
    bool passWanted_ = false;
    bool busy_ = false;
    bool stopping_ = false;

    std::thread thread_;
};

} // namespace dalate::plugin
