// SPDX-License-Identifier: Apache-2.0
#include "storage/CommitSync.h"

namespace dalate::storage {

void CommitSync::await() {
    std::unique_lock lock(mutex_);
    const std::uint64_t mine = ++asked_;
    while (durable_ < mine) {
        if (syncing_) {
            done_.wait(lock);
            continue;
        }
        syncing_ = true;
        const std::uint64_t covered = asked_;
        lock.unlock();
        sync_();
        lock.lock();
        syncing_ = false;
        durable_ = covered;
        ++syncs_;
        done_.notify_all();
    }
}

std::uint64_t CommitSync::syncs() const {
    const std::lock_guard lock(mutex_);
    return syncs_;
}

} // namespace dalate::storage
