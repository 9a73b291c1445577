// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Generation.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace dalate::plugin {

/// Generations whose last lease is gone, on their way to the reconciler; and its alarm clock. A request's
/// thread that drops the last lease only puts a pointer here.
class EndQueue : public std::enable_shared_from_this<EndQueue> {
public:
    /// A lease whose end posts here. The queue lives as long as any lease.
    Lease lease(std::unique_ptr<Generation> generation) {
        // Made before the pointer is let go, so that nothing is lost if there is no memory.
        auto post = [queue = shared_from_this()](const Generation* ended) { queue->post(ended); };
        return Lease(generation.release(), std::move(post));
    }

    void post(const Generation* ended) noexcept {
        const std::lock_guard lock(mutex_);
        ended_.push_back(ended);
        wake_.notify_all();
    }

    /// Wakes the reconciler for another reason.
    void ring() {
        const std::lock_guard lock(mutex_);
        rung_ = true;
        wake_.notify_all();
    }

    /// Waits for either, at most until `until`; what has ended meanwhile. The caller destroys it.
    std::vector<std::unique_ptr<const Generation>> wait(std::chrono::steady_clock::time_point until) {
        std::unique_lock lock(mutex_);
        wake_.wait_until(lock, until, [&] { return rung_ || !ended_.empty(); });
        rung_ = false;
        std::vector<std::unique_ptr<const Generation>> out;
        for (const Generation* g : ended_)
            out.emplace_back(g);
        ended_.clear();
        return out;
    }

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<const Generation*> ended_;
    bool rung_ = false;
};

} // namespace dalate::plugin
