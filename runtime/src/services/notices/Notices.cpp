// SPDX-License-Identifier: Apache-2.0
#include "services/notices/Notices.h"

#include "base/Ids.h"
#include "plugin/Manifest.h"
#include "services/notices/Outgoing.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::services::notices {

namespace {

void demand(bool holds, std::string_view key) {
    if (!holds) throw Error(422, "core.notice.asked", Value::map([&](MapWriter& m) { m.set("key", key); }));
}

} // namespace

bool isOwnPath(std::string_view href) noexcept {
    // A browser takes "//host" and "/\host" for another site, and drops tabs and line ends before it looks.
    return !href.empty() && href.size() <= longestHref && href[0] == '/' &&
           (href.size() == 1 || (href[1] != '/' && href[1] != '\\')) &&
           std::none_of(href.begin(), href.end(), [](char c) {
               return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '\\';
           });
}

std::int64_t Notices::send(storage::Tx& tx, const Order& order) const {
    const std::string_view href = order.values["href"].text();
    demand(!order.key.empty() && order.key.size() <= longestKey, "key");
    demand(order.values.isNull() || order.values.isMap(), "values");
    demand(href.empty()
               ? !order.values.has("href") || order.values["href"].isNull() || order.values["href"].isText()
               : isOwnPath(href),
           "href");
    const Value details = order.values.isMap() ? Value(order.values) : Value::map();
    demand(details.bytes().size() <= mostDetails, "values");

    const Micros time = clock_();
    std::int64_t told = 0;
    const Micros dueAt = order.kind.urgent ? time : ways_.quiet.sendAt(time);
    for (const std::int64_t account : membersOf(tx, order.plugin, order.to, time)) {
        const std::int64_t id = newId();
        const std::int64_t written = tx.exec(
            "INSERT INTO notice (id, plugin, once_key, account, name, subject, text, urgent, href,"
            " details, sent_at)"
            " SELECT :id, :plugin, :key, a.id, :name, :subject, :text, :urgent, :href, :details, :time"
            " FROM account a WHERE a.id = :account AND NOT EXISTS (SELECT 1 FROM notice n"
            " WHERE n.plugin = :plugin AND n.once_key = :key AND n.account = :account)",
            {{"id", id},
             {"plugin", order.plugin},
             {"key", order.key},
             {"account", account},
             {"name", order.kind.name},
             {"subject", order.kind.subject},
             {"text", order.kind.text},
             {"urgent", order.kind.urgent},
             {"href", href},
             {"details", storage::Cell::blob(details.bytes())},
             {"time", time}});
        if (written == 1) Outgoing::queue(tx, id, account, ways_.channels, dueAt);
        if (written == 1 && ways_.told && order.after)
            order.after->push_back([told = ways_.told, account] { told(account); });
        told += written;
    }
    return told;
}

} // namespace dalate::services::notices
