// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <functional>
#include <memory>

namespace dalate::storage {
class Pool;
}

namespace dalate::services {

class Declarations;
class PluginCalls;
class Registry;

/// What every shared service is made of, handed to each at start. The references outlive all services. A
/// service keeps a copy and adds its methods to `registry` before the first call.
struct CoreParts {
    storage::Pool& pool;
    Registry& registry;
    /// What the active plugins declare.
    Declarations& declarations;
    /// The way up to plugins' code.
    PluginCalls& pluginCalls;
    /// The wall clock: `dalate::now`, or a test's.
    std::function<Micros()> clock;
};

} // namespace dalate::services
