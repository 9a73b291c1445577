// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "County.h"
#include "Season.h"
#include "support/Client.h"

namespace dalate::simulator {

/// The two machines that speak for the demo's growers.
struct Doors {
    testing::Client& cooperative;
    testing::Client& county;

    testing::Client& of(const Product& product) const { return product.ofTheCooperative ? cooperative : county; }
};

/// Names the county's products, farms, packing houses and markets in the catalogue. Throws when one is refused.
void sendMasterData(const Doors& doors, const County& county);

/// Attaches one paper to a lot: `kind` certificate or test, `result` pass, fail or none.
void sendPaper(const Doors& doors, const Product& product, const std::string& lot, const char* kind,
               const char* title, const std::string& issuer, const char* result, std::int64_t issuedAt);

/// Attaches the grower's certificate to most lots and a test to some: what is missing should be seen to be missing.
void sendPapers(const Doors& doors, County& county, const PackedLot& lot);

} // namespace dalate::simulator
