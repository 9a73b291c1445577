// SPDX-License-Identifier: Apache-2.0
// A notice is a row of the table `notice` for each person whom it is for, written in the transaction of what
// happened: told exactly when it did. The row says what kind it is and with which values, never in which
// words; the words are found when it is read, in the language of whoever reads.
//
//     plugin.json "notices": name -> subject, text (text ids), urgent
//     send(audience, kind, values, key) -> membersOf(audience) -> one row each
//
// What leaves the house besides is queued by its side (Outgoing).
//
// The unique index over (plugin, key, person) makes a retry harmless: whoever has the row is not told again.
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "services/notices/Audience.h"
#include "services/notices/QuietHours.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::plugin {
struct NoticeRule;
}
namespace dalate::storage {
class Tx;
}

namespace dalate::services::notices {

/// Longest key and path to what a notice is about, in bytes.
inline constexpr std::size_t longestKey = 200, longestHref = 400;
/// Octets of values that a notice may carry, in the flat form.
inline constexpr std::size_t mostDetails = 64 * 1024;

/// Sends notices. Safe from any thread.
class Notices {
public:
    /// What is to be told. Borrowed for the call.
    struct Order {
        std::string_view plugin;
        Audience to;
        const plugin::NoticeRule& kind;
        /// A map or null; its members fill the gaps of the kind's texts. A member {"text": id} is said in the
        /// reader's language. `href` is the path on this site of what it is about, if any.
        ValueView values;
        /// The same under every retry of the same thing, 1 to `longestKey` bytes.
        std::string_view key;
        /// What is done after the caller's commit; null: `Ways::told` is not called.
        std::vector<std::function<void()>>* after = nullptr;
    };

    /// How notices leave the house besides: to whoever has an address for one of `channels`, and not in the
    /// quiet hours unless urgent.
    struct Ways {
        std::vector<std::string> channels;
        QuietHours quiet;
        /// Told, after the commit, of an account that has a new notice; must not throw. Null: nobody.
        std::function<void(std::int64_t account)> told{};
    };

    /// `clock` is the wall clock or a test's.
    explicit Notices(std::function<Micros()> clock) : Notices(std::move(clock), Ways()) {}
    Notices(std::function<Micros()> clock, Ways ways) : clock_(std::move(clock)), ways_(std::move(ways)) {}

    /// Writes a row for each person of the audience who does not have it, in `tx`, which runs for the core,
    /// and one for each way on which she has an address; how many people. Throws 422 `core.notice.asked`
    /// (details: key) for a key, values or href that cannot be kept.
    std::int64_t send(storage::Tx& tx, const Order& order) const;

private:
    std::function<Micros()> clock_;
    Ways ways_;
};

/// Whether `href` is a path of this site, with or without a query: never another site's, never above
/// `longestHref`.
bool isOwnPath(std::string_view href) noexcept;

} // namespace dalate::services::notices
