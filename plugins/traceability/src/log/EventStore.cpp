// SPDX-License-Identifier: Apache-2.0
#include "log/EventStore.h"

#include <set>

namespace dalate::traceability {

namespace {

/// The party that a list of sources or destinations names: who owns the goods, or else who has them.
std::string_view partyOf(const std::vector<epcis::TypedId>& list) {
    std::string_view holder;
    for (const epcis::TypedId& each : list) {
        const auto ends = [&](std::string_view word) {
            return each.type.size() >= word.size() && each.type.compare(each.type.size() - word.size(), word.size(), word) == 0;
        };
        if (ends("owning_party")) return each.id;
        if (ends("possessing_party")) holder = each.id;
    }
    return holder;
}

EventRow rowOf(const Rows& rows) {
    EventRow row;
    row.id = rows.integer(0);
    row.eventId = rows.text(1);
    row.declaresError = rows.integer(2) != 0;
    row.voided = rows.integer(3);
    row.type = static_cast<epcis::EventType>(rows.integer(4));
    row.eventTime = rows.integer(5);
    row.recordTime = rows.integer(6);
    row.step = rows.text(7);
    row.disposition = rows.text(8);
    row.readPoint = rows.text(9);
    row.place = rows.text(10);
    row.sender = rows.text(11);
    row.receiver = rows.text(12);
    row.organisation = rows.integer(13);
    row.body = rows.text(14);
    return row;
}

} // namespace

std::optional<EventHead> EventStore::head(std::string_view eventId, bool declaresError) {
    Rows rows = tx_.query("SELECT id, content, voided, organisation FROM traceability_event "
                          "WHERE event_id = :event_id AND declares_error = :declares",
                          {{"event_id", eventId}, {"declares", declaresError}});
    if (!rows.next()) return std::nullopt;
    return EventHead{rows.integer(0), std::string(rows.text(1)), rows.integer(2), rows.integer(3)};
}

void EventStore::add(const epcis::Event& event, std::int64_t id, std::string_view eventId, std::string_view content,
                     std::string_view body, Time recordTime, std::int64_t voided, const Captor& captor) {
    tx_.exec("INSERT INTO traceability_event "
             "(id, event_id, declares_error, voided, kind, type_name, event_time, record_time, action, biz_step, "
             "disposition, read_point, biz_location, sender, receiver, content, body, organisation, captured_by, capture) "
             "VALUES (:id, :event_id, :declares, :voided, :kind, :type_name, :event_time, :record_time, :action, :step, "
             ":disposition, :read_point, :place, :sender, :receiver, :content, :body, :organisation, :user, :capture)",
             {{"id", id},
              {"event_id", eventId},
              {"declares", event.errorDeclaration.has_value()},
              {"voided", voided},
              {"kind", static_cast<int>(event.type)},
              {"type_name", event.typeName},
              {"event_time", event.eventTime},
              {"record_time", recordTime},
              {"action", event.action ? static_cast<int>(*event.action) : -1},
              {"step", identifiers_.intern(event.bizStep)},
              {"disposition", identifiers_.intern(event.disposition)},
              {"read_point", identifiers_.intern(event.readPoint)},
              {"place", identifiers_.intern(event.bizLocation)},
              {"sender", identifiers_.intern(partyOf(event.sources))},
              {"receiver", identifiers_.intern(partyOf(event.destinations))},
              {"content", content},
              {"body", body},
              {"organisation", captor.organisation},
              {"user", captor.user},
              {"capture", captor.capture}});
    std::set<std::pair<Node, int>> keys;
    for (const epcis::Key& key : event.keys()) keys.emplace(identifiers_.intern(key.id), static_cast<int>(key.field));
    for (const auto& [node, field] : keys)
        tx_.exec("INSERT INTO traceability_event_key (ident, field, event) VALUES (:ident, :field, :event)",
                 {{"ident", node}, {"field", field}, {"event", id}});
}

void EventStore::setVoided(std::int64_t id, std::int64_t declaration) {
    tx_.exec("UPDATE traceability_event SET voided = :declaration WHERE id = :id AND voided = 0",
             {{"id", id}, {"declaration", declaration}});
}

std::optional<std::string> EventStore::body(std::int64_t id) {
    Rows rows = tx_.query("SELECT body FROM traceability_event WHERE id = :id", {{"id", id}});
    return rows.next() ? std::optional(std::string(rows.text(0))) : std::nullopt;
}

std::optional<std::string> EventStore::bodyOf(std::string_view eventId, std::optional<std::int64_t> organisation) {
    Rows rows = tx_.query("SELECT body FROM traceability_event WHERE event_id = :event_id "
                          "AND (:organisation IS NULL OR organisation = :organisation) "
                          "ORDER BY declares_error DESC LIMIT 1",
                          {{"event_id", eventId}, {"organisation", organisation}});
    return rows.next() ? std::optional(std::string(rows.text(0))) : std::nullopt;
}

std::vector<EventRow> EventStore::naming(Node node, std::size_t limit) {
    Rows rows = tx_.query(
        "SELECT e.id, e.event_id, e.declares_error, e.voided, e.kind, e.event_time, e.record_time, "
        "s.uri, d.uri, r.uri, p.uri, f.uri, t.uri, e.organisation, e.body "
        "FROM traceability_event e "
        "LEFT JOIN traceability_ident s ON s.id = e.biz_step LEFT JOIN traceability_ident d ON d.id = e.disposition "
        "LEFT JOIN traceability_ident r ON r.id = e.read_point LEFT JOIN traceability_ident p ON p.id = e.biz_location "
        "LEFT JOIN traceability_ident f ON f.id = e.sender LEFT JOIN traceability_ident t ON t.id = e.receiver "
        "WHERE e.id IN (SELECT event FROM traceability_event_key WHERE ident = :node) "
        "AND e.voided = 0 AND e.declares_error = 0 ORDER BY e.event_time, e.event_id LIMIT :most",
        {{"node", node}, {"most", limit}});
    std::vector<EventRow> found;
    while (rows.next()) found.push_back(rowOf(rows));
    return found;
}

std::size_t EventStore::countVoided(Node node) {
    Rows rows = tx_.query("SELECT COUNT(*) FROM traceability_event WHERE voided <> 0 AND declares_error = 0 "
                          "AND id IN (SELECT event FROM traceability_event_key WHERE ident = :node)",
                          {{"node", node}});
    return rows.next() ? static_cast<std::size_t>(rows.integer(0)) : 0;
}

std::optional<EventRow> EventStore::row(std::int64_t id) {
    Rows rows = tx_.query(
        "SELECT e.id, e.event_id, e.declares_error, e.voided, e.kind, e.event_time, e.record_time, "
        "s.uri, d.uri, r.uri, p.uri, f.uri, t.uri, e.organisation, e.body "
        "FROM traceability_event e "
        "LEFT JOIN traceability_ident s ON s.id = e.biz_step LEFT JOIN traceability_ident d ON d.id = e.disposition "
        "LEFT JOIN traceability_ident r ON r.id = e.read_point LEFT JOIN traceability_ident p ON p.id = e.biz_location "
        "LEFT JOIN traceability_ident f ON f.id = e.sender LEFT JOIN traceability_ident t ON t.id = e.receiver "
        "WHERE e.id = :id",
        {{"id", id}});
    if (!rows.next()) return std::nullopt;
    return rowOf(rows);
}

} // namespace dalate::traceability
