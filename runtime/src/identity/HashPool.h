// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace dalate::identity {

/// The threads that hash passwords: as many as cores, so that a flood of sign-ins neither holds request
/// threads nor takes more than its share (they run at a lower priority than the rest of the daemon).
class HashPool {
public:
    explicit HashPool(std::size_t threads = 0, std::size_t queue = 32);
    /// Runs what is queued, then ends.
    ~HashPool();
    HashPool(const HashPool&) = delete;
    HashPool& operator=(const HashPool&) = delete;

    /// False when the queue is full: the caller answers 429. `work` must not throw.
    [[nodiscard]] bool submit(std::function<void()> work);

private:
    void run();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> queue_;
    std::size_t most_;
    bool ending_ = false;
    std::vector<std::thread> threads_;
};

} // namespace dalate::identity
