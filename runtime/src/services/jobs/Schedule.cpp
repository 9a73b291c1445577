// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/Schedule.h"

#include "storage/Session.h"

#include <algorithm>

namespace dalate::services::jobs {

void Schedule::set(std::vector<ScheduledJob> all) {
    const std::lock_guard lock(mutex_);
    entries_.clear();
    for (ScheduledJob& job : all)
        if (job.isScheduled()) entries_.emplace_back(std::move(job), std::nullopt);
    ++edition_;
}

std::size_t Schedule::enqueueDue() {
    Entries entries;
    std::uint64_t edition = 0;
    {
        const std::lock_guard lock(mutex_);
        entries = entries_;
        edition = edition_;
    }
    std::size_t queued = 0;
    bool changed = false;
    for (auto& [job, next] : entries) {
        if (next && *next > jobs_.time()) continue;
        changed = true;
        if (!next) {
            next = nextOf(job);
            if (*next > jobs_.time()) continue;
        }
        const Micros following = job.after(jobs_.time());
        queued += enqueue(job, *next, following) ? 1 : 0;
        next = following;
    }
    if (changed) {
        const std::lock_guard lock(mutex_);
        // The database was written without the lock: what has been set meanwhile asks it anew.
        if (edition == edition_) entries_ = std::move(entries);
    }
    return queued;
}

bool Schedule::enqueue(const ScheduledJob& job, Micros due, Micros next) {
    const auto lease = jobs_.pool().lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const Micros at = jobs_.time();
    const bool mine = tx.exec("UPDATE job_schedule SET next_at = :next "
                              "WHERE plugin = :plugin AND name = :name AND next_at <= :now",
                              {{"next", next}, {"plugin", job.plugin}, {"name", job.name}, {"now", at}}) == 1;
    const bool left = job.skipsMissed && at - due > grace;
    const bool queued = mine && !left && jobs_.enqueueScheduled(tx, job.plugin, job.name).has_value();
    tx.commit();
    return queued;
}

Micros Schedule::nextOf(const ScheduledJob& job) {
    const auto lease = jobs_.pool().lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const std::string rhythm = job.cron ? job.cron->text() : std::string();
    const Micros fresh = job.after(jobs_.time());
    std::optional<Micros> stored;
    bool same = false;
    {
        auto rows =
            tx.query("SELECT next_at, rhythm FROM job_schedule WHERE plugin = :plugin AND name = :name",
                     {{"plugin", job.plugin}, {"name", job.name}});
        if (rows.next()) {
            stored = rows.integer(0);
            same = rows.text(1) == rhythm;
        }
    }
    // A period that was shortened since counts at once.
    const Micros next = stored && same ? (job.cron ? *stored : std::min(*stored, fresh)) : fresh;
    if (!stored)
        tx.exec("INSERT INTO job_schedule (plugin, name, next_at, rhythm) VALUES (:plugin, :name, :next, "
                ":rhythm)",
                {{"plugin", job.plugin}, {"name", job.name}, {"next", next}, {"rhythm", rhythm}});
    else if (next != *stored || !same)
        tx.exec("UPDATE job_schedule SET next_at = :next, rhythm = :rhythm WHERE plugin = :plugin AND name = "
                ":name",
                {{"next", next}, {"rhythm", rhythm}, {"plugin", job.plugin}, {"name", job.name}});
    tx.commit();
    return next;
}

} // namespace dalate::services::jobs
