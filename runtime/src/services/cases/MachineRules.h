// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Problem.h"
#include "services/cases/Machine.h"

#include <string_view>

namespace dalate::services::cases {

/// What is wrong with a machine whose names all lead somewhere. `text` is its file's, for the lines. Ids:
///   core.case.unreachable   a state to which no way leads
///   core.case.no_exit       a state that has no way out and is not ended
///   core.case.no_end        a state from which no ended state can be reached
///   core.case.no_reopen     a way out of an ended state without "reopen", or one that says so and leaves none
///   core.case.actor         somebody named where that makes no sense (anyone outside open, and so on)
///   core.case.unknown_relation, core.case.unknown_transition
///   core.case.field         an answer is meant and the step has no form
///   core.case.source        origin for a person
///   core.case.deadline_state  a deadline runs in an ended state
///   core.case.ladder_order  rungs not in rising order
///   core.case.rung_empty    a rung that does nothing
///   core.case.rung_system   its transition does not name system
///   core.case.rung_from     its transition does not leave every state in which the deadline runs
///   core.case.rung_needs    its transition needs a form or a reason, which the system has not
void checkRules(const Machine& machine, std::string_view text, plugin::Problems& problems);

} // namespace dalate::services::cases
