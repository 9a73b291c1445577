// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "County.h"
#include "MasterData.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dalate::simulator {

/// The lots that the demo's home page shows as printed labels: carp from pond to shop whose temperature record lacks
/// 40 minutes; tomatoes mixed from three farms, one record withdrawn and put right; eggs that are called back.
/// Answers their paths, and last one with a wrong check digit.
std::vector<std::string> tellStories(const Doors& doors, const County& county, std::int64_t now);

} // namespace dalate::simulator
