// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/Case.h"
#include "services/cases/Machine.h"

#include <cstdint>
#include <vector>

namespace dalate::services::cases {

/// What somebody has missed who has seen version `seen` of a case: {number, version, expected, state, changes:
/// [{version, transition, label, from, to, who, organisation, at, reason}], fields: [{field, before, after, masked}]}.
/// `moves` are all moves of the case, opening first. Fields are those of the moves missed; a value that was not there
/// is empty. An answer that any form of the machine calls personal is masked unless she reads it (`personal`).
Value difference(const Declared& declared, const Machine& machine, const Case& subject, const std::vector<Entry>& moves,
                 std::int64_t seen, bool personal);

} // namespace dalate::services::cases
