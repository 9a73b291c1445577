// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/Case.h"
#include "services/cases/Machine.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::cases {

/// The table `case_todo` (待办): for whom each live case waits. The engine writes it with every move, so a list is one
/// query and never a walk over machines.
class Todo {
public:
    /// For whom a case waits: a person, the members of a desk, the holders of a role.
    struct Audience {
        enum class Kind { account, desk, role };
        Kind kind = Kind::account;
        std::int64_t account = 0;
        std::string name;
        /// 0: in any organisation.
        std::int64_t organisation = 0;

        friend bool operator==(const Audience&, const Audience&) = default;
    };
    /// Whom actors mean in a case; relations are looked up in `tx`.
    static std::vector<Audience> audienceOf(storage::Tx& tx, const Declared& declared, const Case& subject,
                                            const std::vector<Actor>& actors);
    /// Whose move it is: those whom the state names, else the assignee, else the desk, else those who have a way out
    /// that is not marked `danger` (the applicant only where the state waits for somebody outside).
    static std::vector<Actor> waitingFor(const Machine& machine, const Case& subject);

    /// Replaces a case's rows.
    static void write(storage::Tx& tx, const Declared& declared, const Machine& machine, const Case& subject,
                      Micros dueAt);

    struct Item {
        std::int64_t caseId = 0;
        std::string plugin, machine, number, title, state;
        /// By what it is hers: `account`, `desk` or `role`, with the name.
        std::string kind, name;
        Micros since = 0;
        /// 0: no deadline runs.
        Micros dueAt = 0;
    };
    /// What waits for her, at her desks and in her roles, of one plugin's cases (empty: of every one's): soonest due
    /// first, those without deadline last. A case stands there once. `limit` 1 to 500.
    static std::vector<Item> of(storage::Tx& tx, const identity::Principal& principal, std::string_view plugin,
                                std::int64_t limit);
};

} // namespace dalate::services::cases
