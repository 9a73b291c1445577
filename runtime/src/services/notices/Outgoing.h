// SPDX-License-Identifier: Apache-2.0
// What leaves the house lies in the table `notice_outgoing`, written in the transaction of its notice. So it
// exists exactly when the notice does, and no crash after the commit loses it.
//
//     queued --take (lease)--> delivered to the other side --sent--> sent
//        ^          | lease ran out          | 503: later, with a growing pause
//        +----------+------------------------+--> failed, after `mostAttempts` or where no try can help
//
// A crash between the other side's word and our commit of `sent` is the one moment at which a letter goes
// twice; both bear the same id (a mail's Message-ID), by which a mailbox knows them for one.
#pragma once

#include "services/notices/Inbox.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::notices {

/// One row, taken to be sent.
struct OutgoingNotice {
    Notice notice;
    std::string channel;
    std::string address;
    std::string language;
    /// Counts the takings; with the owner it fences.
    std::int64_t attempt = 0;
};

/// The rows. Each call is in the caller's transaction.
class Outgoing {
public:
    static constexpr std::int64_t mostAttempts = 12;

    /// Queues the notice on each of `channels` for which its person has an address.
    static void queue(storage::Tx& tx, std::int64_t notice, std::int64_t account,
                      const std::vector<std::string>& channels, Micros dueAt);
    /// Whether `take` would find one.
    static bool isDue(storage::Tx& tx, std::string_view channel, Micros time);
    /// Takes the row that has been due longest, on `channel`, until `leaseUntil`; nothing where none is due.
    static std::optional<OutgoingNotice> take(storage::Tx& tx, std::string_view channel,
                                              std::string_view owner, Micros time, Micros leaseUntil);
    /// Ends the leases of every owner whose name begins with `prefix`: those of a node's process that is no
    /// more.
    static void takeBack(storage::Tx& tx, std::string_view prefix);
    /// It was delivered. False where the lease was lost.
    static bool sent(storage::Tx& tx, const OutgoingNotice& one, std::string_view owner, Micros time);
    /// It is tried again at `dueAt`; where `counted` is false the attempt does not count (nothing was tried).
    /// False where the lease was lost.
    static bool later(storage::Tx& tx, const OutgoingNotice& one, std::string_view owner, Micros dueAt,
                      bool counted, std::string_view error);
    /// It is given up. False where the lease was lost.
    static bool failed(storage::Tx& tx, const OutgoingNotice& one, std::string_view owner, Micros time,
                       std::string_view error);
};

/// Where a person is told besides her inbox.
class Addresses {
public:
    /// Empty for none.
    static std::string of(storage::Tx& tx, std::int64_t account, std::string_view channel);
    /// Replaces the address of one channel; an empty one ends it. `language` is the one she is written to in.
    /// Throws 422 `core.notice.address` (details: channel) for what is no address.
    static void set(storage::Tx& tx, std::int64_t account, std::string_view channel, std::string_view address,
                    std::string_view language);
};

/// Whether mail can be sent there: one `@` with something on both sides, printable ASCII without space,
/// brackets, quotes, commas, colons and backslashes, at most 254 bytes.
bool isMailAddress(std::string_view address) noexcept;
/// Whether it is a telephone number: 5 to 15 digits, with or without a `+` before them.
bool isPhoneNumber(std::string_view number) noexcept;

} // namespace dalate::services::notices
