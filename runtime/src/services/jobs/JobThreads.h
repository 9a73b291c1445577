// SPDX-License-Identifier: Apache-2.0
// A few threads take due jobs in turn from the plugins that may run them, so that no plugin's backlog holds
// up another's. They sleep until somebody wakes them after a commit, or for a short while, since a job may
// fall due by the clock or come from another process. One more thread renews the leases of what runs and puts
// scheduled jobs into the queue.
#pragma once

#include "services/jobs/Jobs.h"
#include "services/jobs/Schedule.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace dalate::services::jobs {

/// Runs jobs by their plugin's code: the way up from the queue.
class JobRunner {
public:
    virtual ~JobRunner() = default;
    /// The plugins whose jobs may run now. Any thread.
    virtual std::vector<std::string> plugins() const = 0;
    /// Runs one job to its end on the calling thread. An `Error` returned or thrown is the job's; 503
    /// `core.plugin.away` where the plugin has gone meanwhile.
    virtual Result<Value> run(const Job& job, const RunningJob& running) = 0;
};

/// The threads that run jobs. `start` and `stop` are called once each, in this order; `wake` and `schedule`
/// from any thread.
class JobThreads {
public:
    struct Options {
        std::size_t threads = 2;
        std::chrono::milliseconds poll{100};
        /// How long finished jobs stay in the table: those that somebody asked for, and scheduled ones.
        Micros keep = 30LL * 86'400'000'000;
        Micros keepScheduled = 86'400'000'000;
    };
    struct Counters {
        std::uint64_t done = 0;
        std::uint64_t failed = 0;
        std::uint64_t again = 0;
        std::uint64_t lost = 0;
        std::uint64_t running = 0;
    };

    JobThreads(Jobs& jobs, JobRunner& runner, Options options);
    /// Takes no further job and waits for those that run, however long they take.
    ~JobThreads();
    JobThreads(const JobThreads&) = delete;
    JobThreads& operator=(const JobThreads&) = delete;

    void start();

    /// Takes no further job and waits until those that run have ended, at most `drain`. Answers how many
    /// still run: their leases are no longer renewed, so another process takes them over. While any runs,
    /// whatever jobs use must stay; a process that will not wait for them ends with `_exit`.
    std::size_t stop(std::chrono::milliseconds drain);

    /// A job was committed: somebody should look.
    void wake() noexcept;

    /// Replaces the schedule, as `Schedule::set`.
    void schedule(std::vector<ScheduledJob> all);

    Counters counters() const noexcept;

private:
    void work();
    bool runOne();
    void settle(const Job& job, const Result<Value>& outcome);
    void tend();
    void renewAll();

    Jobs& jobs_;
    JobRunner& runner_;
    Options options_;

    mutable std::mutex mutex_;
    std::condition_variable due_;
    std::condition_variable quiet_;
    std::condition_variable tend_;
    std::uint64_t wakes_ = 0;
    bool stopping_ = false;
    std::vector<RunningJob> running_;
    Schedule schedule_;
    std::uint64_t scheduleEdition_ = 0;
    std::size_t turn_ = 0;

    std::vector<std::thread> threads_;
    std::atomic<std::uint64_t> done_{0}, failed_{0}, again_{0}, lost_{0};
};

} // namespace dalate::services::jobs
