// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace dalate::services::rules {

/// An immutable value that is replaced some dozen times a year and read in every request. Reading is one
/// atomic load: no lock, no reference count. What was replaced is kept until the end of the object, so that a
/// reader may hold what it got for as long as this lives; use it only for what is small and rarely changes.
template <class T>
class Standing {
public:
    explicit Standing(std::unique_ptr<const T> first) { publish(std::move(first)); }
    Standing(const Standing&) = delete;
    Standing& operator=(const Standing&) = delete;

    /// Safe from any thread; valid as long as this lives.
    const T& get() const noexcept { return *current_.load(std::memory_order_acquire); }

    void publish(std::unique_ptr<const T> next) {
        const std::lock_guard lock(mutex_);
        all_.push_back(std::move(next));
        current_.store(all_.back().get(), std::memory_order_release);
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<const T>> all_;
    std::atomic<const T*> current_{nullptr};
};

} // namespace dalate::services::rules
