// SPDX-License-Identifier: Apache-2.0
#include "MasterData.h"

#include "base/Clock.h"
#include "base/Json.h"

#include <stdexcept>

namespace dalate::simulator {

namespace {

void sendParty(testing::Client& client, const std::string& id, const std::string& name) {
    sendCatalogue(client, "PUT", "/traceability/api/parties", Value::map([&](MapWriter& m) {
                      m.set("id", id).map("name", [&](MapWriter& n) { n.set("zh", name); });
                  }));
}

} // namespace

void sendCatalogue(testing::Client& client, const std::string& method, const std::string& path, const Value& body) {
    const testing::Answer answer = client.send(method, path, "application/json", json::write(body));
    if (answer.status != 204)
        throw std::runtime_error(method + " " + path + " answered " + std::to_string(answer.status) + ": " + answer.body);
}

void sendMasterData(testing::Client& client, const County& county) {
    for (const Product& product : county.products())
        sendCatalogue(client, "PUT", "/traceability/api/products/" + product.gtin(), Value::map([&](MapWriter& m) {
                          m.map("name", [&](MapWriter& n) { n.set("zh", product.zh).set("en", product.en); });
                          m.set("category", product.category).set("grower", "示范农产品流通联合社(演示)");
                      }));
    for (const Place& farm : county.farms()) sendParty(client, farm.readPoint(), farm.name);
    for (const auto* places : {&county.packers(), &county.markets()})
        for (const Place& place : *places) {
            sendParty(client, place.readPoint(), place.name);
            sendParty(client, place.party(), place.name);
        }
}

void sendPapers(testing::Client& client, County& county, const PackedLot& lot) {
    const auto paper = [&](const char* kind, const char* title, const std::string& number, const std::string& issuer,
                           const char* result) {
        sendCatalogue(client, "POST", "/traceability/api/papers", Value::map([&](MapWriter& m) {
                          m.set("gtin", lot.product->gtin()).set("lot", lot.lot).set("kind", kind).set("title", title);
                          m.set("number", number).set("issuer", issuer).set("result", result);
                          m.set("issued", toRfc3339(lot.harvestedAt));
                      }));
    };
    if (county.between(1, 10) <= 9)
        paper("certificate", "承诺达标合格证", "YS-" + lot.lot, lot.farm->name, "none");
    if (county.between(1, 10) <= 4)
        paper("test", "农药残留快速检测", "KJ-" + lot.lot, "示范镇农产品快检室", "pass");
}

} // namespace dalate::simulator
