// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "services/jobs/Jobs.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace dalate::services::jobs {

/// A job as the page of its progress shows it.
struct JobView {
    std::int64_t id = 0;
    std::string plugin;
    std::string name;
    /// queued, running, done or failed.
    std::string state;
    Progress progress;
    Value result;
    /// {status, id, details}; also of a failure after which it is tried again.
    Value error;
    bool dead = false;
    Micros createdAt = 0;
    /// 0: not yet.
    Micros finishedAt = 0;

    bool isOver() const noexcept { return state == "done" || state == "failed"; }
    /// Of the way, 0 to 100; nothing where the job has not said how long it is.
    std::optional<std::int64_t> percent() const noexcept;
    /// Where its result lies on this site: the member `href` of the result, if it is such a path.
    std::string href() const;
    /// Differs where its page would look different, not only its numbers.
    std::string version() const;
    /// What the topic `job/<id>` says: {version, done, total, percent}.
    Value live() const;
};

/// A job that the person has put in the queue herself, or any for the operator; nothing for everybody else.
std::optional<JobView> viewJob(storage::Tx& tx, const identity::Principal& who, std::int64_t id);

} // namespace dalate::services::jobs
