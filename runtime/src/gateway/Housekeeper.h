// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity/Uses.h"
#include "storage/Pool.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace dalate::gateway {

/// Writes noted uses every few seconds and deletes sessions that are over, on a thread of its own: no request
/// waits for the writer to say that it was there.
class Housekeeper {
public:
    Housekeeper(storage::Pool& pool, identity::Uses& uses,
                std::chrono::milliseconds every = std::chrono::milliseconds(5000));
    /// Writes what is noted a last time.
    ~Housekeeper();
    Housekeeper(const Housekeeper&) = delete;
    Housekeeper& operator=(const Housekeeper&) = delete;

private:
    enum class Round { uses, usesAndPurge };
    void run();
    void keep(Round round) noexcept;

    storage::Pool& pool_;
    identity::Uses& uses_;
    std::chrono::milliseconds every_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool ending_ = false;
    std::thread thread_;
};

} // namespace dalate::gateway
