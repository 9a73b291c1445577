// SPDX-License-Identifier: Apache-2.0
#include "identity/Desks.h"

#include "base/Ids.h"
#include "identity/Audit.h"
#include "identity/Organisations.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::identity {
namespace {

bool isName(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 40 && text.front() >= 'a' && text.front() <= 'z' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::string objectOf(std::int64_t desk) {
    return "desk/" + std::to_string(desk);
}

Desk read(const storage::Rows& rows) {
    Desk desk;
    desk.id = rows.integer(0);
    desk.organisation = rows.integer(1);
    desk.organisationName = rows.text(2);
    desk.name = rows.text(3);
    desk.title = rows.text(4);
    return desk;
}

Desk demand(storage::Tx& tx, std::int64_t id) {
    auto found = Desks::find(tx, id);
    if (!found)
        throw Error(404, "core.desk.unknown",
                    Value::map([&](MapWriter& m) { m.set("name", std::to_string(id)); }));
    return *std::move(found);
}

void recordMember(storage::Tx& tx, const Principal& actor, std::string_view action, const Desk& desk,
                  std::int64_t account, std::string_view requestId) {
    Audit::record(tx, actor, action, objectOf(desk.id), Value::map([&](MapWriter& m) {
                      m.set("desk", desk.name).set("account", std::to_string(account));
                  }),
                  requestId);
}

} // namespace

std::int64_t Desks::create(storage::Tx& tx, const Principal& actor, std::int64_t organisation,
                           std::string_view name, std::string_view title, std::string_view requestId) {
    if (!isName(name)) throw Error(422, "core.desk.name");
    if (title.empty() || title.size() > 200) throw Error(422, "core.desk.title");
    if (!Organisations::find(tx, organisation))
        throw Error(404, "core.org.unknown",
                    Value::map([&](MapWriter& m) { m.set("name", std::to_string(organisation)); }));
    if (find(tx, organisation, name))
        throw Error(409, "core.desk.taken", Value::map([&](MapWriter& m) { m.set("name", name); }));
    const std::int64_t id = newId();
    tx.exec("INSERT INTO desk (id, organisation, name, title, created_at)"
            " VALUES (:id, :organisation, :name, :title, :created_at)",
            {{"id", id},
             {"organisation", organisation},
             {"name", name},
             {"title", title},
             {"created_at", now()}});
    Audit::record(
        tx, actor, "desk.create", objectOf(id), Value::map([&](MapWriter& m) {
            m.set("name", name).set("title", title).set("organisation", std::to_string(organisation));
        }),
        requestId);
    return id;
}

void Desks::add(storage::Tx& tx, const Principal& actor, std::int64_t id, std::int64_t account,
                std::string_view requestId) {
    const Desk desk = demand(tx, id);
    {
        auto rows = tx.query("SELECT organisation, disabled FROM account WHERE id = :id", {{"id", account}});
        if (!rows.next())
            throw Error(404, "core.account.unknown",
                        Value::map([&](MapWriter& m) { m.set("name", std::to_string(account)); }));
        if (rows.flag(1)) throw Error(409, "core.account.barred");
        if (rows.maybeInteger(0) != desk.organisation) throw Error(409, "core.desk.organisation");
    }
    const auto seats = seatsOf(tx, account);
    if (std::any_of(seats.begin(), seats.end(), [&](const Seat& seat) { return seat.desk == id; })) return;
    tx.exec("INSERT INTO desk_member (desk, account, since) VALUES (:desk, :account, :since)",
            {{"desk", id}, {"account", account}, {"since", now()}});
    recordMember(tx, actor, "desk.member.add", desk, account, requestId);
}

void Desks::remove(storage::Tx& tx, const Principal& actor, std::int64_t id, std::int64_t account,
                   std::string_view requestId) {
    const Desk desk = demand(tx, id);
    if (tx.exec("DELETE FROM desk_member WHERE desk = :desk AND account = :account",
                {{"desk", id}, {"account", account}}) == 0)
        throw Error(404, "core.desk.no_member");
    recordMember(tx, actor, "desk.member.remove", desk, account, requestId);
}

std::optional<Desk> Desks::find(storage::Tx& tx, std::int64_t id) {
    auto rows = tx.query("SELECT d.id, d.organisation, o.name, d.name, d.title"
                         " FROM desk d"
                         " JOIN organisation o ON o.id = d.organisation"
                         " WHERE d.id = :id",
                         {{"id", id}});
    if (!rows.next()) return std::nullopt;
    return read(rows);
}

std::optional<Desk> Desks::find(storage::Tx& tx, std::int64_t organisation, std::string_view name) {
    auto rows = tx.query("SELECT d.id, d.organisation, o.name, d.name, d.title"
                         " FROM desk d"
                         " JOIN organisation o ON o.id = d.organisation"
                         " WHERE d.organisation = :organisation"
                         " AND d.name = :name",
                         {{"organisation", organisation}, {"name", name}});
    if (!rows.next()) return std::nullopt;
    return read(rows);
}

std::vector<Desk> Desks::list(storage::Tx& tx, std::int64_t organisation) {
    auto rows = tx.query("SELECT d.id, d.organisation, o.name, d.name, d.title"
                         " FROM desk d"
                         " JOIN organisation o ON o.id = d.organisation"
                         " WHERE :every = 1 OR d.organisation = :organisation"
                         " ORDER BY o.name, d.organisation, d.name",
                         {{"every", organisation == 0 ? 1 : 0}, {"organisation", organisation}});
    std::vector<Desk> all;
    while (rows.next())
        all.push_back(read(rows));
    return all;
}

std::vector<Desks::Member> Desks::members(storage::Tx& tx, std::int64_t desk) {
    auto rows = tx.query("SELECT a.id, a.login, a.name, m.since"
                         " FROM desk_member m"
                         " JOIN account a ON a.id = m.account"
                         " WHERE m.desk = :desk"
                         " AND a.disabled = 0"
                         " ORDER BY a.name, a.id",
                         {{"desk", desk}});
    std::vector<Member> all;
    while (rows.next())
        all.push_back(
            {rows.integer(0), std::string(rows.text(1)), std::string(rows.text(2)), rows.integer(3)});
    return all;
}

std::vector<Seat> Desks::seatsOf(storage::Tx& tx, std::int64_t account) {
    auto rows = tx.query("SELECT d.id, d.organisation, d.name"
                         " FROM desk_member m"
                         " JOIN desk d ON d.id = m.desk"
                         " WHERE m.account = :account"
                         " ORDER BY d.id",
                         {{"account", account}});
    std::vector<Seat> seats;
    while (rows.next())
        seats.push_back({rows.integer(0), rows.integer(1), std::string(rows.text(2))});
    return seats;
}

} // namespace dalate::identity
