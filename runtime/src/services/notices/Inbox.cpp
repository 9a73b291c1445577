// SPDX-License-Identifier: Apache-2.0
#include "services/notices/Inbox.h"

#include "portal/Translator.h"
#include "storage/Tx.h"

#include <limits>

namespace dalate::services::notices {

namespace {

/// A query begins with it; `read` reads what it names.
constexpr std::string_view select =
    "SELECT id, plugin, name, subject, text, urgent, href, details, sent_at, read_at FROM notice";

Notice read(const storage::Rows& rows) {
    Notice notice;
    notice.id = rows.integer(0);
    notice.plugin = rows.text(1);
    notice.name = rows.text(2);
    notice.subject = rows.text(3);
    notice.text = rows.text(4);
    notice.urgent = rows.flag(5);
    notice.href = rows.text(6);
    notice.details = Value::adopt(std::string(rows.text(7)));
    notice.sentAt = rows.integer(8);
    notice.readAt = rows.integer(9);
    return notice;
}

/// The values with each {"text": id} said in the language.
Value said(ValueView details, const portal::Translator& texts, std::string_view language) {
    return Value::map([&](MapWriter& m) {
        for (const ValueView member : details) {
            const std::string_view id = member["text"].text();
            if (member.isMap() && !id.empty())
                m.set(member.key(), texts.tr(language, id));
            else
                m.set(member.key(), member);
        }
    });
}

} // namespace

std::vector<Notice> Inbox::list(storage::Tx& tx, std::int64_t account, std::string_view plugin,
                                std::int64_t before, std::int64_t limit) {
    std::vector<Notice> all;
    static const std::string sql =
        std::string(select) + " WHERE account = :account AND id < :before AND (:plugin = '' OR plugin = "
                              ":plugin) ORDER BY id DESC LIMIT :limit";
    auto rows = tx.query(sql, {{"account", account},
                               {"before", before > 0 ? before : std::numeric_limits<std::int64_t>::max()},
                               {"plugin", plugin},
                               {"limit", limit}});
    while (rows.next())
        all.push_back(read(rows));
    return all;
}

std::int64_t Inbox::unread(storage::Tx& tx, std::int64_t account, std::string_view plugin) {
    auto rows = tx.query("SELECT COUNT(*) FROM notice WHERE account = :account AND read_at = 0"
                         " AND (:plugin = '' OR plugin = :plugin)",
                         {{"account", account}, {"plugin", plugin}});
    rows.next();
    return rows.integer(0);
}

std::optional<Notice> Inbox::find(storage::Tx& tx, std::int64_t account, std::int64_t id) {
    static const std::string sql = std::string(select) + " WHERE id = :id AND account = :account";
    auto rows = tx.query(sql, {{"id", id}, {"account", account}});
    if (!rows.next()) return std::nullopt;
    return read(rows);
}

void Inbox::markRead(storage::Tx& tx, std::int64_t account, std::int64_t id, Micros time) {
    tx.exec("UPDATE notice SET read_at = :time WHERE id = :id AND account = :account AND read_at = 0",
            {{"time", time}, {"id", id}, {"account", account}});
}

std::int64_t Inbox::markAllRead(storage::Tx& tx, std::int64_t account, std::int64_t newest, Micros time) {
    return tx.exec(
        "UPDATE notice SET read_at = :time WHERE account = :account AND read_at = 0 AND id <= :newest",
        {{"time", time}, {"account", account}, {"newest", newest}});
}

std::optional<Words> wordsOf(const Notice& notice, const portal::Translator& texts,
                             std::string_view language) {
    if (texts.find(language, notice.subject) == nullptr || texts.find(language, notice.text) == nullptr)
        return std::nullopt;
    const Value values = said(notice.details, texts, language);
    return Words{texts.tr(language, notice.subject, values), texts.tr(language, notice.text, values)};
}

} // namespace dalate::services::notices
