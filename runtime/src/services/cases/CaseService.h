// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace dalate::services {
class Registry;
}

namespace dalate::services::cases {

class Engine;

/// Offers cases/1 to plugins, each for its own machines' cases; a case of another plugin is 404. The methods and their
/// forms are in sdk/include/dalate/cases.hpp. Callers: traceability (holds), samples/helpdesk (tickets that
/// machines send). The engine outlives the registry.
void offerCases(Registry& registry, Engine& engine);

} // namespace dalate::services::cases
