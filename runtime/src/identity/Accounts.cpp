// SPDX-License-Identifier: Apache-2.0
#include "identity/Accounts.h"

#include "base/Clock.h"
#include "base/Ids.h"
#include "identity/Audit.h"
#include "identity/Sessions.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::identity {
namespace {

bool isName(std::string_view text, std::string_view marks) noexcept {
    const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    if (text.empty() || text.size() > 64 || !plain(text.front())) return false;
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return plain(c) || marks.find(c) != std::string_view::npos; });
}

std::string objectOf(std::int64_t account) {
    return "account/" + std::to_string(account);
}

Account read(const storage::Rows& rows) {
    Account account;
    account.id = rows.integer(0);
    account.login = rows.text(1);
    account.name = rows.text(2);
    account.organisation = rows.maybeInteger(3).value_or(0);
    account.passwordHash = rows.text(4);
    account.disabled = rows.flag(5);
    return account;
}

std::vector<std::string> rolesOf(storage::Tx& tx, std::int64_t account) {
    auto rows = tx.query("SELECT role FROM account_role WHERE account = :account ORDER BY role",
                         {{"account", account}});
    std::vector<std::string> roles;
    while (rows.next())
        roles.emplace_back(rows.text(0));
    return roles;
}

std::optional<Account> single(storage::Tx& tx, storage::Rows rows) {
    if (!rows.next()) return std::nullopt;
    Account account = read(rows);
    account.roles = rolesOf(tx, account.id);
    return account;
}

void insertRoles(storage::Tx& tx, std::int64_t account, const std::vector<std::string>& roles) {
    for (const std::string& role : roles) {
        if (!isName(role, "_")) throw Error(422, "core.account.role");
        tx.exec("INSERT INTO account_role (account, role) VALUES (:account, :role)",
                {{"account", account}, {"role", role}});
    }
}

Value rolesValue(const std::vector<std::string>& roles) {
    return Value::map([&](MapWriter& m) {
        m.list("roles", [&](ListWriter& list) {
            for (const std::string& role : roles)
                list.add(role);
        });
    });
}

} // namespace

std::string Accounts::normalise(std::string_view login) {
    while (!login.empty() && login.front() == ' ')
        login.remove_prefix(1);
    while (!login.empty() && login.back() == ' ')
        login.remove_suffix(1);
    std::string lower(login);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

std::int64_t Accounts::create(storage::Tx& tx, const Principal& actor, const NewAccount& account,
                              const std::string& passwordHash) {
    const std::string login = normalise(account.login);
    if (!isName(login, "._-")) throw Error(422, "core.account.login");
    if (account.name.empty() || account.name.size() > 200) throw Error(422, "core.account.name");
    const std::int64_t id = newId();
    try {
        tx.exec("INSERT INTO account (id, login, name, organisation, password_hash, disabled, created_at)"
                " VALUES (:id, :login, :name, :organisation, :password_hash, 0, :created_at)",
                {{"id", id},
                 {"login", login},
                 {"name", account.name},
                 {"organisation",
                  account.organisation != 0 ? storage::Cell(account.organisation) : storage::Cell(nullptr)},
                 {"password_hash", passwordHash},
                 {"created_at", now()}});
    } catch (const storage::StorageError& e) {
        if (e.kind() == storage::StorageError::Kind::unique) throw Error(409, "core.account.taken");
        if (e.kind() == storage::StorageError::Kind::foreignKey) throw Error(404, "core.org.unknown");
        throw;
    }
    insertRoles(tx, id, account.roles);
    Audit::record(tx, actor, "account.create", objectOf(id), rolesValue(account.roles));
    return id;
}

std::optional<Account> Accounts::findByLogin(storage::Tx& tx, std::string_view login) {
    const std::string normal = normalise(login);
    return single(tx, tx.query("SELECT id, login, name, organisation, password_hash, disabled FROM account"
                               " WHERE login = :login",
                               {{"login", normal}}));
}

std::optional<Account> Accounts::find(storage::Tx& tx, std::int64_t id) {
    return single(tx, tx.query("SELECT id, login, name, organisation, password_hash, disabled FROM account"
                               " WHERE id = :id",
                               {{"id", id}}));
}

std::optional<Account> Accounts::firstWithRole(storage::Tx& tx, std::string_view role) {
    return single(tx, tx.query("SELECT a.id, a.login, a.name, a.organisation, a.password_hash, a.disabled"
                               " FROM account_role r"
                               " JOIN account a ON a.id = r.account"
                               " WHERE r.role = :role"
                               " AND a.disabled = 0"
                               " ORDER BY a.id"
                               " LIMIT 1",
                               {{"role", role}}));
}

std::vector<Account> Accounts::list(storage::Tx& tx) {
    std::vector<Account> all;
    {
        auto rows = tx.query(
            "SELECT id, login, name, organisation, password_hash, disabled FROM account ORDER BY login");
        while (rows.next())
            all.push_back(read(rows));
    }
    for (Account& account : all)
        account.roles = rolesOf(tx, account.id);
    return all;
}

void Accounts::setRoles(storage::Tx& tx, const Principal& actor, std::int64_t account,
                        const std::vector<std::string>& roles) {
    tx.exec("DELETE FROM account_role WHERE account = :account", {{"account", account}});
    insertRoles(tx, account, roles);
    // Rights changed: whoever holds a session of this account signs in anew and gets a new id.
    Sessions::endAll(tx, account);
    Audit::record(tx, actor, "account.roles", objectOf(account), rolesValue(roles));
}

void Accounts::setPassword(storage::Tx& tx, const Principal& actor, std::int64_t account,
                           const std::string& passwordHash) {
    rehash(tx, account, passwordHash);
    Sessions::endAll(tx, account);
    Audit::record(tx, actor, "account.password", objectOf(account));
}

void Accounts::rehash(storage::Tx& tx, std::int64_t account, const std::string& passwordHash) {
    const std::int64_t changed = tx.exec("UPDATE account SET password_hash = :password_hash WHERE id = :id",
                                         {{"password_hash", passwordHash}, {"id", account}});
    if (changed == 0) throw Error(404, "core.account.unknown");
}

void Accounts::disable(storage::Tx& tx, const Principal& actor, std::int64_t account) {
    if (tx.exec("UPDATE account SET disabled = 1 WHERE id = :id", {{"id", account}}) == 0)
        throw Error(404, "core.account.unknown");
    Sessions::endAll(tx, account);
    Audit::record(tx, actor, "account.disable", objectOf(account));
}

} // namespace dalate::identity
