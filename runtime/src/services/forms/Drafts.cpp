// SPDX-License-Identifier: Apache-2.0
#include "services/forms/Drafts.h"

#include "base/Json.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::services::forms {
namespace {

std::optional<Draft> read(storage::Tx& tx, const DraftKey& key) {
    auto rows = tx.query(
        "SELECT answers, version, saved_at, expires_at\n"
        "FROM form_draft\n"
        "WHERE account = :account AND plugin = :plugin AND form = :form AND subject = :subject",
        {{"account", key.account}, {"plugin", key.plugin}, {"form", key.form}, {"subject", key.subject}});
    if (!rows.next()) return std::nullopt;
    Draft draft;
    draft.raw = json::parse(rows.text(0)).take();
    draft.version = rows.integer(1);
    draft.savedAt = rows.integer(2);
    draft.expiresAt = rows.integer(3);
    return draft;
}

/// One account cannot fill the table: beyond the limit its oldest draft goes.
void makeRoom(storage::Tx& tx, std::int64_t account) {
    tx.exec("DELETE FROM form_draft\n"
            "WHERE account = :account AND saved_at <= (\n"
            "    SELECT saved_at FROM form_draft\n"
            "    WHERE account = :of\n"
            "    ORDER BY saved_at DESC\n"
            "    LIMIT 1 OFFSET :kept)",
            {{"account", account}, {"of", account}, {"kept", Drafts::mostDrafts - 1}});
}

} // namespace

std::int64_t Drafts::save(storage::Tx& tx, const DraftKey& key, ValueView raw, std::int64_t seen,
                          Micros now) {
    const std::string answers = json::write(raw);
    if (answers.size() > mostBytes) throw Error(413, "core.form.size");
    const auto before = read(tx, key);
    const bool live = before && before->expiresAt > now;
    if (live && before->version > seen)
        throw Error(409, "core.form.draft_newer", Value::map([&](MapWriter& m) {
                        m.set("version", before->version).set("savedAt", before->savedAt);
                    }));
    if (!before) makeRoom(tx, key.account);
    // A draft that has been thrown away and begun anew must not take the number of a page that is still open.
    const std::int64_t version = std::max(before ? before->version : 0, seen) + 1;
    tx.exec(before ? "UPDATE form_draft\n"
                     "SET answers = :answers, version = :version, saved_at = :saved, expires_at = :expires\n"
                     "WHERE account = :account AND plugin = :plugin AND form = :form AND subject = :subject"
                   : "INSERT INTO form_draft (account, plugin, form, subject, answers, version, saved_at, "
                     "expires_at)\n"
                     "VALUES (:account, :plugin, :form, :subject, :answers, :version, :saved, :expires)",
            {{"account", key.account},
             {"plugin", key.plugin},
             {"form", key.form},
             {"subject", key.subject},
             {"answers", answers},
             {"version", version},
             {"saved", now},
             {"expires", now + keep}});
    return version;
}

std::optional<Draft> Drafts::find(storage::Tx& tx, const DraftKey& key, Micros now) {
    auto draft = read(tx, key);
    if (draft && draft->expiresAt <= now) return std::nullopt;
    return draft;
}

bool Drafts::any(storage::Tx& tx, std::int64_t account, std::string_view plugin, std::string_view subject,
                 Micros now) {
    return tx
        .query("SELECT 1 FROM form_draft\n"
               "WHERE account = :account AND plugin = :plugin AND subject = :subject AND expires_at > :now",
               {{"account", account}, {"plugin", plugin}, {"subject", subject}, {"now", now}})
        .next();
}

bool Drafts::remove(storage::Tx& tx, const DraftKey& key) {
    return tx.exec("DELETE FROM form_draft\n"
                   "WHERE account = :account AND plugin = :plugin AND form = :form AND subject = :subject",
                   {{"account", key.account},
                    {"plugin", key.plugin},
                    {"form", key.form},
                    {"subject", key.subject}}) > 0;
}

std::vector<DraftEntry> Drafts::of(storage::Tx& tx, std::int64_t account, Micros now) {
    std::vector<DraftEntry> entries;
    auto rows = tx.query("SELECT plugin, form, subject, saved_at, expires_at\n"
                         "FROM form_draft\n"
                         "WHERE account = :account AND expires_at > :now\n"
                         "ORDER BY saved_at DESC",
                         {{"account", account}, {"now", now}});
    while (rows.next())
        entries.push_back({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)),
                           rows.integer(3), rows.integer(4)});
    return entries;
}

std::int64_t Drafts::expire(storage::Tx& tx, Micros now) {
    return tx.exec("DELETE FROM form_draft\nWHERE expires_at <= :now", {{"now", now}});
}

} // namespace dalate::services::forms
