// SPDX-License-Identifier: Apache-2.0
#include "http/WorkQueue.h"

#include <algorithm>

namespace dalate::http {

std::size_t WorkQueue::push(const std::vector<Connection*>& batch) {
    std::size_t taken = 0;
    std::size_t sleepers = 0;
    {
        const std::lock_guard lock(mutex_);
        if (!closed_) taken = std::min(batch.size(), capacity_ - std::min(capacity_, waiting_.size()));
        waiting_.insert(waiting_.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(taken));
        sleepers = std::min(taken, idle_);
    }
    for (std::size_t i = 0; i < sleepers; ++i)
        ready_.notify_one();
    return taken;
}

Connection* WorkQueue::pop() {
    std::unique_lock lock(mutex_);
    ++idle_;
    ready_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
    --idle_;
    if (closed_) return nullptr;
    Connection* next = waiting_.front();
    waiting_.pop_front();
    return next;
}

std::vector<Connection*> WorkQueue::close() {
    std::vector<Connection*> left;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        left.assign(waiting_.begin(), waiting_.end());
        waiting_.clear();
    }
    ready_.notify_all();
    return left;
}

} // namespace dalate::http
