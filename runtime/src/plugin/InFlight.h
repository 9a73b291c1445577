// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::plugin {

/// One call that is inside a plugin now.
struct RunningCall {
    std::string plugin;
    std::uint64_t generation = 0;
    std::string what; ///< "route book", "job import" …
    std::string requestId;
    int thread = 0;   ///< the kernel's thread id
    Micros since = 0; ///< steady clock
    std::optional<Micros> deadline;
    bool told = false; ///< the watch has logged it as overdue
};

/// The register of calls inside plugins: who is late, and what a drain waits for. Safe from any thread.
class InFlight {
public:
    /// In the register for the length of its life.
    class Entry {
    public:
        Entry(InFlight& all, RunningCall call);
        ~Entry();
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

    private:
        InFlight& all_;
        std::list<RunningCall>::iterator at_;
        std::size_t shard_;
    };

    std::vector<RunningCall> all() const;
    std::vector<RunningCall> of(std::string_view plugin, std::uint64_t generation) const;

    /// Calls past their deadline that were not answered by this function before.
    std::vector<RunningCall> newlyOverdue(Micros steady);

private:
    static constexpr std::size_t shards = 16;
    struct alignas(64) Shard {
        mutable std::mutex mutex;
        std::list<RunningCall> calls;
    };
    Shard shards_[shards];
};

} // namespace dalate::plugin
