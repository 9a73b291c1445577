// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace dalate::app {

/// Has the terms of running cases reckoned anew after the calendar has changed. The change stands already, so
/// what fails now, the writer being busy or the disk full, is tried again on a thread of its own until it is
/// done. Any thread.
class TermReckoner {
public:
    explicit TermReckoner(std::function<void()> work,
                          std::chrono::milliseconds pause = std::chrono::milliseconds(1000));
    ~TermReckoner();
    TermReckoner(const TermReckoner&) = delete;
    TermReckoner& operator=(const TermReckoner&) = delete;

    /// Tries at once, on this thread; `core.holiday.reckon` is logged where it has to wait.
    void reckon() noexcept;

private:
    bool tried() noexcept;
    void run();

    std::function<void()> work_;
    std::chrono::milliseconds pause_;
    std::mutex mutex_;
    std::condition_variable told_;
    bool wanted_ = false;
    bool ending_ = false;
    std::thread thread_;
};

} // namespace dalate::app
