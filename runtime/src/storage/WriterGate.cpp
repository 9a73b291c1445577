// SPDX-License-Identifier: Apache-2.0
#include "storage/WriterGate.h"

namespace dalate::storage {

bool WriterGate::enter(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    if (!taken_) {
        taken_ = true;
        return true;
    }
    const auto self = waiters_.emplace(waiters_.end());
    const bool mine = self->turn.wait_for(lock, timeout, [&] { return self->mine; });
    waiters_.erase(self);
    return mine;
}

void WriterGate::leave() noexcept {
    const std::lock_guard lock(mutex_);
    if (waiters_.empty()) {
        taken_ = false;
        return;
    }
    waiters_.front().mine = true;
    // Under the lock: the waiter may be gone as soon as it is let go.
    waiters_.front().turn.notify_one();
}

} // namespace dalate::storage
