// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/Case.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::cases {

/// Lists of cases by their row: what a machine's list page and the service's `list` show. Newest change first, page by
/// page behind a key, so that what changes meanwhile neither repeats nor skips a case.
class CaseList {
public:
    /// Whose cases.
    struct Reach {
        enum class Kind {
            own,          ///< those she is applicant or assignee of, or stands in a relation to
            organisation, ///< those that her organisation handles or has opened
            all           ///< every one
        };
        Kind kind = Kind::own;
        std::int64_t account = 0;
        std::int64_t organisation = 0;
    };
    /// Empty and 0 mean any.
    struct Filter {
        std::string_view plugin, machine, state, desk;
        std::int64_t assignee = 0;
        std::int64_t applicant = 0;
        /// Live cases alone, or ended ones alone.
        enum class Life { any, live, ended } life = Life::any;
        /// In number or title.
        std::string_view words;
    };
    struct Key {
        Micros changedAt = 0;
        std::int64_t id = 0;
    };
    struct Page {
        std::vector<Case> cases;
        /// What the next page begins behind; nothing: there is none.
        std::optional<Key> next;
    };

    /// How far somebody's list goes by what a machine says of her: all where a role that counts anywhere is hers, her
    /// organisation's for staff with a role or desk of the machine, else her own.
    static Reach reachOf(const Who& who, const Declared& declared, std::string_view machine);

    /// `limit` 1 to 500.
    static Page read(storage::Tx& tx, const Reach& reach, const Filter& filter, std::optional<Key> after,
                     std::int64_t limit);
};

} // namespace dalate::services::cases
