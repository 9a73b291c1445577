// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Problem.h"

namespace dalate::storage {
class Tx;
}

namespace dalate::services {
struct Declared;
}

namespace dalate::services::cases {

/// Adds a problem for every state in which a case of the plugin lives and that `declared` no longer has, its
/// machine gone or the state alone: `core.case.state_gone` (details: machine, state, count), at
/// "cases/<machine>.json". Run before a version takes over: no case may be left where nobody could move it.
void demandLiveStates(storage::Tx& tx, const Declared& declared, plugin::Problems& problems);

} // namespace dalate::services::cases
