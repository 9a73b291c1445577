// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::jobs {

/// A job that was given up, and stays until the operator has it tried again or drops it.
struct DeadJob {
    std::int64_t id = 0;
    std::string plugin;
    std::string name;
    /// {status, id, details} of the last failure.
    Value error;
    std::int64_t attempts = 0;
    /// How often it was tried again already.
    std::int64_t replays = 0;
    Micros diedAt = 0;
};

/// The dead letters among the jobs. Every function works in the caller's transaction, which runs for the
/// core, and from another process too: a daemon looks at the queue at least every tenth of a second. Callers:
/// /admin/jobs, `dalate jobs`.
class DeadJobs {
public:
    /// The oldest first, from after the job `after` (0: from the first) by id.
    static std::vector<DeadJob> list(storage::Tx& tx, std::int64_t after, std::int64_t limit);
    static std::int64_t count(storage::Tx& tx);

    /// Puts it in the queue again, with all its tries before it; what it had reached stands. Throws `Error`
    /// 404 `core.job.no_letter` (details: job) where it is no dead letter (any more).
    static void replay(storage::Tx& tx, std::int64_t id, Micros at);
    /// It stays failed and is no dead letter any more. Throws as `replay`.
    static void drop(storage::Tx& tx, std::int64_t id);
};

} // namespace dalate::services::jobs
