// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
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

/// One person lets another act in one of her roles for a term (委托代办): leave, illness, a change of post.
/// It gives only what the giver holds of her own at that moment: a role she loses, a barred account or the
/// end of the term end it at once, and what was given is never given on. Giver and taker are of one
/// organisation.
struct Delegation {
    std::int64_t id = 0;
    std::int64_t giver = 0;
    std::string giverName;
    std::int64_t taker = 0;
    std::string takerName;
    std::string role;
    Micros starts = 0;
    /// The first moment at which it is over; earlier than agreed where it was ended.
    Micros ends = 0;
    bool ended = false;

    bool isInForce(Micros time) const noexcept { return starts <= time && time < ends; }
};

class Delegations {
public:
    /// A year: longer is another post and not a delegation.
    static constexpr Micros longest = Micros{366} * 24 * 3600 * 1'000'000;

    struct New {
        std::int64_t giver = 0;
        std::int64_t taker = 0;
        std::string role;
        Micros starts = 0;
        Micros ends = 0;
    };

    /// Adds one, audits it (`delegation.give`) and gives its id. Throws 409 `core.delegation.role` when the
    /// giver does not hold the role herself, 422 `core.delegation.not_delegable` for `operator`, `auditor`
    /// and the roles of citizens, 404 `core.account.unknown` and 409 `core.delegation.organisation` for a
    /// taker unknown, barred, the giver herself or of another organisation, 422 `core.delegation.term` for a
    /// term that is empty, over already or longer than `longest`.
    static std::int64_t give(storage::Tx& tx, const Principal& actor, const New& delegation, Micros time,
                             std::string_view requestId = {});
    /// Ends one now and audits it (`delegation.end`). `giver` 0: of anybody. Throws 404
    /// `core.delegation.unknown` for none of hers or one that is over.
    static void end(storage::Tx& tx, const Principal& actor, std::int64_t giver, std::int64_t id, Micros time,
                    std::string_view requestId = {});

    /// Given by or to an account, not over at `time`, by their start.
    static std::vector<Delegation> givenBy(storage::Tx& tx, std::int64_t account, Micros time);
    static std::vector<Delegation> givenTo(storage::Tx& tx, std::int64_t account, Micros time);
    /// The roles that an account has from others at `time`, those it holds itself left out.
    static std::vector<DelegatedRole> rolesOf(storage::Tx& tx, std::int64_t account, Micros time);
    /// Whether a role may be delegated at all.
    static bool isDelegable(std::string_view role) noexcept;
};

} // namespace dalate::identity
