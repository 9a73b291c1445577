// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"
#include "identity/Principal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::identity {

/// A person who can sign in.
struct Account {
    std::int64_t id = 0;
    std::string login;
    std::string name;
    std::int64_t organisation = 0;
    std::string passwordHash;
    bool disabled = false;
    std::vector<std::string> roles;
};

/// What a new account needs.
struct NewAccount {
    /// 1 to 64 of `a-z 0-9 . _ -`, begins with a letter or digit.
    std::string login;
    std::string name;
    std::string password;
    std::int64_t organisation = 0;
    std::vector<std::string> roles;
};

/// Accounts and their roles. Passwords are hashed before the transaction begins (`Passwords::hash`), because
/// no transaction waits 50 ms for a hash.
class Accounts {
public:
    /// Adds an account whose password hash is given, audits it (`account.create`), gives its id. Throws
    /// `core.account.login`, `core.account.name` or `core.account.role` (422) for a bad one,
    /// `core.account.taken` (409), `core.org.unknown` (404).
    static std::int64_t create(storage::Tx& tx, const Principal& actor, const NewAccount& account,
                               const std::string& passwordHash);
    static std::optional<Account> findByLogin(storage::Tx& tx, std::string_view login);
    static std::optional<Account> find(storage::Tx& tx, std::int64_t id);
    /// One account that holds `role`, the oldest; for the demo's sign-in buttons.
    static std::optional<Account> firstWithRole(storage::Tx& tx, std::string_view role);
    static std::vector<Account> list(storage::Tx& tx);

    /// Replaces the roles, ends every session of the account and audits it (`account.roles`).
    static void setRoles(storage::Tx& tx, const Principal& actor, std::int64_t account,
                         const std::vector<std::string>& roles);
    /// Replaces the hash, ends every session of the account and audits it (`account.password`).
    static void setPassword(storage::Tx& tx, const Principal& actor, std::int64_t account,
                            const std::string& passwordHash);
    /// Replaces the hash by one of the same password with today's parameters; no audit, sessions stay.
    static void rehash(storage::Tx& tx, std::int64_t account, const std::string& passwordHash);
    /// Bars the account, ends its sessions and audits it (`account.disable`).
    static void disable(storage::Tx& tx, const Principal& actor, std::int64_t account);

    /// The form of a login that is looked up: ASCII letters lower-case, no surrounding spaces.
    static std::string normalise(std::string_view login);
};

} // namespace dalate::identity
