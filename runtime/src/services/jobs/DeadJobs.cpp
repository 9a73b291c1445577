// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/DeadJobs.h"

#include "base/Result.h"
#include "storage/Tx.h"

namespace dalate::services::jobs {

namespace {

void demandOne(std::int64_t rows, std::int64_t id) {
    if (rows == 0)
        throw Error(404, "core.job.no_letter",
                    Value::map([&](MapWriter& m) { m.set("job", std::to_string(id)); }));
}

} // namespace

std::vector<DeadJob> DeadJobs::list(storage::Tx& tx, std::int64_t after, std::int64_t limit) {
    std::vector<DeadJob> all;
    auto rows = tx.query("SELECT id, plugin, name, error, attempts, replays, dead_at FROM job "
                         "WHERE dead_at > 0 AND id > :after ORDER BY id LIMIT :limit",
                         {{"after", after}, {"limit", limit}});
    while (rows.next())
        all.push_back({rows.integer(0), std::string(rows.text(1)), std::string(rows.text(2)),
                       rows.isNull(3) ? Value() : Value::adopt(std::string(rows.text(3))), rows.integer(4),
                       rows.integer(5), rows.integer(6)});
    return all;
}

std::int64_t DeadJobs::count(storage::Tx& tx) {
    auto rows = tx.query("SELECT COUNT(*) FROM job WHERE dead_at > 0");
    rows.next();
    return rows.integer(0);
}

void DeadJobs::replay(storage::Tx& tx, std::int64_t id, Micros at) {
    demandOne(
        tx.exec("UPDATE job SET state = 'queued', forgiven = attempts, run_after = :at, lease_until = 0, "
                "lease_owner = '', finished_at = 0, dead_at = 0, replays = replays + 1 "
                "WHERE id = :id AND state = 'failed' AND dead_at > 0",
                {{"at", at}, {"id", id}}),
        id);
}

void DeadJobs::drop(storage::Tx& tx, std::int64_t id) {
    demandOne(tx.exec("UPDATE job SET dead_at = 0 WHERE id = :id AND state = 'failed' AND dead_at > 0",
                      {{"id", id}}),
              id);
}

} // namespace dalate::services::jobs
