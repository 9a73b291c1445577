// SPDX-License-Identifier: Apache-2.0
#include "plugin/Reconciler.h"

#include "base/Log.h"
#include "plugin/CrashCrumb.h"
#include "plugin/ThreadTrace.h"

#include <algorithm>

namespace dalate::plugin {
namespace {

constexpr auto tick = std::chrono::seconds(1);
constexpr auto startPatience = std::chrono::seconds(30);

Value nameOf(std::string_view key, std::string_view value) {
    return Value::map([&](MapWriter& m) { m.set(key, value); });
}

} // namespace

Reconciler::Reconciler(LifecycleOptions options, storage::Pool& pool, HostPort& port, Current& current,
                       Invoke& invoke)
    : options_(std::move(options)), store_(pool), port_(port), current_(current), invoke_(invoke),
      reader_(readFile(options_.schema, 1u << 20)), catalog_(options_.folders, reader_, options_.libraries),
      cache_(options_.data / "cache") {
    crumbs::install(crumbs());
}

Reconciler::~Reconciler() {
    stop();
    // What was left alone at the end may have ended since.
    for (auto& ended : queue_->wait(std::chrono::steady_clock::now())) end(std::move(ended));
}

void Reconciler::start() {
    const auto stored = store_.load();
    const std::vector<Crash> crashes = crumbs::read(crumbs(), now());
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, s] : stored) {
            Entry& entry = entries_[id];
            entry.status.id = id;
            entry.status.desired = s.desired;
            entry.status.changedBy = s.changedBy;
            entry.status.changedAt = s.changedAt;
            if (s.state == name(State::quarantined)) {
                entry.status.state = State::quarantined;
                entry.status.problems = s.problems;
            }
        }
        for (const Crash& crash : crashes) {
            if (!crumbs::quarantines(crashes, crash.plugin, now())) continue;
            Entry& entry = entries_[crash.plugin];
            entry.status.id = crash.plugin;
            entry.status.state = State::quarantined;
            entry.status.problems.clear();
            entry.status.problems.emplace_back(
                "core.plugin.quarantined", "", Value::map([&](MapWriter& m) {
                    m.set("handler", crash.handler).set("signal", crash.signal);
                }));
            entry.dirty = true;
        }
        scanWanted_ = passWanted_ = true;
        stopping_ = false;
    }
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    queue_->ring();
    // One plugin that hangs in its start must not keep the others' visitors out for ever.
    if (!settle(startPatience)) log::warning("core.plugin.start_slow");
}

void Reconciler::stop() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    queue_->ring();
    thread_.join();
}

void Reconciler::want(std::string_view plugin, Desired desired, std::string_view changedBy,
                      const Beside& beside) {
    StoredState row;
    bool wasQuarantined = false;
    {
        const std::lock_guard lock(mutex_);
        const auto at = entries_.find(plugin);
        if (at == entries_.end()) throw Error(404, "core.plugin.unknown", nameOf("plugin", plugin));
        if (desired == Desired::disabled) {
            std::string by;
            for (const auto& [id, other] : entries_) {
                if (other.status.desired != Desired::enabled || !other.candidate ||
                    !other.candidate->manifest)
                    continue;
                for (const Requirement& r : other.candidate->manifest->requirements)
                    if (r.id == plugin) by += (by.empty() ? "" : ", ") + id;
            }
            if (!by.empty())
                throw Error(409, "core.plugin.needed",
                            Value::map([&](MapWriter& m) { m.set("plugin", plugin).set("by", by); }));
        }
        const PluginStatus& s = at->second.status;
        wasQuarantined = s.state == State::quarantined;
        const State state = wasQuarantined ? State::stopped : s.state;
        row = {desired, std::string(name(state)), s.version, {}, std::string(changedBy), now()};
    }
    // The wish is durable before anything follows from it; no lock is held over the database.
    store_.save(std::string(plugin), row, beside);
    if (wasQuarantined) crumbs::clear(crumbs(), plugin);
    {
        const std::lock_guard lock(mutex_);
        Entry& entry = entries_[std::string(plugin)];
        entry.status.desired = desired;
        entry.status.changedBy = row.changedBy;
        entry.status.changedAt = row.changedAt;
        entry.retry = true;
        if (entry.status.state == State::quarantined) {
            entry.status.state = State::stopped;
            entry.status.problems.clear();
        }
        passWanted_ = true;
    }
    queue_->ring();
}

void Reconciler::rescan() {
    {
        const std::lock_guard lock(mutex_);
        scanWanted_ = passWanted_ = true;
        for (auto& [id, entry] : entries_)
            entry.retry = true;
    }
    queue_->ring();
}

bool Reconciler::quietLocked() const {
    return !busy_ && !scanWanted_ && !passWanted_;
}

bool Reconciler::settle(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    return settled_.wait_for(lock, most, [&] { return quietLocked(); });
}

std::vector<PluginStatus> Reconciler::status() const {
    std::vector<PluginStatus> all;
    const std::lock_guard lock(mutex_);
    for (const auto& [id, entry] : entries_) {
        all.push_back(entry.status);
        for (const Retired& old : retired_)
            if (old.id == id)
                for (RunningCall& call : invoke_.inFlight().of(id, old.number))
                    all.back().draining.push_back(std::move(call));
    }
    return all;
}

void Reconciler::run() {
    ThreadTrace::nameThisThread("dalate-life");
    for (;;) {
        for (auto& ended : queue_->wait(std::chrono::steady_clock::now() + tick))
            end(std::move(ended));
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) break;
            busy_ = passWanted_;
        }
        try {
            pass();
            watch();
            save();
        } catch (const Error& error) {
            log::error("core.plugin.reconciler", nameOf("error", error.id()));
        } catch (const std::exception& error) {
            log::error("core.plugin.reconciler", nameOf("error", error.what()));
        }
        const std::lock_guard lock(mutex_);
        busy_ = false;
        settled_.notify_all();
    }
    endAll();
    const std::lock_guard lock(mutex_);
    scanWanted_ = passWanted_ = busy_ = false;
    settled_.notify_all();
}

void Reconciler::pass() {
    bool scan = false;
    {
        const std::lock_guard lock(mutex_);
        if (!passWanted_) return;
        scan = std::exchange(scanWanted_, false);
        passWanted_ = false;
        busy_ = true;
    }
    if (scan) readDisk();
    judge();
    const Resolution resolution = resolveWanted();

    std::vector<std::string> unwanted;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, entry] : entries_) {
            if (entry.active && entry.status.desired == Desired::disabled) unwanted.push_back(id);
            if (entry.status.desired == Desired::disabled) settleDisabled(entry);
            if (const auto at = resolution.rejected.find(id); at != resolution.rejected.end())
                fail(entry, State::rejected, State::verified, at->second);
        }
    }
    for (const std::string& id : unwanted)
        retire(id);
    for (const std::string& id : resolution.order)
        bringUp(id);
}

/// Takes over what the folders hold now. A plugin whose folder is gone goes on serving until it is disabled.
void Reconciler::readDisk() {
    std::vector<Candidate> found = catalog_.scan();
    const std::lock_guard lock(mutex_);
    for (auto& [id, entry] : entries_)
        entry.candidate.reset();
    for (Candidate& candidate : found) {
        Entry& entry = entries_[candidate.id];
        if (entry.status.id.empty()) {
            entry.status.id = candidate.id;
            entry.status.desired = options_.first;
            entry.status.changedBy = "first";
            entry.status.changedAt = now();
            entry.dirty = true;
        }
        entry.status.folder = candidate.folder;
        entry.candidate = std::move(candidate);
    }
}

/// Rejects what is wrong by itself.
void Reconciler::judge() {
    const std::lock_guard lock(mutex_);
    for (auto& [id, entry] : entries_) {
        if (!entry.candidate) continue;
        if (const auto& m = entry.candidate->manifest) {
            entry.status.version = m->version;
            entry.status.name = m->name;
            entry.status.vendor = m->vendor;
        }
        if (entry.status.state == State::quarantined) continue;
        if (!entry.candidate->problems.empty())
            fail(entry, State::rejected, State::discovered, entry.candidate->problems);
        else if (entry.status.state == State::rejected && entry.status.step == State::discovered)
            entry.status.state = entry.active ? State::active : State::verified,
            entry.status.problems.clear();
    }
}

/// A disabled plugin that does not serve: what went wrong while it was wanted is of no more interest.
void Reconciler::settleDisabled(Entry& entry) {
    const State state = entry.status.state;
    if (entry.active || state == State::quarantined || state == State::draining || state == State::stopped)
        return;
    if (state == State::rejected && entry.status.step == State::discovered) return;
    if (state == State::failed || state == State::rejected) {
        entry.status.problems.clear();
        entry.status.state = State::stopped;
        entry.dirty = true;
    } else if (entry.candidate) {
        entry.status.state = State::verified;
    }
}

/// Reads entries_ without the mutex where no other thread writes: candidates and generations are this
/// thread's.
Resolution Reconciler::resolveWanted() {
    std::vector<const Manifest*> wanted;
    std::vector<std::string> serving;
    std::unique_lock lock(mutex_);
    for (const auto& [id, entry] : entries_) {
        if (entry.active) serving.push_back(id);
        const bool fit = entry.candidate && entry.candidate->manifest && entry.candidate->problems.empty();
        if (entry.status.desired == Desired::enabled && entry.status.state != State::quarantined && fit)
            wanted.push_back(&*entry.candidate->manifest);
        else if (entry.status.desired == Desired::enabled && entry.active)
            wanted.push_back(&entry.active->manifest()); // its folder is broken or gone, and it serves on
    }
    lock.unlock();
    return resolve(
        wanted, serving, [&](std::string_view id) { return entries_.find(id) != entries_.end(); },
        [&](std::string_view service) { return port_.offers(service); });
}

/// The mutex is held. A failed upgrade leaves the old generation serving.
void Reconciler::fail(Entry& entry, State how, State step, Problems problems) {
    entry.status.state = how;
    entry.status.step = step;
    entry.status.problems = std::move(problems);
    entry.dirty = true;
    for (const Problem& p : entry.status.problems)
        log::warning(p.id, Value::map([&](MapWriter& m) {
                         m.set("plugin", entry.status.id)
                             .set("step", name(step))
                             .set("where", p.where)
                             .set("details", p.details);
                     }));
}

void Reconciler::move(const std::string& id, State state) {
    const std::lock_guard lock(mutex_);
    entries_.at(id).status.state = state;
}

/// Writes the rows that are behind. A failure is logged and tried again at the next tick.
void Reconciler::save() {
    std::vector<std::pair<std::string, StoredState>> rows;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, entry] : entries_) {
            if (!entry.dirty) continue;
            const PluginStatus& s = entry.status;
            rows.emplace_back(id, StoredState{s.desired, std::string(name(s.state)), s.version, s.problems,
                                              s.changedBy, s.changedAt});
            entry.dirty = false;
        }
    }
    for (const auto& [id, row] : rows) {
        try {
            store_.save(id, row);
        } catch (const Error& error) {
            log::error("core.plugin.state_not_saved",
                       Value::map([&](MapWriter& m) { m.set("plugin", id).set("error", error.id()); }));
            const std::lock_guard lock(mutex_);
            entries_.at(id).dirty = true;
        }
    }
}

} // namespace dalate::plugin
