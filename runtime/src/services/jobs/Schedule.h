// SPDX-License-Identifier: Apache-2.0
// What comes again and again. One row of `job_schedule` a job says when it is next due; whoever's UPDATE
// moves that moment on puts the job in the queue, in the same transaction, so of several processes one does,
// and a crash between the two leaves neither.
//
// Runs that were missed (the daemon was down, or the plugin away): made up by one run however many they were,
// or, where the job says so, not at all. A run whose predecessor still stands in the queue or runs is left
// out.
#pragma once

#include "base/Cron.h"
#include "services/jobs/Jobs.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dalate::services::jobs {

/// A job that its plugin's manifest wants done again and again: by `cron`, else every so long.
struct ScheduledJob {
    std::string plugin;
    std::string name;
    Micros every = 0;
    std::optional<Cron> cron{};
    /// Whether a run that was missed is left out instead of made up.
    bool skipsMissed = false;

    bool isScheduled() const noexcept { return cron || every > 0; }
    Micros after(Micros time) const { return cron ? cron->after(time) : time + every; }
};

/// The scheduled jobs of the active plugins. Safe from any thread.
class Schedule {
public:
    /// Later than this a run counts as missed.
    static constexpr Micros grace = 60'000'000;

    explicit Schedule(Jobs& jobs) : jobs_(jobs) {}

    /// Replaces it. A job new to the database is first due when its rhythm next says so, or one period from
    /// now; so is one whose cron text has changed.
    void set(std::vector<ScheduledJob> all);

    /// Puts in the queue what is due; how many jobs.
    std::size_t enqueueDue();

private:
    /// When each is next due; nothing until the database was asked.
    using Entries = std::vector<std::pair<ScheduledJob, std::optional<Micros>>>;
    Micros nextOf(const ScheduledJob& job);
    bool enqueue(const ScheduledJob& job, Micros due, Micros next);

    Jobs& jobs_;
    std::mutex mutex_;
    Entries entries_;
    std::uint64_t edition_ = 0;
};

} // namespace dalate::services::jobs
