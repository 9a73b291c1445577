// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/Case.h"
#include "services/cases/Machine.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::cases {

/// What lets somebody do a thing.
struct Right {
    /// As the machine says it: `role:agent`.
    std::string by;
    /// Whose role it is (代办); 0: her own.
    std::int64_t onBehalf = 0;
    std::string onBehalfName;
};

/// Whom a machine's words mean in one case for one caller. Borrows everything; asks the database for her relations
/// once, and only when a relation is named.
class Rights {
public:
    Rights(storage::Tx& tx, const Who& who, const Declared& declared, const Case& subject);

    /// The first of `all` that she is; nothing: none.
    std::optional<Right> among(const std::vector<Actor>& all);
    /// Same while the case is being opened: an applicant is any person who has signed in.
    std::optional<Right> toOpen(const std::vector<Actor>& all);
    /// Whether she sits at a desk of the case's organisation; the system does.
    bool sitsAt(const std::string& desk) const;
    bool mayRead(const Machine& machine);
    /// Whether she reads personal answers in full (最小必要): the applicant, the assignee, and those for whom the case
    /// waits now, on whose to-do list it stands. Whoever could act on it but has not got it in hand, a colleague or a
    /// supervisor, reads them masked.
    bool readsPersonal(const Machine& machine);
    /// Whether internal remarks are for her: staff of the office that handles the case, its assignee, and staff whose
    /// role or desk the machine names, there or anywhere. Never the applicant, whatever else she is, nor those whom
    /// the machine names as the side that opened it.
    bool readsInternal(const Machine& machine);

private:
    std::optional<Right> as(const Actor& actor);
    std::optional<Right> role(const Actor& actor, const std::string& name) const;
    bool isIn(const std::string& relation);
    const std::vector<std::string>& relations();

    storage::Tx& tx_;
    const Who& who_;
    const Declared& declared_;
    const Case& case_;
    std::optional<std::vector<std::string>> relations_;
};

} // namespace dalate::services::cases
