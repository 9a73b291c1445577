// SPDX-License-Identifier: Apache-2.0
// A job is one row of the table `job`. It is written in the transaction of whoever wants it (so it exists
// exactly when that commits), taken by a thread through one conditional UPDATE that sets `lease_until`, and
// finished by another that demands the same lease. A thread that dies, or a process, lets the lease run out;
// then the row is taken again.
//
//     queued --take--> running --finish--> done | failed --(given up)--> dead letter
//        ^                | lease ran out, or the failure is one to try again (Retry)     |
//        +----------------+   at most as often as the job declares                        |
//        +------------------------------ replayed by the operator ------------------------+
//
// `lease_owner` (a random name of the process) and `attempts` fence: what a thread writes after it has lost
// its lease changes no row. A handler that writes its work in the transaction of its progress is fenced by
// it, and begins again where `reached` says; so its work is done once although the handler may run twice.
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "identity/Principal.h"
#include "services/jobs/Retry.h"
#include "storage/PluginAccess.h"
#include "storage/Pool.h"
#include "storage/Tx.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::services::jobs {

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
    /// Which try it is, over all its life, and since it was last replayed.
    std::int64_t attempt = 0;
    std::int64_t tries = 0;
};

/// How far a job has come, as its handler says.
struct Progress {
    std::int64_t done = 0;
    /// 0: not known.
    std::int64_t total = 0;
};

/// What became of a failed job.
enum class End {
    lost,  ///< its lease was: nothing was stored
    done,  ///< it has a result
    again, ///< it is in the queue again
    failed ///< it has an error
};

/// The queue in the database. Times are the wall clock's. Safe from any thread.
class Jobs {
public:
    struct Options {
        /// How long a lease lasts; it is renewed while the job runs.
        Micros lease = 10'000'000;
        /// Of jobs that declare nothing.
        Retry retry;
        /// What a job's plugin declares; null, or nothing: `retry`. Any thread.
        std::function<std::optional<Retry>(std::string_view plugin, std::string_view name)> declared;
        /// The wall clock, or a test's.
        std::function<Micros()> clock = [] { return now(); };
        /// Told, after the commit, of a job that has moved; must not throw and not wait. Null: nobody.
        std::function<void(std::int64_t id)> moved;
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
    void progress(storage::Tx& tx, const RunningJob& job, const Progress& progress);
    /// What an earlier try recorded. Throws as `progress`.
    Progress reached(storage::Tx& tx, const RunningJob& job);

    /// Takes the oldest due job of `plugin`; nothing where there is none. Jobs that were begun too often are
    /// given up on the way (`core.job.attempts`).
    std::optional<Job> take(std::string_view plugin);
    /// Extends the lease; false when it is lost.
    bool renew(const RunningJob& job);

    /// Stores what came of it. A failure goes back to the queue as the job's `Retry` says; `core.plugin.away`
    /// (the plugin is between two generations) goes back without counting. Faults that are given up, and
    /// whatever fails of a schedule, become dead letters.
    End finish(const Job& job, const Result<Value>& outcome);

    RunningJob running(const Job& job) const noexcept {
        return {job.id, job.attempt, owner_, options_.lease};
    }
    Retry retryOf(std::string_view plugin, std::string_view name) const;
    const Options& options() const noexcept { return options_; }
    Micros time() const { return options_.clock(); }
    storage::Pool& pool() noexcept { return pool_; }
    /// Says that a job has moved; after the commit.
    void tellMoved(std::int64_t id) const noexcept;

    /// Deletes what finished before `before`, scheduled jobs before `scheduledBefore`, and no dead letters;
    /// returns how many rows.
    std::int64_t purge(Micros before, Micros scheduledBefore);

private:
    std::int64_t insert(storage::Tx& tx, std::string_view plugin, std::string_view name, ValueView arguments,
                        const identity::Principal& principal, std::string_view requestId,
                        std::int64_t scheduled);
    bool conclude(const RunningJob& job, const Result<Value>& outcome);
    bool putBack(const RunningJob& job, Micros runAfter, std::int64_t attempts, ValueView error);

    storage::Pool& pool_;
    Options options_;
    std::string owner_;
};

} // namespace dalate::services::jobs
