// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Problem.h"
#include "services/cases/Machine.h"

#include <optional>
#include <string_view>

namespace dalate::services {
struct Declared;
}

namespace dalate::services::cases {

/// Reads one `cases/<name>.json` of a plugin against `schema` (sdk/schema/case.schema.json) and the rules between its
/// keys: every name is there and there once, every state can be reached, whatever is not ended has a way out, an
/// ended state is left by a transition that says so, every deadline runs in live states and its ladder takes ways
/// that the system may take. Every fault becomes a problem whose place is `cases/ticket.json:12
/// $.transitions[3].to`; nothing is returned where there is one.
std::optional<Machine> readMachine(ValueView schema, std::string_view text, std::string_view file,
                                   plugin::Problems& problems);

/// What one file cannot know: forms, rules, relations and notices that `declared` must have, and the answers in them
/// that the machine takes something from (`core.case.unknown_field`; `core.case.title_personal`). `text` is the file's.
void checkNames(const Machine& machine, std::string_view text, const Declared& declared,
                plugin::Problems& problems);

} // namespace dalate::services::cases
