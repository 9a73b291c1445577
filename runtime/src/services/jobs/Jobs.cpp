// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/Jobs.h"

#include "base/Ids.h"
#include "storage/Session.h"

#include <utility>

namespace dalate::services::jobs {

namespace {

Value keptValue(std::string_view bytes) {
    return bytes.empty() ? Value() : Value::adopt(std::string(bytes));
}

storage::Cell blobOrNull(ValueView value) {
    return value.isNull() ? storage::Cell() : storage::Cell::blob(value.raw());
}

Value errorValue(const Error& error) {
    return Value::map([&](MapWriter& m) {
        m.set("status", error.status()).set("id", error.id()).set("details", error.details());
    });
}

bool mayBeSeen(const storage::Scope& scope, const identity::Principal& principal, std::int64_t user,
               std::int64_t organisation, std::int64_t token) {
    if (scope.kind == storage::Scope::Kind::county) return true;
    if (scope.kind == storage::Scope::Kind::organisation && scope.organisation != 0 &&
        scope.organisation == organisation)
        return true;
    return (principal.isPerson() && principal.user != 0 && principal.user == user) ||
           (principal.isToken() && principal.token != 0 && principal.token == token);
}

} // namespace

Jobs::Jobs(storage::Pool& pool, Options options)
    : pool_(pool), options_(std::move(options)), owner_(randomHex(8)) {}

Retry Jobs::retryOf(std::string_view plugin, std::string_view name) const {
    if (options_.declared)
        if (const auto declared = options_.declared(plugin, name)) return *declared;
    return options_.retry;
}

void Jobs::tellMoved(std::int64_t id) const noexcept {
    if (options_.moved) options_.moved(id);
}

std::int64_t Jobs::enqueue(storage::Tx& tx, std::string_view plugin, std::string_view name,
                           ValueView arguments, const identity::Principal& principal,
                           std::string_view requestId) {
    return insert(tx, plugin, name, arguments, principal, requestId, 0);
}

std::optional<std::int64_t> Jobs::enqueueScheduled(storage::Tx& tx, std::string_view plugin,
                                                   std::string_view name) {
    {
        auto rows = tx.query("SELECT 1 FROM job "
                             "WHERE plugin = :plugin AND state IN ('queued', 'running') "
                             "AND name = :name AND scheduled = 1 LIMIT 1",
                             {{"plugin", plugin}, {"name", name}});
        if (rows.next()) return std::nullopt;
    }
    return insert(tx, plugin, name, {}, {}, {}, 1);
}

std::int64_t Jobs::insert(storage::Tx& tx, std::string_view plugin, std::string_view name,
                          ValueView arguments, const identity::Principal& principal,
                          std::string_view requestId, std::int64_t scheduled) {
    if (arguments.raw().size() > cap) throw Error(413, "core.job.size");
    const std::int64_t id = newId();
    const Micros at = time();
    const Value who = principal.isAnonymous() ? Value() : principal.toValue();
    tx.exec(
        "INSERT INTO job (id, plugin, name, state, scheduled, arguments, principal, owner_user, owner_org, "
        "owner_token, request_id, run_after, created_at) "
        "VALUES (:id, :plugin, :name, 'queued', :scheduled, :arguments, :principal, :user, :organisation, "
        ":token, "
        ":request, :at, :at)",
        {{"id", id},
         {"plugin", plugin},
         {"name", name},
         {"scheduled", scheduled},
         {"arguments", blobOrNull(arguments)},
         {"principal", blobOrNull(who)},
         {"user", principal.user},
         {"organisation", principal.organisation},
         {"token", principal.token},
         {"request", requestId.substr(0, 64)},
         {"at", at}});
    return id;
}

Value Jobs::status(storage::Tx& tx, std::string_view plugin, std::int64_t id, const storage::Scope& scope,
                   const identity::Principal& principal) {
    auto rows =
        tx.query("SELECT name, state, attempts, progress_done, progress_total, result, error, created_at, "
                 "started_at, finished_at, owner_user, owner_org, owner_token FROM job "
                 "WHERE id = :id AND plugin = :plugin",
                 {{"id", id}, {"plugin", plugin}});
    if (!rows.next() || !mayBeSeen(scope, principal, rows.integer(10), rows.integer(11), rows.integer(12)))
        throw Error(404, "core.job.unknown",
                    Value::map([&](MapWriter& m) { m.set("job", std::to_string(id)); }));
    return Value::map([&](MapWriter& m) {
        m.set("job", std::to_string(id)).set("name", rows.text(0)).set("state", rows.text(1));
        m.set("attempts", rows.integer(2));
        m.map("progress",
              [&](MapWriter& p) { p.set("done", rows.integer(3)).set("total", rows.integer(4)); });
        m.set("result", ValueView(rows.text(5))).set("error", ValueView(rows.text(6)));
        m.set("createdAt", rows.integer(7))
            .set("startedAt", rows.integer(8))
            .set("finishedAt", rows.integer(9));
    });
}

void Jobs::progress(storage::Tx& tx, const RunningJob& job, const Progress& progress) {
    const std::int64_t rows = tx.exec("UPDATE job SET progress_done = :done, progress_total = :total, "
                                      "lease_until = :until "
                                      "WHERE id = :id AND state = 'running' AND lease_owner = :owner "
                                      "AND attempts = :attempt",
                                      {{"done", progress.done},
                                       {"total", progress.total},
                                       {"until", time() + job.lease},
                                       {"id", job.id},
                                       {"owner", job.owner},
                                       {"attempt", job.attempt}});
    if (rows == 0) throw Error(409, "core.job.lease_lost");
}

Progress Jobs::reached(storage::Tx& tx, const RunningJob& job) {
    auto rows = tx.query("SELECT progress_done, progress_total FROM job WHERE id = :id AND state = 'running' "
                         "AND lease_owner = :owner AND attempts = :attempt",
                         {{"id", job.id}, {"owner", job.owner}, {"attempt", job.attempt}});
    if (!rows.next()) throw Error(409, "core.job.lease_lost");
    return {rows.integer(0), rows.integer(1)};
}

std::optional<Job> Jobs::take(std::string_view plugin) {
    const auto lease = pool_.lease();
    for (;;) {
        const Micros at = time();
        std::int64_t id = 0, begun = 0, forgiven = 0;
        std::string name;
        {
            // A look without the writer's lock first: most looks find nothing.
            storage::Tx tx(*lease, storage::Tx::Mode::read);
            const auto look = [&](std::string_view sql) {
                auto rows = tx.query(sql, {{"plugin", plugin}, {"now", at}});
                if (!rows.next()) return false;
                id = rows.integer(0);
                begun = rows.integer(1);
                name = rows.text(2);
                forgiven = rows.integer(3);
                return true;
            };
            // What died on the way goes before what has not begun, or a backlog would hold it up.
            if (!look("SELECT id, attempts, name, forgiven FROM job "
                      "WHERE plugin = :plugin AND state = 'running' AND lease_until <= :now "
                      "ORDER BY run_after, id LIMIT 1") &&
                !look("SELECT id, attempts, name, forgiven FROM job "
                      "WHERE plugin = :plugin AND state = 'queued' AND run_after <= :now "
                      "ORDER BY run_after, id LIMIT 1"))
                return std::nullopt;
        }
        const bool spent = begun - forgiven >= retryOf(plugin, name).attempts;
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        const Value reason =
            errorValue(Error(500, "core.job.attempts",
                             Value::map([&](MapWriter& m) { m.set("attempts", begun - forgiven); })));
        const std::int64_t taken =
            spent ? tx.exec(
                        "UPDATE job SET state = 'failed', error = :error, finished_at = :now, dead_at = :now "
                        "WHERE id = :id AND attempts = :begun "
                        "AND (state = 'queued' OR (state = 'running' AND lease_until <= :now))",
                        {{"error", storage::Cell::blob(reason.bytes())},
                         {"now", at},
                         {"id", id},
                         {"begun", begun}})
                  : tx.exec("UPDATE job SET state = 'running', lease_owner = :owner, lease_until = :until, "
                            "attempts = attempts + 1, started_at = :now "
                            "WHERE id = :id AND attempts = :begun "
                            "AND ((state = 'queued' AND run_after <= :now) "
                            "OR (state = 'running' AND lease_until <= :now))",
                            {{"owner", owner_},
                             {"until", time() + options_.lease},
                             {"now", at},
                             {"id", id},
                             {"begun", begun}});
        if (taken == 0 || spent) {
            tx.commit();
            if (taken != 0) tellMoved(id);
            continue;
        }
        Job job;
        {
            auto rows =
                tx.query("SELECT arguments, principal, request_id FROM job WHERE id = :id", {{"id", id}});
            rows.next();
            job.id = id;
            job.plugin = plugin;
            job.name = name;
            job.arguments = keptValue(rows.text(0));
            if (!rows.isNull(1)) job.principal = identity::Principal::fromValue(ValueView(rows.text(1)));
            job.requestId = rows.text(2);
            job.attempt = begun + 1;
            job.tries = job.attempt - forgiven;
        }
        // A token belongs to the plugin whose job it is; the flat form leaves that out.
        if (job.principal.isToken()) job.principal.tokenPlugin = job.plugin;
        tx.commit();
        tellMoved(id);
        return job;
    }
}

bool Jobs::renew(const RunningJob& job) {
    const auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const std::int64_t rows = tx.exec(
        "UPDATE job SET lease_until = :until "
        "WHERE id = :id AND state = 'running' AND lease_owner = :owner "
        "AND attempts = :attempt",
        {{"until", time() + job.lease}, {"id", job.id}, {"owner", job.owner}, {"attempt", job.attempt}});
    tx.commit();
    return rows == 1;
}

End Jobs::finish(const Job& job, const Result<Value>& outcome) {
    const RunningJob key = running(job);
    bool stored = false;
    End end = outcome ? End::done : End::failed;
    if (outcome && outcome->bytes().size() > cap) {
        end = End::failed;
        stored = conclude(key, Error(413, "core.job.size"));
    } else if (outcome) {
        stored = conclude(key, outcome);
    } else {
        const Retry retry = retryOf(job.plugin, job.name);
        const bool away = outcome.error().id() == "core.plugin.away";
        if (away || retry.isAgain(outcome.error().status(), job.tries)) {
            end = End::again;
            stored = putBack(key, time() + (away ? retry.pause : retry.pauseAfter(job.tries)),
                             away ? job.attempt - 1 : job.attempt, errorValue(outcome.error()));
        } else {
            stored = conclude(key, outcome);
        }
    }
    if (!stored) return End::lost;
    tellMoved(job.id);
    return end;
}

bool Jobs::conclude(const RunningJob& job, const Result<Value>& outcome) {
    const Value reason = outcome ? Value() : errorValue(outcome.error());
    const bool fault = !outcome && outcome.error().status() >= 500;
    const auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const std::int64_t rows =
        tx.exec("UPDATE job SET state = :state, result = :result, error = :error, finished_at = :now, "
                "dead_at = CASE WHEN :fault = 1 OR (:failed = 1 AND scheduled = 1) THEN :now ELSE 0 END "
                "WHERE id = :id AND state = 'running' AND lease_owner = :owner "
                "AND attempts = :attempt",
                {{"state", outcome ? "done" : "failed"},
                 {"result", outcome ? blobOrNull(outcome->view()) : storage::Cell()},
                 {"error", blobOrNull(reason)},
                 {"now", time()},
                 {"fault", std::int64_t{fault}},
                 {"failed", std::int64_t{!outcome}},
                 {"id", job.id},
                 {"owner", job.owner},
                 {"attempt", job.attempt}});
    tx.commit();
    return rows == 1;
}

bool Jobs::putBack(const RunningJob& job, Micros runAfter, std::int64_t attempts, ValueView error) {
    const auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const std::int64_t rows =
        tx.exec("UPDATE job SET state = 'queued', run_after = :after, attempts = :attempts, "
                "error = :error, lease_until = 0 "
                "WHERE id = :id AND state = 'running' AND lease_owner = :owner "
                "AND attempts = :attempt",
                {{"after", runAfter},
                 {"attempts", attempts},
                 {"error", blobOrNull(error)},
                 {"id", job.id},
                 {"owner", job.owner},
                 {"attempt", job.attempt}});
    tx.commit();
    return rows == 1;
}

std::int64_t Jobs::purge(Micros before, Micros scheduledBefore) {
    const auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const std::int64_t rows =
        tx.exec("DELETE FROM job "
                "WHERE finished_at > 0 AND dead_at = 0 "
                "AND (finished_at < :before OR (scheduled = 1 AND finished_at < :scheduled))",
                {{"before", before}, {"scheduled", scheduledBefore}});
    tx.commit();
    return rows;
}

} // namespace dalate::services::jobs
