// SPDX-License-Identifier: Apache-2.0
#include "services/events/DeadLetters.h"

#include "base/Ids.h"
#include "base/Result.h"
#include "storage/Tx.h"

namespace dalate::services::events {

namespace {

/// A query begins with it; `letter` reads what it names.
constexpr std::string_view select =
    "SELECT id, subscriber, event, plugin, name, payload, hops, request_id, published_at,"
    " error, tries, died_at, asked_at FROM event_dead";

Value errorValue(const Error& error) {
    return Value::map([&](MapWriter& m) {
        m.set("status", error.status()).set("id", error.id()).set("details", error.details());
    });
}

DeadLetter letter(const storage::Rows& rows) {
    DeadLetter dead;
    dead.id = rows.integer(0);
    dead.subscriber = rows.text(1);
    dead.event = {rows.integer(2),
                  std::string(rows.text(3)),
                  std::string(rows.text(4)),
                  Value::adopt(std::string(rows.text(5))),
                  static_cast<int>(rows.integer(6)),
                  std::string(rows.text(7)),
                  rows.integer(8)};
    dead.error = Value::adopt(std::string(rows.text(9)));
    dead.tries = rows.integer(10);
    dead.diedAt = rows.integer(11);
    dead.askedAt = rows.integer(12);
    return dead;
}

} // namespace

void DeadLetters::put(storage::Tx& tx, std::string_view subscriber, const Event& event, const Error& error,
                      std::int64_t tries, Micros at) {
    const Value told = errorValue(error);
    tx.exec("INSERT INTO event_dead (id, subscriber, event, plugin, name, payload, hops, request_id, published_at,"
            " error, tries, died_at) VALUES (:id, :subscriber, :event, :plugin, :name, :payload, :hops, :request,"
            " :published, :error, :tries, :at)",
            {{"id", newId()},
             {"subscriber", subscriber},
             {"event", event.id},
             {"plugin", event.plugin},
             {"name", event.name},
             {"payload", storage::Cell::blob(event.payload.view().raw())},
             {"hops", event.hops},
             {"request", event.requestId},
             {"published", event.publishedAt},
             {"error", storage::Cell::blob(told.view().raw())},
             {"tries", tries},
             {"at", at}});
}

std::vector<DeadLetter> DeadLetters::list(storage::Tx& tx, std::int64_t after, std::int64_t limit) {
    std::vector<DeadLetter> all;
    static const std::string sql = std::string(select) + " WHERE id > :after ORDER BY id LIMIT :limit";
    auto rows = tx.query(sql, {{"after", after}, {"limit", limit}});
    while (rows.next()) all.push_back(letter(rows));
    return all;
}

void DeadLetters::ask(storage::Tx& tx, std::int64_t id, Micros at) {
    if (tx.exec("UPDATE event_dead SET asked_at = :at WHERE id = :id", {{"at", at}, {"id", id}}) == 0)
        throw Error(404, "core.event.no_letter",
                    Value::map([&](MapWriter& m) { m.set("letter", std::to_string(id)); }));
}

std::optional<DeadLetter> DeadLetters::asked(storage::Tx& tx, std::string_view subscriber) {
    static const std::string sql =
        std::string(select) +
        " WHERE subscriber = :subscriber AND asked_at > 0 ORDER BY asked_at, id LIMIT 1";
    auto rows = tx.query(sql, {{"subscriber", subscriber}});
    if (!rows.next()) return std::nullopt;
    return letter(rows);
}

void DeadLetters::settle(storage::Tx& tx, std::int64_t id) {
    tx.exec("DELETE FROM event_dead WHERE id = :id", {{"id", id}});
}

void DeadLetters::failedAgain(storage::Tx& tx, std::int64_t id, const Error& error) {
    const Value told = errorValue(error);
    tx.exec("UPDATE event_dead SET error = :error, tries = tries + 1, asked_at = 0 WHERE id = :id",
            {{"error", storage::Cell::blob(told.view().raw())}, {"id", id}});
}

} // namespace dalate::services::events
