// SPDX-License-Identifier: Apache-2.0
// One thread takes the active subscribers in turn and delivers what each has not had, some events before the next
// one's turn, so that no plugin's backlog holds up another's. It is woken by each commit with an event and looks by
// itself twice a second, since a delivery may fall due by the clock or an event come from another process. Once an
// hour it deletes events that everybody has had and that are older than 30 days.
#pragma once

#include "services/events/Delivery.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace dalate::services {
class Declarations;
}

namespace dalate::services::events {

/// The thread that delivers events. `start` and `stop` once each, in this order; `wake` and `changed` from any thread.
class EventThread {
public:
    static constexpr Micros keep = 30LL * 86'400'000'000;

    struct Counters {
        std::uint64_t delivered = 0;
        std::uint64_t failed = 0;
        std::uint64_t dead = 0;
    };

    /// All outlive it.
    EventThread(storage::Pool& pool, const Declarations& declarations, PluginCalls& calls,
                std::function<Micros()> clock);
    ~EventThread();
    EventThread(const EventThread&) = delete;
    EventThread& operator=(const EventThread&) = delete;

    void start();
    /// Ends after the event that it is at.
    void stop() noexcept;
    /// There is something new in the outbox.
    void wake() noexcept;
    /// Plugins came or went: their subscriptions are looked at anew.
    void changed() noexcept;
    Counters counters() const noexcept;

    /// Delivers all that is due now on the calling thread; how many. The thread's own work, for tests too.
    std::uint64_t deliverDue();
    /// Deletes what is past `keep` and everybody has had; how many.
    std::int64_t purge();

private:
    void run();
    void follow();
    /// Some events of one subscriber; whether it may have more.
    bool deliverSome(std::string_view plugin);
    bool count(Delivery::Outcome outcome);
    bool stopping();

    storage::Pool& pool_;
    const Declarations& declarations_;
    std::function<Micros()> clock_;
    Delivery delivery_;
    Micros nextPurge_ = 0;

    std::mutex mutex_;
    std::condition_variable told_;
    bool stopping_ = false;
    bool woken_ = false;
    std::atomic<bool> changed_{true};
    std::thread thread_;
    std::atomic<std::uint64_t> delivered_{0}, failed_{0}, dead_{0};
};

} // namespace dalate::services::events
