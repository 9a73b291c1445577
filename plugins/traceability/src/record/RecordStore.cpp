// SPDX-License-Identifier: Apache-2.0
#include "record/RecordStore.h"

namespace dalate::traceability {

namespace {

RecordRow rowOf(const Rows& rows) {
    RecordRow r;
    r.id = rows.integer(0);
    r.person = rows.integer(1);
    r.organisation = rows.integer(2);
    r.kind = rows.text(3);
    r.node = rows.integer(4);
    r.event = rows.integer(5);
    r.happenedAt = rows.integer(6);
    r.recordedAt = rows.integer(7);
    r.summary = rows.text(8);
    r.voidedAt = rows.integer(9);
    return r;
}

} // namespace

void RecordStore::add(const RecordRow& r) {
    tx_.exec("INSERT INTO traceability_record "
             "(id, person, organisation, kind, node, event, happened_at, recorded_at, summary) "
             "VALUES (:id, :person, :organisation, :kind, :node, :event, :happened_at, :recorded_at, :summary)",
             {{"id", r.id}, {"person", r.person}, {"organisation", r.organisation}, {"kind", r.kind}, {"node", r.node},
              {"event", r.event}, {"happened_at", r.happenedAt}, {"recorded_at", r.recordedAt}, {"summary", r.summary}});
}

std::vector<RecordRow> RecordStore::latest(std::size_t limit) {
    Rows rows = tx_.query("SELECT r.id, r.person, r.organisation, r.kind, r.node, r.event, r.happened_at, r.recorded_at, "
                          "r.summary, r.voided_at FROM traceability_record r WHERE {scope:r} "
                          "ORDER BY r.recorded_at DESC LIMIT :most",
                          {{"most", limit}});
    std::vector<RecordRow> found;
    while (rows.next()) found.push_back(rowOf(rows));
    return found;
}

std::optional<RecordRow> RecordStore::find(std::int64_t id) {
    Rows rows = tx_.query("SELECT r.id, r.person, r.organisation, r.kind, r.node, r.event, r.happened_at, r.recorded_at, "
                          "r.summary, r.voided_at FROM traceability_record r WHERE {scope:r} AND r.id = :id",
                          {{"id", id}});
    return rows.next() ? std::optional(rowOf(rows)) : std::nullopt;
}

bool RecordStore::setVoided(std::int64_t id, Time now) {
    return tx_.exec("UPDATE traceability_record SET voided_at = :now "
                    "WHERE {scope:traceability_record} AND id = :id AND voided_at = 0",
                    {{"id", id}, {"now", now}}) > 0;
}

} // namespace dalate::traceability
