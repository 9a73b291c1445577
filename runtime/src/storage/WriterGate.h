// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>

namespace dalate::storage {

/// One writer at a time, in the order they came. Safe from any thread; entered and left by the same one.
class WriterGate {
public:
    /// Waits for the turn; false when it did not come in time.
    bool enter(std::chrono::milliseconds timeout);

    /// Hands the turn to the one who waits longest.
    void leave() noexcept;

private:
    struct Waiter {
        std::condition_variable turn;
        bool mine = false;
    };
    std::mutex mutex_;
    bool taken_ = false;
    std::list<Waiter> waiters_;
};

} // namespace dalate::storage
