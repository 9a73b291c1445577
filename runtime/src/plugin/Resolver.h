// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Manifest.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::plugin {

/// Which of the wanted plugins can be active together, and in which order.
struct Resolution {
    std::vector<std::string> order; ///< each after all that it requires
    /// Why the others cannot: `core.plugin.requires_missing`, `.requires_disabled`, `.requires_older`,
    /// `.requires_cycle` (details: cycle), `.requires_rejected`, `.uses_unknown`, `.route_conflict`.
    std::map<std::string, Problems, std::less<>> rejected;
};

/// `wanted` by id, without problems of their own; `known` tells whether a plugin exists though it is not
/// wanted; `offered` whether the host has a service. Of two plugins in conflict the one that stands first in
/// `seniority` stays, and those in it stand before all others.
Resolution resolve(const std::vector<const Manifest*>& wanted, const std::vector<std::string>& seniority,
                   const std::function<bool(std::string_view)>& known,
                   const std::function<bool(std::string_view)>& offered);

} // namespace dalate::plugin
