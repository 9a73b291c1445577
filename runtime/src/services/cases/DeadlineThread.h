// SPDX-License-Identifier: Apache-2.0
// One thread sleeps until the next moment in `case_deadline` and fires what is due: some rungs in one transaction, each
// in a savepoint of its own, so that a backlog after a long stop does not wait for a sync each. It
// looks at the table at least twice a second, so nothing depends on its having been woken: after a restart, and after
// a step of the clock, whatever is due fires within the second.
#pragma once

#include "base/Clock.h"
#include "services/Registry.h"
#include "services/cases/Deadlines.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace dalate::storage {
class Pool;
}

namespace dalate::services {
struct Declared;
}

namespace dalate::services::cases {

class Engine;

/// The thread that fires deadlines. `start` and `stop` once each, in this order; `wake` from any thread.
class DeadlineThread {
public:
    struct Counters {
        std::uint64_t fired = 0;
        /// Rungs put off since the plugin was away or the database busy.
        std::uint64_t putOff = 0;
    };

    /// Both outlive it.
    DeadlineThread(storage::Pool& pool, Engine& engine);
    ~DeadlineThread();
    DeadlineThread(const DeadlineThread&) = delete;
    DeadlineThread& operator=(const DeadlineThread&) = delete;

    void start();
    /// Ends after the rung that it is at.
    void stop() noexcept;
    /// Something falls due at that moment: what `Engine::Parts::wake` is given.
    void wake(Micros at) noexcept;
    /// The calendar has changed: every running deadline is reckoned anew before the next is fired. Returns at once.
    void reckon() noexcept;
    Counters counters() const noexcept;

    /// Fires all that is due now on the calling thread, what has to be reckoned anew before; how many. The thread's
    /// own work, for tests too.
    std::uint64_t fireDue();

private:
    void run();
    /// A plugin's deadlines are reckoned with today's calendar before any of them is fired: when it comes up, with each
    /// new version of it, and when the calendar has changed.
    void reckonWhatIsNew();
    /// Fires from `from` on, as many as fit one transaction; answers behind the last looked at.
    std::size_t fireSome(const std::vector<Deadlines::Due>& due, std::size_t from);
    /// False: it was not due any more, or is put off.
    bool fireOne(storage::Tx& tx, AfterCommit& after, const Deadlines::Due& one);
    /// The next moment of any active plugin's.
    std::optional<Micros> next();

    storage::Pool& pool_;
    Engine& engine_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    /// The earliest moment told since it last looked.
    std::optional<Micros> told_;
    bool reckonAll_ = false;
    /// With what each plugin's deadlines were last reckoned; of the thread alone.
    std::map<std::string, std::shared_ptr<const Declared>, std::less<>> reckoned_;
    std::thread thread_;
    std::atomic<std::uint64_t> fired_{0}, putOff_{0};
};

} // namespace dalate::services::cases
