// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/files/FileStore.h"
#include "storage/Pool.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace dalate::services::files {

/// What one round has done.
struct Collected {
    std::size_t blobs = 0;
    std::uint64_t bytes = 0;
};

/// Deletes blobs that no row names and that nobody has put for `grace`, and unfinished ones of that age: what
/// was taken and not kept, removed, or left by a crash. The only place where bytes are deleted. Throws
/// StorageError.
Collected collectOrphans(FileStore& store, storage::Pool& pool, std::chrono::milliseconds grace);

/// Does that again and again on a thread of its own.
class Collector {
public:
    struct Options {
        std::chrono::milliseconds every = std::chrono::minutes(15);
        std::chrono::milliseconds grace = std::chrono::hours(1);
    };
    /// `store` and `pool` outlive it.
    Collector(FileStore& store, storage::Pool& pool, Options options);
    ~Collector();
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;

private:
    void run();

    FileStore& store_;
    storage::Pool& pool_;
    Options options_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool ending_ = false;
    std::thread thread_;
};

} // namespace dalate::services::files
