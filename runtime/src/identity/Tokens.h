// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
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

/// Machine tokens: `dlt_<id>_<secret>`, the id in decimal digits, the secret 256 bits in hexadecimal and kept
/// as its SHA-256. A token belongs to one plugin, one token scope of it and one organisation.
class Tokens {
public:
    struct Issue {
        std::string name;
        std::string plugin;
        std::string scope;
        std::int64_t organisation = 0;
        /// 0: none.
        Micros expiresAt = 0;
    };
    struct Listed {
        std::int64_t id = 0;
        std::string name, plugin, scope;
        std::int64_t organisation = 0;
        Micros expiresAt = 0, usedAt = 0;
        bool revoked = false;
    };
    struct Found {
        Principal principal;
        Micros usedAt = 0;
    };

    /// Issues a token, audits it (`token.issue`) and gives its text, which is shown once. Throws
    /// `core.org.unknown` (404).
    static std::string issue(storage::Tx& tx, const Principal& actor, const Issue& issue);
    /// The caller behind a token's text; nothing for a malformed, unknown, revoked or expired one. The secret
    /// is compared in constant time, for an unknown id too.
    static std::optional<Found> find(storage::Tx& tx, std::string_view text, Micros time);
    /// Ends one and audits it (`token.revoke`). Throws `core.token.unknown` (404).
    static void revoke(storage::Tx& tx, const Principal& actor, std::int64_t id);
    static std::vector<Listed> list(storage::Tx& tx);
};

} // namespace dalate::identity
