// SPDX-License-Identifier: Apache-2.0
// Commits that come together become durable together. COMMIT writes the log (the write-ahead log is opened with
// synchronous = NORMAL, so it does not sync) and lets the next writer in; then the committer waits here for a sync that
// began after its log was written. One of those who wait makes it for all. Nothing is acknowledged before.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

namespace dalate::storage {

/// Shares syncs among committers (group commit). Safe from any thread.
class CommitSync {
public:
    /// `sync` makes everything durable that was written before it was called; it must not return otherwise.
    explicit CommitSync(std::function<void()> sync) : sync_(std::move(sync)) {}

    /// Returns once a sync that began after this call has ended.
    void await();

    /// How many syncs there were.
    std::uint64_t syncs() const;

private:
    std::function<void()> sync_;
    mutable std::mutex mutex_;
    std::condition_variable done_;
    std::uint64_t asked_ = 0;   ///< committers that came so far
    std::uint64_t durable_ = 0; ///< of those, the first so many are durable
    std::uint64_t syncs_ = 0;
    bool syncing_ = false;
};

} // namespace dalate::storage
