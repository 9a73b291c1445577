// SPDX-License-Identifier: Apache-2.0
// A session is a row under the SHA-256 of a 256-bit id; the id itself is only in the cookie. Reading one
// writes nothing: uses are collected in memory (`Uses`) and written in one transaction every few seconds.
#pragma once

#include "base/Clock.h"
#include "identity/Principal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::storage {
class Tx;
}

namespace dalate::identity {

/// What a request learns from its cookie.
struct Session {
    /// SHA-256 of the id, hexadecimal: the row's key.
    std::string key;
    Principal principal;
    std::string csrfSecret;
    Micros usedAt = 0;
    Micros expiresAt = 0;
};

class Sessions {
public:
    static constexpr Micros minute = 60'000'000;
    static constexpr Micros idlePublic = 30 * minute;
    static constexpr Micros idleStaff = 15 * minute;
    static constexpr Micros absolute = 12 * 60 * minute;
    /// A use is noted at most this often.
    static constexpr Micros touchEvery = minute;

    struct Opened {
        /// The cookie's value: 64 hexadecimal digits; never stored, never logged.
        std::string id;
        std::string csrfSecret;
    };

    /// Opens a session. `replaced` is the cookie's value that the browser had before; its session ends here,
    /// so an id never outlives a sign-in. Empty for none.
    static Opened open(storage::Tx& tx, std::int64_t account, const Principal& principal, Micros time,
                       std::string_view replaced = {});
    /// The session of a cookie's value when it is neither idle nor over and its account is not barred; its
    /// principal with the desks at which she sits and the roles that others have given her as of `time`.
    static std::optional<Session> find(storage::Tx& tx, std::string_view id, Micros time);
    /// Ends one; no error when it does not exist.
    static void end(storage::Tx& tx, std::string_view id);
    static void endAll(storage::Tx& tx, std::int64_t account);
    /// Deletes what is over; gives the number.
    static std::int64_t purge(storage::Tx& tx, Micros time);
};

} // namespace dalate::identity
