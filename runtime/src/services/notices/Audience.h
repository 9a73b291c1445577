// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::notices {

/// Whom a notice is for. Borrowed for the call that takes it.
struct Audience {
    enum class Kind {
        account,  ///< one person
        role,     ///< who holds the role, or acts for a holder (see `identity::Delegations`)
        desk,     ///< who sits at the desk
        relation, ///< who stands in the relation to the case
    };
    Kind kind = Kind::account;
    /// Of `Kind::account`.
    std::int64_t account = 0;
    /// Of the role, desk or relation.
    std::string_view name;
    /// In which the role or desk is meant; 0: in any.
    std::int64_t organisation = 0;
    /// Of `Kind::relation`.
    std::int64_t caseId = 0;
};

/// The accounts that an audience is at `time`, each once, by id, without those that are barred: nobody is
/// told what she may no longer see. `plugin` is the one whose cases relations may name. An audience of nobody
/// is empty, no error.
std::vector<std::int64_t> membersOf(storage::Tx& tx, std::string_view plugin, const Audience& audience,
                                    Micros time);

} // namespace dalate::services::notices
