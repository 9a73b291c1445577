// SPDX-License-Identifier: Apache-2.0
#include "identity/Sessions.h"

#include "base/Ids.h"
#include "base/Sha256.h"
#include "identity/Csrf.h"
#include "identity/Delegations.h"
#include "identity/Desks.h"
#include "storage/Tx.h"

#include <algorithm>
#include <vector>

namespace dalate::identity {
namespace {

constexpr std::size_t idLength = 64;

bool isId(std::string_view id) noexcept {
    return id.size() == idLength && std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> parts;
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        parts.emplace_back(list.substr(0, comma));
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return parts;
}

} // namespace

Sessions::Opened Sessions::open(storage::Tx& tx, std::int64_t account, const Principal& principal,
                                Micros time, std::string_view replaced) {
    if (!replaced.empty()) end(tx, replaced);
    Opened opened{randomHex(idLength / 2), Csrf::newSecret()};
    tx.exec("INSERT INTO session (id_hash, account, csrf_secret, opened_at, used_at, idle_limit, expires_at)"
            " VALUES (:id_hash, :account, :csrf_secret, :opened_at, :used_at, :idle_limit, :expires_at)",
            {{"id_hash", sha256Hex(opened.id)},
             {"account", account},
             {"csrf_secret", opened.csrfSecret},
             {"opened_at", time},
             {"used_at", time},
             {"idle_limit", principal.isStaff() ? idleStaff : idlePublic},
             {"expires_at", time + absolute}});
    return opened;
}

std::optional<Session> Sessions::find(storage::Tx& tx, std::string_view id, Micros time) {
    if (!isId(id)) return std::nullopt;
    Session session;
    session.key = sha256Hex(id);
    Principal& person = session.principal;
    bool sits = false, acts = false;
    {
        // Most people have no desk and act for nobody: whether one does costs two looks into an index, and
        // only who does pays for the rest.
        auto rows = tx.query(
            "SELECT s.csrf_secret, s.used_at, s.idle_limit, s.expires_at, a.id, a.name, a.organisation,"
            " o.name, (SELECT GROUP_CONCAT(r.role) FROM account_role r WHERE r.account = a.id),"
            " EXISTS (SELECT 1 FROM desk_member m WHERE m.account = a.id),"
            " EXISTS (SELECT 1 FROM delegation d WHERE d.taker = a.id AND d.ends_at > :time)"
            " FROM session s"
            " JOIN account a ON a.id = s.account"
            " LEFT JOIN organisation o ON o.id = a.organisation"
            " WHERE s.id_hash = :key"
            " AND a.disabled = 0",
            {{"time", time}, {"key", session.key}});
        if (!rows.next()) return std::nullopt;
        session.csrfSecret = rows.text(0);
        session.usedAt = rows.integer(1);
        session.expiresAt = rows.integer(3);
        if (time >= session.expiresAt || time - session.usedAt >= rows.integer(2)) return std::nullopt;
        person.kind = Principal::Kind::person;
        person.user = rows.integer(4);
        person.name = rows.text(5);
        person.organisation = rows.maybeInteger(6).value_or(0);
        person.organisationName = rows.text(7);
        person.roles = split(rows.text(8));
        sits = rows.flag(9);
        acts = rows.flag(10);
    }
    if (sits) person.desks = Desks::seatsOf(tx, person.user);
    if (acts) person.delegated = Delegations::rolesOf(tx, person.user, time);
    return session;
}

void Sessions::end(storage::Tx& tx, std::string_view id) {
    if (isId(id)) tx.exec("DELETE FROM session WHERE id_hash = :key", {{"key", sha256Hex(id)}});
}

void Sessions::endAll(storage::Tx& tx, std::int64_t account) {
    tx.exec("DELETE FROM session WHERE account = :account", {{"account", account}});
}

std::int64_t Sessions::purge(storage::Tx& tx, Micros time) {
    return tx.exec("DELETE FROM session WHERE expires_at <= :expired OR used_at + idle_limit <= :idle",
                   {{"expired", time}, {"idle", time}});
}

} // namespace dalate::identity
