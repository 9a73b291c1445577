// SPDX-License-Identifier: Apache-2.0
#include "services/notices/Outgoing.h"

#include "base/Result.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::services::notices {

void Outgoing::queue(storage::Tx& tx, std::int64_t notice, std::int64_t account,
                     const std::vector<std::string>& channels, Micros dueAt) {
    for (const std::string& channel : channels)
        tx.exec("INSERT INTO notice_outgoing (notice, channel, address, language, state, due_at)"
                " SELECT :notice, channel, address, language, 'queued', :due FROM notice_address"
                " WHERE account = :account AND channel = :channel",
                {{"notice", notice}, {"due", dueAt}, {"account", account}, {"channel", channel}});
}

bool Outgoing::isDue(storage::Tx& tx, std::string_view channel, Micros time) {
    return tx
        .query(
            "SELECT 1 FROM notice_outgoing WHERE state = 'queued' AND channel = :channel AND due_at <= :time"
            " AND lease_until <= :time LIMIT 1",
            {{"channel", channel}, {"time", time}})
        .next();
}

std::optional<OutgoingNotice> Outgoing::take(storage::Tx& tx, std::string_view channel,
                                             std::string_view owner, Micros time, Micros leaseUntil) {
    OutgoingNotice one;
    one.channel = channel;
    std::int64_t id = 0, account = 0;
    {
        auto rows =
            tx.query("SELECT o.notice, o.address, o.language, o.attempts, n.account FROM notice_outgoing o"
                     " JOIN notice n ON n.id = o.notice"
                     " WHERE o.state = 'queued' AND o.channel = :channel AND o.due_at <= :time"
                     " AND o.lease_until <= :time ORDER BY o.due_at, o.notice LIMIT 1",
                     {{"channel", channel}, {"time", time}});
        if (!rows.next()) return std::nullopt;
        id = rows.integer(0);
        one.address = rows.text(1);
        one.language = rows.text(2);
        one.attempt = rows.integer(3) + 1;
        account = rows.integer(4);
    }
    const std::int64_t taken = tx.exec(
        "UPDATE notice_outgoing SET lease_owner = :owner, lease_until = :until, attempts = :attempt"
        " WHERE notice = :notice AND channel = :channel AND state = 'queued' AND lease_until <= :time",
        {{"owner", owner},
         {"until", leaseUntil},
         {"attempt", one.attempt},
         {"notice", id},
         {"channel", channel},
         {"time", time}});
    auto notice = taken == 1 ? Inbox::find(tx, account, id) : std::nullopt;
    if (!notice) return std::nullopt;
    one.notice = *std::move(notice);
    return one;
}

void Outgoing::takeBack(storage::Tx& tx, std::string_view prefix) {
    tx.exec("UPDATE notice_outgoing SET lease_owner = '', lease_until = 0"
            " WHERE state = 'queued' AND lease_until > 0 AND substr(lease_owner, 1, :length) = :prefix",
            {{"length", prefix.size()}, {"prefix", prefix}});
}

bool Outgoing::sent(storage::Tx& tx, const OutgoingNotice& one, std::string_view owner, Micros time) {
    return tx.exec("UPDATE notice_outgoing SET state = 'sent', ended_at = :time, lease_owner = '', "
                   "lease_until = 0,"
                   " error = '' WHERE notice = :notice AND channel = :channel AND lease_owner = :owner"
                   " AND attempts = :attempt AND state = 'queued'",
                   {{"time", time},
                    {"notice", one.notice.id},
                    {"channel", one.channel},
                    {"owner", owner},
                    {"attempt", one.attempt}}) == 1;
}

bool Outgoing::later(storage::Tx& tx, const OutgoingNotice& one, std::string_view owner, Micros dueAt,
                     bool counted, std::string_view error) {
    return tx.exec("UPDATE notice_outgoing SET due_at = :due, attempts = :attempts, lease_owner = '', "
                   "lease_until = 0,"
                   " error = :error WHERE notice = :notice AND channel = :channel AND lease_owner = :owner"
                   " AND attempts = :attempt AND state = 'queued'",
                   {{"due", dueAt},
                    {"attempts", counted ? one.attempt : one.attempt - 1},
                    {"error", error.substr(0, 64)},
                    {"notice", one.notice.id},
                    {"channel", one.channel},
                    {"owner", owner},
                    {"attempt", one.attempt}}) == 1;
}

bool Outgoing::failed(storage::Tx& tx, const OutgoingNotice& one, std::string_view owner, Micros time,
                      std::string_view error) {
    return tx.exec("UPDATE notice_outgoing SET state = 'failed', ended_at = :time, lease_owner = '', "
                   "lease_until = 0,"
                   " error = :error WHERE notice = :notice AND channel = :channel AND lease_owner = :owner"
                   " AND attempts = :attempt AND state = 'queued'",
                   {{"time", time},
                    {"error", error.substr(0, 64)},
                    {"notice", one.notice.id},
                    {"channel", one.channel},
                    {"owner", owner},
                    {"attempt", one.attempt}}) == 1;
}

std::string Addresses::of(storage::Tx& tx, std::int64_t account, std::string_view channel) {
    auto rows = tx.query("SELECT address FROM notice_address WHERE account = :account AND channel = :channel",
                         {{"account", account}, {"channel", channel}});
    return rows.next() ? std::string(rows.text(0)) : std::string();
}

void Addresses::set(storage::Tx& tx, std::int64_t account, std::string_view channel, std::string_view address,
                    std::string_view language) {
    const bool sound =
        channel == "mail" ? isMailAddress(address) : channel == "sms" && isPhoneNumber(address);
    if (!address.empty() && !sound)
        throw Error(422, "core.notice.address", Value::map([&](MapWriter& m) { m.set("channel", channel); }));
    tx.exec("DELETE FROM notice_address WHERE account = :account AND channel = :channel",
            {{"account", account}, {"channel", channel}});
    if (address.empty()) return;
    tx.exec("INSERT INTO notice_address (account, channel, address, language)"
            " VALUES (:account, :channel, :address, :language)",
            {{"account", account}, {"channel", channel}, {"address", address}, {"language", language}});
}

bool isMailAddress(std::string_view address) noexcept {
    const std::size_t at = address.find('@');
    return address.size() <= 254 && at != std::string_view::npos && at > 0 && at + 1 < address.size() &&
           address.find('@', at + 1) == std::string_view::npos &&
           std::all_of(address.begin(), address.end(), [](char c) {
               return c > ' ' && c < '\x7f' &&
                      std::string_view("<>()[]\",;:\\").find(c) == std::string_view::npos;
           });
}

bool isPhoneNumber(std::string_view number) noexcept {
    if (!number.empty() && number[0] == '+') number.remove_prefix(1);
    return number.size() >= 5 && number.size() <= 15 &&
           std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace dalate::services::notices
