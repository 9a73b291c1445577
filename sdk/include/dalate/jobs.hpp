// SPDX-License-Identifier: Apache-2.0
//
// Jobs: work that outlives the request. A job is a row that is written in the plugin's own transaction, run
// on the host's job threads, and run again after a crash; so a job's work must be safe to do twice, or be written
// together with its progress. Callers: traceability (capture), the zoo's zoo_jobs.
#pragma once

#include <dalate/call.hpp>

namespace dalate {

/// A running job. The handler returns its result (a Value, kept with the job) or throws an Error, which is
/// kept as the reason of its failure.
class JobContext : public Call {
public:
    using Call::Call;

    /// The id that `jobs::enqueue` gave.
    std::string_view id() const { return text(DALATE_FIELD_SUBJECT).value_or(""); }
    ValueView arguments() const { return part(DALATE_PART_ARGUMENTS); }

    /// Records how far the work is and keeps the job's lease alive. Not inside a transaction of the job.
    void progress(std::int64_t done, std::int64_t total) {
        service("jobs/1", "progress",
                Value::map([&](MapWriter& m) { m.set("done", done).set("total", total); }));
    }
    /// Same in the job's own transaction: seen by others exactly when its rows are, and refused (409
    /// `core.job.lease_lost`, with the transaction) where another thread has the job by now. A job that
    /// writes each of its steps together with its progress, and begins where `reached` says, does each once
    /// however often it is killed.
    void progress(Tx& tx, std::int64_t done, std::int64_t total) {
        service(tx, "jobs/1", "progress",
                Value::map([&](MapWriter& m) { m.set("done", done).set("total", total); }));
    }

    /// How many steps earlier tries of this job have recorded; 0: none. Service form: jobs/1.reached {} ->
    /// {done, total}.
    std::int64_t reached() {
        return service("jobs/1", "reached", Value::map())["done"].integer().value_or(0);
    }
};

namespace jobs {

/// The page on which whoever put the job in the queue sees how far it is. A job whose result has a member
/// `href` (a path of this site) leads on to there.
inline std::string page(std::string_view id) {
    return "/jobs/" + std::string(id);
}

/// What became of a job. A look at the call's arena.
class Status {
public:
    explicit Status(ValueView record) noexcept : record_(record) {}
    /// queued, running, done or failed.
    std::string_view state() const noexcept { return record_["state"].text(); }
    bool isOver() const noexcept { return state() == "done" || state() == "failed"; }
    std::string_view name() const noexcept { return record_["name"].text(); }
    std::int64_t done() const noexcept { return record_["progress"]["done"].integer().value_or(0); }
    std::int64_t total() const noexcept { return record_["progress"]["total"].integer().value_or(0); }
    /// What the handler returned; null until it has.
    ValueView result() const noexcept { return record_["result"]; }
    /// Of a failed job: {status, id, details}.
    ValueView error() const noexcept { return record_["error"]; }

private:
    ValueView record_;
};

/// Puts a job of this plugin's plugin.json in the queue; it exists once `tx` commits. Returns its id.
/// Service form: jobs/1.enqueue {name, arguments} -> {job}.
inline std::string enqueue(const Call& call, Tx& tx, std::string_view name, ValueView arguments = {}) {
    return call
        .service(tx, "jobs/1", "enqueue",
                 Value::map([&](MapWriter& m) { m.set("name", name).set("arguments", arguments); }))["job"]
        .asText();
}

/// The state of a job of this plugin; throws 404 `core.job.unknown` where there is none.
/// Service form: jobs/1.status {job} -> {job, name, state, progress {done, total}, result, error}.
inline Status status(const Call& call, std::string_view id) {
    return Status(call.service("jobs/1", "status", Value::map([&](MapWriter& m) { m.set("job", id); })));
}

} // namespace jobs
} // namespace dalate
