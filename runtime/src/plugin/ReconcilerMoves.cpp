// SPDX-License-Identifier: Apache-2.0
// The reconciler's moves: bringing one generation up, putting it in force, and seeing old ones out.
#include "plugin/Reconciler.h"

#include "base/Log.h"
#include "base/Sha256.h"
#include "plugin/ThreadTrace.h"

#include <algorithm>

namespace dalate::plugin {
namespace {

Value nameOf(std::string_view key, std::string_view value) {
    return Value::map([&](MapWriter& m) { m.set(key, value); });
}

} // namespace

void Reconciler::bringUp(const std::string& id) {
    Candidate candidate;
    {
        const std::lock_guard lock(mutex_);
        Entry& entry = entries_.at(id);
        if (!entry.candidate || !entry.candidate->problems.empty()) return;
        if (entry.active && entry.activeDigest == entry.candidate->digest) {
            entry.retry = false;
            entry.triedDigest.clear();
            entry.status.state = State::active;
            entry.status.problems.clear();
            return;
        }
        if (!std::exchange(entry.retry, false) && entry.triedDigest == entry.candidate->digest) return;
        for (const Requirement& r : entry.candidate->manifest->requirements)
            if (const auto other = entries_.find(r.id); other == entries_.end() || !other->second.active) {
                Problems problems;
                problems.emplace_back("core.plugin.requires_failed", "$.requires", nameOf("needs", r.id));
                fail(entry, State::failed, State::resolved, std::move(problems));
                return;
            }
        candidate = *entry.candidate;
        entry.triedDigest = candidate.digest;
        entry.status.state = State::resolved;
        entry.status.problems.clear();
    }

    State step = State::resolved;
    const std::uint64_t number = ++numbers_;
    try {
        // Threads that the plugin starts inherit the name of the one that it is started on.
        const ThreadTrace trace(number);
        std::unique_ptr<Generation> loaded =
            Generation::load(*candidate.manifest, candidate.folder, keepLibrary(candidate), number, port_);
        move(id, step = State::loaded);
        port_.install(loaded->manifest(), loaded->place(), candidate.folder);
        move(id, step = State::installed);
        step = State::starting;
        move(id, step);
        if (!candidate.librarySha256.empty())
            if (std::optional<Error> refused = port_.start(*loaded)) throw std::move(*refused);
        replace(id, queue_->lease(std::move(loaded)), candidate.digest);
    } catch (const Faulty& faulty) {
        const std::lock_guard lock(mutex_);
        fail(entries_.at(id), State::failed, step, faulty.problems());
    } catch (const Error& error) {
        Problems problems;
        problems.emplace_back(error);
        const std::lock_guard lock(mutex_);
        fail(entries_.at(id), State::failed, step, std::move(problems));
    } catch (const std::exception& error) {
        Problems problems;
        problems.emplace_back("core.plugin.step_failed", "", nameOf("what", error.what()));
        const std::lock_guard lock(mutex_);
        fail(entries_.at(id), State::failed, step, std::move(problems));
    }
}

/// The library's place in the cache; empty for a plugin without one. The bytes that were judged are the bytes
/// kept.
std::filesystem::path Reconciler::keepLibrary(const Candidate& candidate) {
    if (candidate.librarySha256.empty()) return {};
    const std::string bytes = readFile(libraryPath(candidate.folder), Catalog::mostLibraryBytes);
    if (sha256Hex(bytes) != candidate.librarySha256)
        throw Error(409, "core.plugin.changed_meanwhile", nameOf("plugin", candidate.id));
    return cache_.keep(candidate.id, candidate.librarySha256, asBytes(bytes));
}

/// Puts a started generation in the place of the one that serves, if any: new requests find the new one at
/// once, old ones end on the old one.
void Reconciler::replace(const std::string& id, Lease next, const std::string& digest) {
    Lease old;
    const std::string version = next->manifest().version;
    const std::shared_ptr<const Snapshot> snapshot =
        snapshotWith(id, next); // may refuse, so before any change
    {
        const std::lock_guard lock(mutex_);
        Entry& entry = entries_.at(id);
        old = std::exchange(entry.active, std::move(next));
        entry.activeDigest = digest;
        entry.triedDigest.clear();
        entry.status.activeVersion = version;
        entry.status.generation = entry.active->number();
        entry.status.state = State::active;
        entry.dirty = true;
        if (old) retired_.push_back({id, old->number(), steadyNow()});
    }
    publish(snapshot);
    log::info("core.plugin.active",
              Value::map([&](MapWriter& m) { m.set("plugin", id).set("version", version); }));
    if (old) old->quiesce();
}

void Reconciler::retire(const std::string& id) {
    Lease old;
    const std::shared_ptr<const Snapshot> snapshot = snapshotWith(id, nullptr);
    {
        const std::lock_guard lock(mutex_);
        Entry& entry = entries_.at(id);
        old = std::exchange(entry.active, nullptr);
        entry.activeDigest.clear();
        entry.status.activeVersion.clear();
        entry.status.generation = 0;
        entry.status.state = State::draining;
        entry.status.problems.clear();
        entry.dirty = true;
        retired_.push_back({id, old->number(), steadyNow()});
    }
    publish(snapshot);
    old->quiesce();
}

/// The last lease is gone: nobody is inside the generation and nobody can come.
void Reconciler::end(std::unique_ptr<const Generation> generation) {
    const std::string id = generation->id();
    const std::uint64_t number = generation->number();
    {
        const ThreadTrace trace(number);
        generation->stop();
        generation.reset();
    }
    const int left = ThreadTrace::threadsOf(number);
    if (left > 0)
        log::warning("core.plugin.thread_left",
                     Value::map([&](MapWriter& m) { m.set("plugin", id).set("threads", left); }));
    const std::lock_guard lock(mutex_);
    std::erase_if(retired_, [&](const Retired& r) { return r.number == number; });
    const auto at = entries_.find(id);
    if (at == entries_.end()) return;
    Entry& entry = at->second;
    if (entry.status.state == State::draining) entry.status.state = State::stopped;
    if (left > 0)
        entry.status.problems.emplace_back("core.plugin.thread_left", "",
                                           Value::map([&](MapWriter& m) { m.set("threads", left); }));
    entry.dirty = true;
}

/// Once a second: who is over the time, and what keeps an old generation.
void Reconciler::watch() {
    const auto tell = [](std::string_view id, const RunningCall& call) {
        log::warning(id, Value::map([&](MapWriter& m) {
                         m.set("plugin", call.plugin)
                             .set("call", call.what)
                             .set("request", call.requestId)
                             .set("thread", call.thread)
                             .set("running_ms", (steadyNow() - call.since) / 1000);
                     }));
    };
    for (const RunningCall& call : invoke_.inFlight().newlyOverdue(steadyNow()))
        tell("core.plugin.overdue", call);
    std::vector<Retired> late;
    {
        const std::lock_guard lock(mutex_);
        const Micros patience = std::chrono::duration_cast<std::chrono::microseconds>(options_.drain).count();
        for (Retired& old : retired_)
            if (!old.told && steadyNow() - old.since > patience) {
                old.told = true;
                late.push_back(old);
            }
    }
    for (const Retired& old : late)
        for (const RunningCall& call : invoke_.inFlight().of(old.id, old.number))
            tell("core.plugin.drain_late", call);
}

/// What will be in force when `instead` (or nothing) serves in the place of `id`.
std::shared_ptr<const Snapshot> Reconciler::snapshotWith(std::string_view id, const Lease& instead) {
    std::vector<Lease> active;
    for (const auto& [other, entry] : entries_)
        if (entry.active && other != id) active.push_back(entry.active);
    if (instead) active.push_back(instead);
    return std::make_shared<const Snapshot>(++epoch_, std::move(active));
}

void Reconciler::publish(const std::shared_ptr<const Snapshot>& next) {
    // The host learns first: permissions and templates must be there when the first request finds the route.
    port_.published(next);
    current_.publish(next);
}

/// The process ends: no plugin serves any more, each gets the drain time to finish what it began.
void Reconciler::endAll() {
    std::vector<Lease> old;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, entry] : entries_) {
            if (!entry.active) continue;
            retired_.push_back({id, entry.active->number(), steadyNow()});
            entry.status.state = State::draining;
            entry.status.generation = 0;
            old.push_back(std::exchange(entry.active, nullptr));
        }
    }
    publish(std::make_shared<const Snapshot>(++epoch_, std::vector<Lease>()));
    // Those that started last may need the others, so they go first.
    std::sort(old.begin(), old.end(),
              [](const Lease& a, const Lease& b) { return a->number() > b->number(); });
    for (const Lease& generation : old)
        generation->quiesce();
    for (Lease& generation : old)
        generation.reset();

    const auto until = std::chrono::steady_clock::now() + options_.drain;
    const auto waits = [&] {
        const std::lock_guard lock(mutex_);
        return !retired_.empty() && std::chrono::steady_clock::now() < until;
    };
    while (waits())
        for (auto& ended : queue_->wait(until))
            end(std::move(ended));
    const std::lock_guard lock(mutex_);
    for (const Retired& stuck : retired_)
        log::warning("core.plugin.left_alone", nameOf("plugin", stuck.id));
}

} // namespace dalate::plugin
