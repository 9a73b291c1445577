// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

namespace dalate::http {

struct Connection;

/// Whole requests that wait for a worker, oldest first. One loop pushes, many workers pop.
class WorkQueue {
public:
    explicit WorkQueue(std::size_t capacity) : capacity_(capacity) {}

    /// Takes from the front of `batch` what there is room for; returns how many.
    std::size_t push(const std::vector<Connection*>& batch);
    /// Waits for work; null once closed.
    Connection* pop();
    /// Wakes all workers for good; returns what nobody will take any more.
    std::vector<Connection*> close();

private:
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<Connection*> waiting_;
    std::size_t capacity_;
    std::size_t idle_ = 0;
    bool closed_ = false;
};

} // namespace dalate::http
