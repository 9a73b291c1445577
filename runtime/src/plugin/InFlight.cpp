// SPDX-License-Identifier: Apache-2.0
#include "plugin/InFlight.h"

namespace dalate::plugin {

InFlight::Entry::Entry(InFlight& all, RunningCall call)
    : all_(all), shard_(static_cast<std::size_t>(call.thread) % shards) {
    // The node is made outside the lock: only pointers move inside it.
    std::list<RunningCall> one;
    one.push_back(std::move(call));
    at_ = one.begin();
    Shard& shard = all_.shards_[shard_];
    const std::lock_guard lock(shard.mutex);
    shard.calls.splice(shard.calls.end(), one);
}

InFlight::Entry::~Entry() {
    std::list<RunningCall> one;
    Shard& shard = all_.shards_[shard_];
    const std::lock_guard lock(shard.mutex);
    one.splice(one.begin(), shard.calls, at_);
}

std::vector<RunningCall> InFlight::all() const {
    std::vector<RunningCall> out;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        out.insert(out.end(), shard.calls.begin(), shard.calls.end());
    }
    return out;
}

std::vector<RunningCall> InFlight::of(std::string_view plugin, std::uint64_t generation) const {
    std::vector<RunningCall> out = all();
    std::erase_if(out,
                  [&](const RunningCall& c) { return c.plugin != plugin || c.generation != generation; });
    return out;
}

std::vector<RunningCall> InFlight::newlyOverdue(Micros steady) {
    std::vector<RunningCall> out;
    for (Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        for (RunningCall& call : shard.calls) {
            if (call.told || !call.deadline || *call.deadline > steady) continue;
            call.told = true;
            out.push_back(call);
        }
    }
    return out;
}

} // namespace dalate::plugin
