// SPDX-License-Identifier: Apache-2.0
#include "MasterData.h"

#include "base/Clock.h"
#include "base/Json.h"

#include <stdexcept>

#include <fmt/format.h>

namespace dalate::simulator {

namespace {

void send(testing::Client& client, const std::string& method, const std::string& path, const Value& body) {
    const testing::Answer answer = client.send(method, path, "application/json", json::write(body));
    if (answer.status != 204)
        throw std::runtime_error(method + " " + path + " answered " + std::to_string(answer.status) + ": " + answer.body);
}

void sendParty(testing::Client& client, const std::string& id, const std::string& name) {
    send(client, "PUT", "/traceability/api/parties", Value::map([&](MapWriter& m) {
             m.set("id", id).map("name", [&](MapWriter& n) { n.set("zh", name); });
         }));
}

} // namespace

void sendMasterData(const Doors& doors, const County& county) {
    for (const Product& product : county.products())
        send(doors.of(product), "PUT", "/traceability/api/products/" + product.gtin(), Value::map([&](MapWriter& m) {
                 m.map("name", [&](MapWriter& n) { n.set("zh", product.zh).set("en", product.en); });
                 m.set("category", product.category);
                 m.set("grower", product.ofTheCooperative ? "第一示范村合作社(演示)" : "示范农产品流通联合社(演示)");
             }));
    for (std::size_t i = 0; i < county.farms().size(); ++i) {
        const Place& farm = county.farms()[i];
        sendParty(i < County::cooperativePlots ? doors.cooperative : doors.county, farm.readPoint(), farm.name);
    }
    for (const auto* places : {&county.packers(), &county.markets()})
        for (const Place& place : *places) {
            sendParty(doors.county, place.readPoint(), place.name);
            sendParty(doors.county, place.party(), place.name);
        }
}

void sendPaper(const Doors& doors, const Product& product, const std::string& lot, const char* kind, const char* title,
               const std::string& issuer, const char* result, std::int64_t issuedAt) {
    send(doors.of(product), "POST", "/traceability/api/papers", Value::map([&](MapWriter& m) {
             m.set("gtin", product.gtin()).set("lot", lot).set("kind", kind).set("title", title);
             m.set("number", (*kind == 't' ? "KJ-" : "YS-") + lot).set("issuer", issuer).set("result", result);
             m.set("issued", toRfc3339(issuedAt));
         }));
}

void sendPapers(const Doors& doors, County& county, const PackedLot& lot) {
    if (county.between(1, 10) <= 9)
        sendPaper(doors, *lot.product, lot.lot, "certificate", "承诺达标合格证", lot.farm->name, "none", lot.harvestedAt);
    if (county.between(1, 10) <= 4)
        sendPaper(doors, *lot.product, lot.lot, "test", "农药残留快速检测", "示范镇农产品快检室", "pass",
                  lot.harvestedAt);
}

} // namespace dalate::simulator
