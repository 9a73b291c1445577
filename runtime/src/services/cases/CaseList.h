// SPDX-License-Identifier: Apache-2.0
// One list is one statement, put together of the parts that are set, so that each part of whose cases they are walks
// its own index and nothing walks the table: a reach of several parts (her own, her office's) is a UNION of them. There
// are finitely many texts; none holds input.
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
    /// Whose cases: every one, or those that any of the parts names. 0: no such part.
    struct Reach {
        bool all = false;
        /// Those she is applicant or assignee of, or stands in a relation to.
        std::int64_t account = 0;
        /// Those that this organisation handles.
        std::int64_t handledBy = 0;
        /// Those that this organisation has opened.
        std::int64_t openedBy = 0;
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

    /// How far somebody's list goes by what a machine says of her, as `Rights::mayRead` does: all where a role that
    /// counts anywhere is hers, else her own, and with a role or desk of the machine those that her organisation
    /// handles or (`@origin`) has opened.
    static Reach reachOf(const Who& who, const Declared& declared, std::string_view machine);

    /// `limit` 1 to 500.
    static Page read(storage::Tx& tx, const Reach& reach, const Filter& filter, std::optional<Key> after,
                     std::int64_t limit);
};

} // namespace dalate::services::cases
