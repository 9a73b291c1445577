// SPDX-License-Identifier: Apache-2.0
#include "identity/Delegations.h"

#include "base/Ids.h"
#include "identity/Accounts.h"
#include "identity/Audit.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::identity {
namespace {

std::string objectOf(std::int64_t id) {
    return "delegation/" + std::to_string(id);
}

std::vector<Delegation> readAll(storage::Rows rows) {
    std::vector<Delegation> all;
    while (rows.next()) {
        Delegation each;
        each.id = rows.integer(0);
        each.giver = rows.integer(1);
        each.giverName = rows.text(2);
        each.taker = rows.integer(3);
        each.takerName = rows.text(4);
        each.role = rows.text(5);
        each.starts = rows.integer(6);
        each.ends = rows.integer(7);
        each.ended = rows.flag(8);
        all.push_back(std::move(each));
    }
    return all;
}

void demandTerm(const Delegations::New& wanted, Micros time) {
    const Micros begins = std::max(wanted.starts, time);
    if (wanted.ends <= begins || wanted.ends - begins > Delegations::longest || wanted.starts < 0)
        throw Error(422, "core.delegation.term");
}

} // namespace

bool Delegations::isDelegable(std::string_view role) noexcept {
    return role::isStaff(role) && role != role::operatorRole && role != role::auditor;
}

std::int64_t Delegations::give(storage::Tx& tx, const Principal& actor, const New& wanted, Micros time,
                               std::string_view requestId) {
    if (!isDelegable(wanted.role)) throw Error(422, "core.delegation.not_delegable");
    demandTerm(wanted, time);
    const auto giver = Accounts::find(tx, wanted.giver);
    const auto taker = Accounts::find(tx, wanted.taker);
    if (!giver || !taker || taker->disabled)
        throw Error(404, "core.account.unknown", Value::map([&](MapWriter& m) {
                        m.set("name", std::to_string(giver ? wanted.taker : wanted.giver));
                    }));
    if (std::find(giver->roles.begin(), giver->roles.end(), wanted.role) == giver->roles.end())
        throw Error(409, "core.delegation.role",
                    Value::map([&](MapWriter& m) { m.set("role", wanted.role); }));
    if (giver->id == taker->id || giver->organisation == 0 || giver->organisation != taker->organisation)
        throw Error(409, "core.delegation.organisation");
    const std::int64_t id = newId();
    tx.exec("INSERT INTO delegation (id, giver, taker, role, starts_at, ends_at, ended, created_at)"
            " VALUES (:id, :giver, :taker, :role, :starts_at, :ends_at, 0, :created_at)",
            {{"id", id},
             {"giver", wanted.giver},
             {"taker", wanted.taker},
             {"role", wanted.role},
             {"starts_at", wanted.starts},
             {"ends_at", wanted.ends},
             {"created_at", time}});
    Audit::record(tx, actor, "delegation.give", objectOf(id), Value::map([&](MapWriter& m) {
                      m.set("giver", giver->login)
                          .set("taker", taker->login)
                          .set("role", wanted.role)
                          .set("starts", toRfc3339(wanted.starts))
                          .set("ends", toRfc3339(wanted.ends));
                  }),
                  requestId);
    return id;
}

void Delegations::end(storage::Tx& tx, const Principal& actor, std::int64_t giver, std::int64_t id,
                      Micros time, std::string_view requestId) {
    if (tx.exec("UPDATE delegation"
                " SET ends_at = :time, ended = 1"
                " WHERE id = :id"
                " AND ends_at > :still"
                " AND (:anybody = 1 OR giver = :giver)",
                {{"time", time},
                 {"id", id},
                 {"still", time},
                 {"anybody", giver == 0 ? 1 : 0},
                 {"giver", giver}}) == 0)
        throw Error(404, "core.delegation.unknown");
    Audit::record(tx, actor, "delegation.end", objectOf(id), {}, requestId);
}

std::vector<Delegation> Delegations::givenBy(storage::Tx& tx, std::int64_t account, Micros time) {
    return readAll(
        tx.query("SELECT d.id, d.giver, g.name, d.taker, t.name, d.role, d.starts_at, d.ends_at, d.ended"
                 " FROM delegation d"
                 " JOIN account g ON g.id = d.giver"
                 " JOIN account t ON t.id = d.taker"
                 " WHERE d.giver = :account"
                 " AND d.ends_at > :time"
                 " ORDER BY d.starts_at, d.id",
                 {{"account", account}, {"time", time}}));
}

std::vector<Delegation> Delegations::givenTo(storage::Tx& tx, std::int64_t account, Micros time) {
    return readAll(
        tx.query("SELECT d.id, d.giver, g.name, d.taker, t.name, d.role, d.starts_at, d.ends_at, d.ended"
                 " FROM delegation d"
                 " JOIN account g ON g.id = d.giver"
                 " JOIN account t ON t.id = d.taker"
                 " WHERE d.taker = :account"
                 " AND d.ends_at > :time"
                 " ORDER BY d.starts_at, d.id",
                 {{"account", account}, {"time", time}}));
}

std::vector<DelegatedRole> Delegations::rolesOf(storage::Tx& tx, std::int64_t account, Micros time) {
    auto rows = tx.query("SELECT d.role, d.giver, g.name, d.ends_at"
                         " FROM delegation d"
                         " JOIN account g ON g.id = d.giver AND g.disabled = 0"
                         " JOIN account t ON t.id = d.taker AND t.organisation = g.organisation"
                         " JOIN account_role r ON r.account = d.giver AND r.role = d.role"
                         " LEFT JOIN account_role own ON own.account = d.taker AND own.role = d.role"
                         " WHERE d.taker = :account"
                         " AND d.starts_at <= :began"
                         " AND d.ends_at > :ends"
                         " AND own.role IS NULL"
                         " ORDER BY d.role, d.ends_at DESC, d.id",
                         {{"account", account}, {"began", time}, {"ends", time}});
    std::vector<DelegatedRole> roles;
    while (rows.next())
        // Of several givers of one role the one whose term is longest speaks for it.
        if (roles.empty() || roles.back().role != rows.text(0))
            roles.push_back(
                {std::string(rows.text(0)), rows.integer(1), std::string(rows.text(2)), rows.integer(3)});
    return roles;
}

} // namespace dalate::identity
