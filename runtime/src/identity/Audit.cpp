// SPDX-License-Identifier: Apache-2.0
#include "identity/Audit.h"

#include "base/Ids.h"
#include "base/Json.h"
#include "storage/Tx.h"

namespace dalate::identity {

void Audit::record(storage::Tx& tx, const Principal& actor, std::string_view action, std::string_view object,
                   ValueView details, std::string_view requestId) {
    const std::string text = details.isNull() ? "{}" : json::write(details);
    tx.exec(
        "INSERT INTO audit (id, at, actor_kind, actor, actor_name, organisation_name, action, object, "
        "details,"
        " request_id)"
        " VALUES (:id, :at, :actor_kind, :actor, :actor_name, :organisation_name, :action, :object, :details,"
        " :request_id)",
        {{"id", newId()},
         {"at", now()},
         {"actor_kind", actor.kindName()},
         {"actor", actor.isToken() ? actor.token : actor.user},
         {"actor_name", actor.name},
         {"organisation_name", actor.organisationName},
         {"action", action},
         {"object", object},
         {"details", text},
         {"request_id", requestId}});
}

std::vector<Audit::Entry> Audit::latest(storage::Tx& tx, std::string_view object, std::int64_t limit) {
    auto rows =
        object.empty()
            ? tx.query(
                  "SELECT id, at, actor_kind, actor, actor_name, organisation_name, action, object, details,"
                  " request_id"
                  " FROM audit"
                  " ORDER BY id DESC"
                  " LIMIT :most",
                  {{"most", limit}})
            : tx.query(
                  "SELECT id, at, actor_kind, actor, actor_name, organisation_name, action, object, details,"
                  " request_id"
                  " FROM audit"
                  " WHERE object = :object"
                  " ORDER BY id DESC"
                  " LIMIT :most",
                  {{"object", object}, {"most", limit}});
    std::vector<Entry> entries;
    while (rows.next()) {
        Entry entry;
        entry.id = rows.integer(0);
        entry.at = rows.integer(1);
        entry.actorKind = rows.text(2);
        entry.actor = rows.integer(3);
        entry.actorName = rows.text(4);
        entry.organisationName = rows.text(5);
        entry.action = rows.text(6);
        entry.object = rows.text(7);
        entry.details = rows.text(8);
        entry.requestId = rows.text(9);
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace dalate::identity
