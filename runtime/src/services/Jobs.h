// SPDX-License-Identifier: Apache-2.0
// A job is one row of the table `job`. It is written in the transaction of whoever wants it (so it exists
// exactly when that commits), taken by a thread through one conditional UPDATE that sets `lease_until`, and
// finished by another that demands the same lease. A thread that dies, or a process, lets the lease run out;
// then the row is taken again.
//
//     queued --take--> running --finish--> done | failed
//        ^                | lease ran out, or the handler asks for another try (503)
//        +----------------+   at most `attempts` times, then failed
//
// `lease_owner` (a random name of the process) and `attempts` fence: what a thread writes after it has lost
// its lease changes no row.
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "identity/Principal.h"
#include "services/Registry.h"
#include "storage/Pool.h"
#include "storage/Tx.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::services {

/// The job that a call runs as: the key to its row.
struct RunningJob {
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    std::string_view owner;
    /// How long one extension of the lease lasts.
    Micros lease = 0;
};

/// A job taken from the queue.
struct Job {
    std::int64_t id = 0;
    std::string plugin;
    std::string name;
    Value arguments;
    /// Who put it in the queue; anonymous for scheduled ones.
    identity::Principal principal;
    std::string requestId;
    std::int64_t attempt = 0;
};

/// The queue in the database. Times are the wall clock's. Safe from any thread.
class Jobs {
public:
    struct Options {
        /// How long a lease lasts; it is renewed while the job runs.
        Micros lease = 10'000'000;
        /// How often a job is begun before it counts as failed.
        std::int64_t attempts = 5;
        /// The pause before the second try of a job that asked for one; doubled with each further.
        Micros retryPause = 2'000'000;
    };
    /// Octets of arguments or result that a job may carry.
    static constexpr std::size_t cap = 64u << 20;

    Jobs(storage::Pool& pool, Options options);

    /// Adds a job to the caller's transaction, which runs for the core; returns its id. Throws `Error` 413
    /// `core.job.size`.
    std::int64_t enqueue(storage::Tx& tx, std::string_view plugin, std::string_view name, ValueView arguments,
                         const identity::Principal& principal, std::string_view requestId);
    /// Same for a scheduled job; nothing where one of that name is queued or running.
    std::optional<std::int64_t> enqueueScheduled(storage::Tx& tx, std::string_view plugin,
                                                 std::string_view name);

    /// {job, name, state, attempts, progress {done, total}, result, error, createdAt, startedAt, finishedAt}
    /// of a job of `plugin` that `scope` or `principal` may see. Throws `Error` 404 `core.job.unknown`.
    Value status(storage::Tx& tx, std::string_view plugin, std::int64_t id, const storage::Scope& scope,
                 const identity::Principal& principal);

    /// Records progress and extends the lease. Throws `Error` 409 `core.job.lease_lost` where another thread
    /// has the job by now.
    void progress(storage::Tx& tx, const RunningJob& job, std::int64_t done, std::int64_t total);

    /// Takes the oldest due job of `plugin`; nothing where there is none. Jobs that were begun too often are
    /// failed on the way (`core.job.attempts`).
    std::optional<Job> take(std::string_view plugin);
    /// Extends the lease; false when it is lost.
    bool renew(const RunningJob& job);

    /// Stores what came of it. Failures with 503 go back to the queue while attempts are left;
    /// `core.plugin.away` (the plugin is between two generations) goes back without counting. False when the
    /// lease was lost.
    bool finish(const RunningJob& job, const Result<Value>& outcome);

    RunningJob running(const Job& job) const noexcept {
        return {job.id, job.attempt, owner_, options_.lease};
    }
    const Options& options() const noexcept { return options_; }
    storage::Pool& pool() noexcept { return pool_; }

    /// Deletes what finished before `before`, scheduled jobs before `scheduledBefore`; returns how many rows.
    std::int64_t purge(Micros before, Micros scheduledBefore);

private:
    std::int64_t insert(storage::Tx& tx, std::string_view plugin, std::string_view name, ValueView arguments,
                        const identity::Principal& principal, std::string_view requestId,
                        std::int64_t scheduled);
    std::int64_t conclude(const RunningJob& job, std::string_view state, ValueView result, ValueView error);
    std::int64_t putBack(const RunningJob& job, Micros runAfter, std::int64_t attempts, ValueView error);

    storage::Pool& pool_;
    Options options_;
    std::string owner_;
};

} // namespace dalate::services
