// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/Client.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace dalate::simulator {

/// Tells the stories of a plugin's `demo/` folder through its own routes: `catalogue.json` (products, parties,
/// papers) and `stories.json` (EPCIS documents, and the labels that the home page shows). `{day:-3}` in them is the
/// date three days before `now`. Answers the labels' paths. Throws when something is refused.
std::vector<std::string> tellStories(testing::Client& client, const std::filesystem::path& folder, std::int64_t now);

} // namespace dalate::simulator
