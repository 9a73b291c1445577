// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "County.h"
#include "Season.h"
#include "support/Client.h"

namespace dalate::simulator {

/// Sends one thing to the catalogue's routes; throws when it is refused.
void sendCatalogue(testing::Client& client, const std::string& method, const std::string& path, const Value& body);

/// Names the county's products, farms, packing houses and markets in the catalogue. Throws when one is refused.
void sendMasterData(testing::Client& client, const County& county);

/// Attaches the grower's certificate to most lots and a test to some: what is missing should be seen to be missing.
void sendPapers(testing::Client& client, County& county, const PackedLot& lot);

} // namespace dalate::simulator
