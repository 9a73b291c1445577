// SPDX-License-Identifier: Apache-2.0
#include "identity/Tokens.h"

#include "base/Ids.h"
#include "base/Sha256.h"
#include "identity/Audit.h"
#include "identity/Digest.h"
#include "identity/Organisations.h"
#include "storage/Tx.h"

#include <charconv>

namespace dalate::identity {
namespace {

constexpr std::string_view prefix = "dlt_";
constexpr std::size_t secretBytes = 32;

struct Parts {
    std::int64_t id = 0;
    std::string_view secret;
};

std::optional<Parts> parse(std::string_view text) noexcept {
    if (!text.starts_with(prefix)) return std::nullopt;
    text.remove_prefix(prefix.size());
    Parts parts;
    const char* end = text.data() + text.size();
    const auto [at, fault] = std::from_chars(text.data(), end, parts.id);
    if (fault != std::errc() || at == end || *at != '_' || parts.id <= 0) return std::nullopt;
    parts.secret = text.substr(static_cast<std::size_t>(at - text.data()) + 1);
    if (parts.secret.size() != 2 * secretBytes) return std::nullopt;
    return parts;
}

storage::Cell orNull(Micros time) {
    return time != 0 ? storage::Cell(time) : storage::Cell(nullptr);
}

std::string objectOf(std::int64_t token) {
    return "token/" + std::to_string(token);
}

} // namespace

std::string Tokens::issue(storage::Tx& tx, const Principal& actor, const Issue& issue) {
    if (!Organisations::find(tx, issue.organisation)) throw Error(404, "core.org.unknown");
    const std::int64_t id = newId();
    const std::string secret = randomHex(secretBytes);
    tx.exec("INSERT INTO machine_token (id, secret_hash, name, plugin, scope, organisation, created_at, "
            "expires_at)"
            " VALUES (:id, :secret_hash, :name, :plugin, :scope, :organisation, :created_at, :expires_at)",
            {{"id", id},
             {"secret_hash", sha256Hex(secret)},
             {"name", issue.name},
             {"plugin", issue.plugin},
             {"scope", issue.scope},
             {"organisation", issue.organisation},
             {"created_at", now()},
             {"expires_at", orNull(issue.expiresAt)}});
    Audit::record(tx, actor, "token.issue", objectOf(id), Value::map([&](MapWriter& m) {
                      m.set("name", issue.name).set("plugin", issue.plugin).set("scope", issue.scope);
                  }));
    return std::string(prefix) + std::to_string(id) + "_" + secret;
}

std::optional<Tokens::Found> Tokens::find(storage::Tx& tx, std::string_view text, Micros time) {
    const auto parts = parse(text);
    if (!parts) return std::nullopt;
    const std::string given = sha256Hex(parts->secret);
    auto rows =
        tx.query("SELECT t.secret_hash, t.name, t.plugin, t.scope, t.organisation, o.name, t.expires_at,"
                 " t.used_at, t.revoked_at"
                 " FROM machine_token t"
                 " JOIN organisation o ON o.id = t.organisation"
                 " WHERE t.id = :id",
                 {{"id", parts->id}});
    if (!rows.next()) {
        static const std::string decoy(2 * secretBytes, '0');
        (void)equalInConstantTime(given, decoy);
        return std::nullopt;
    }
    const bool same = equalInConstantTime(given, rows.text(0));
    const bool over = rows.maybeInteger(6).value_or(time + 1) <= time || !rows.isNull(8);
    if (!same || over) return std::nullopt;
    Found found;
    found.usedAt = rows.maybeInteger(7).value_or(0);
    Principal& token = found.principal;
    token.kind = Principal::Kind::token;
    token.token = parts->id;
    token.name = rows.text(1);
    token.tokenPlugin = rows.text(2);
    token.tokenScope = rows.text(3);
    token.organisation = rows.integer(4);
    token.organisationName = rows.text(5);
    return found;
}

void Tokens::revoke(storage::Tx& tx, const Principal& actor, std::int64_t id) {
    const std::int64_t changed =
        tx.exec("UPDATE machine_token SET revoked_at = :time WHERE id = :id AND revoked_at IS NULL",
                {{"time", now()}, {"id", id}});
    if (changed == 0) throw Error(404, "core.token.unknown");
    Audit::record(tx, actor, "token.revoke", objectOf(id));
}

std::vector<Tokens::Listed> Tokens::list(storage::Tx& tx) {
    auto rows = tx.query("SELECT id, name, plugin, scope, organisation, expires_at, used_at, revoked_at"
                         " FROM machine_token"
                         " ORDER BY plugin, name, id");
    std::vector<Listed> all;
    while (rows.next())
        all.push_back({rows.integer(0), std::string(rows.text(1)), std::string(rows.text(2)),
                       std::string(rows.text(3)), rows.integer(4), rows.maybeInteger(5).value_or(0),
                       rows.maybeInteger(6).value_or(0), !rows.isNull(7)});
    return all;
}

} // namespace dalate::identity
