// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/JobThreads.h"

#include "base/Log.h"
#include "storage/Session.h"

#include <algorithm>
#include <exception>

namespace dalate::services::jobs {

namespace {

Value about(const Job& job) {
    return Value::map([&](MapWriter& m) {
        m.set("job", std::to_string(job.id)).set("plugin", job.plugin).set("name", job.name);
        m.set("attempt", job.attempt);
    });
}

/// Runs a step of the queue's own; a database that is busy or gone must not end the thread.
template <class Step>
bool survived(std::string_view messageId, Step&& step) {
    try {
        step();
        return true;
    } catch (const Error& error) {
        log::warning(messageId, Value::map([&](MapWriter& m) {
                         m.set("error", error.id()).set("details", error.details());
                     }));
    } catch (const std::exception&) {
        log::warning(messageId, Value::map([](MapWriter& m) { m.set("error", "exception"); }));
    }
    return false;
}

} // namespace

JobThreads::JobThreads(Jobs& jobs, JobRunner& runner, Options options)
    : jobs_(jobs), runner_(runner), options_(options), schedule_(jobs) {}

JobThreads::~JobThreads() {
    stop(std::chrono::milliseconds(0));
    for (std::thread& thread : threads_)
        thread.join();
}

void JobThreads::start() {
    for (std::size_t i = 0; i < options_.threads; ++i)
        threads_.emplace_back([this] { work(); });
    threads_.emplace_back([this] { tend(); });
}

std::size_t JobThreads::stop(std::chrono::milliseconds drain) {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    due_.notify_all();
    tend_.notify_all();
    quiet_.wait_for(lock, drain, [this] { return running_.empty(); });
    return running_.size();
}

void JobThreads::wake() noexcept {
    {
        const std::lock_guard lock(mutex_);
        ++wakes_;
    }
    due_.notify_one();
}

void JobThreads::schedule(std::vector<ScheduledJob> all) {
    schedule_.set(std::move(all));
    const std::lock_guard lock(mutex_);
    ++scheduleEdition_;
    tend_.notify_all();
}

JobThreads::Counters JobThreads::counters() const noexcept {
    const std::lock_guard lock(mutex_);
    return {done_, failed_, again_, lost_, running_.size()};
}

void JobThreads::work() {
    std::uint64_t seen = 0;
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            if (stopping_) return;
            seen = wakes_;
        }
        bool ran = false;
        survived("core.job.queue_failed", [&] { ran = runOne(); });
        if (ran) continue;
        std::unique_lock lock(mutex_);
        due_.wait_for(lock, options_.poll, [&] { return stopping_ || wakes_ != seen; });
    }
}

bool JobThreads::runOne() {
    const std::vector<std::string> plugins = runner_.plugins();
    if (plugins.empty()) return false;
    std::size_t first = 0;
    {
        const std::lock_guard lock(mutex_);
        first = turn_++;
    }
    std::optional<Job> job;
    for (std::size_t i = 0; i < plugins.size() && !job; ++i)
        job = jobs_.take(plugins[(first + i) % plugins.size()]);
    if (!job) return false;

    const RunningJob running = jobs_.running(*job);
    {
        const std::lock_guard lock(mutex_);
        running_.push_back(running);
    }
    const log::RequestScope scope(job->requestId.empty() ? "job-" + std::to_string(job->id) : job->requestId);
    std::optional<Result<Value>> outcome;
    try {
        outcome.emplace(runner_.run(*job, running));
    } catch (const Error& error) {
        outcome.emplace(error);
    } catch (...) {
        // The thread must live on and the row must not stay running, whatever came through.
        outcome.emplace(Error(500, "core.job.exception"));
    }
    survived("core.job.finish_failed", [&] { settle(*job, *outcome); });
    const std::lock_guard lock(mutex_);
    std::erase_if(running_,
                  [&](const RunningJob& r) { return r.id == running.id && r.attempt == running.attempt; });
    if (running_.empty()) quiet_.notify_all();
    return true;
}

void JobThreads::settle(const Job& job, const Result<Value>& outcome) {
    const End end = jobs_.finish(job, outcome);
    if (end == End::lost) {
        ++lost_;
        log::warning("core.job.lost", about(job));
        return;
    }
    if (end == End::done) {
        ++done_;
        return;
    }
    const bool again = end == End::again;
    ++(again ? again_ : failed_);
    // A result above the cap is a failure without an error of the handler's.
    log::write(again ? log::Level::info : log::Level::warning, again ? "core.job.again" : "core.job.failed",
               Value::map([&](MapWriter& m) {
                   m.set("job", std::to_string(job.id)).set("plugin", job.plugin).set("name", job.name);
                   m.set("attempt", job.attempt).set("status", outcome ? 413 : outcome.error().status());
                   m.set("error", outcome ? "core.job.size" : outcome.error().id());
               }));
}

void JobThreads::tend() {
    constexpr Micros purgeEvery = 3'600'000'000;
    const Micros renewEvery = jobs_.options().lease / 3;
    const auto pause = std::chrono::microseconds(std::min<Micros>(renewEvery, 500'000));
    Micros renewed = steadyNow(), purged = 0;
    for (;;) {
        const Micros at = steadyNow();
        if (at - renewed >= renewEvery) {
            survived("core.job.renew_failed", [this] { renewAll(); });
            renewed = at;
        }
        survived("core.job.schedule_failed", [this] {
            if (schedule_.enqueueDue() > 0) wake();
        });
        if (purged == 0 || at - purged >= purgeEvery) {
            survived("core.job.purge_failed", [this] {
                jobs_.purge(jobs_.time() - options_.keep, jobs_.time() - options_.keepScheduled);
            });
            purged = at;
        }
        std::unique_lock lock(mutex_);
        const std::uint64_t edition = scheduleEdition_;
        tend_.wait_for(lock, pause, [&] { return stopping_ || scheduleEdition_ != edition; });
        if (stopping_) return;
    }
}

void JobThreads::renewAll() {
    std::vector<RunningJob> running;
    {
        const std::lock_guard lock(mutex_);
        running = running_;
    }
    for (const RunningJob& job : running)
        jobs_.renew(job);
}

} // namespace dalate::services::jobs
