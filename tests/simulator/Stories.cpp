// SPDX-License-Identifier: Apache-2.0
#include "Stories.h"

#include "EventText.h"
#include "base/Json.h"
#include "support/Capture.h"

#include <stdexcept>

#include <fmt/format.h>

namespace dalate::simulator {

namespace {

const Product& productOf(const County& county, int item) {
    for (const Product& product : county.products())
        if (product.item == item) return product;
    throw std::logic_error("no such product");
}

std::string observed(std::int64_t at, const char* step, const char* disposition, const std::string& what,
                     const Place& place) {
    return head("ObjectEvent", at) +
           fmt::format(R"(,"action":"OBSERVE","bizStep":"{}","disposition":"{}",{})", step, disposition, what) +
           located(place) + "}";
}

std::string made(std::int64_t at, const std::string& what, const Place& place, const std::string& more = "") {
    return head("ObjectEvent", at) +
           fmt::format(R"(,"action":"ADD","bizStep":"commissioning","disposition":"active",{})", what) + located(place) +
           more + "}";
}

std::string lots(const std::string& lotClass, int kilograms) {
    return fmt::format(R"("quantityList":[{}])", amount(lotClass, kilograms));
}

/// Values every ten minutes over five hours, four of them missing.
std::string temperatures(std::int64_t from) {
    std::string reports;
    for (int i = 0; i <= 30; ++i) {
        if (i >= 14 && i < 18) continue;
        reports += fmt::format(R"({}{{"type":"Temperature","value":{}.{},"uom":"CEL","time":"{}"}})", reports.empty() ? "" : ",",
                               2 + i % 3, i * 7 % 10, stamp(from + i * 10 * minute));
    }
    return fmt::format(R"(,"sensorElementList":[{{"sensorReport":[{}]}}])", reports);
}

std::vector<std::string> pondToShop(const County& county, std::int64_t day0) {
    const Product& carp = productOf(county, 110);
    const Place& pond = county.farms()[0];
    const Place& packer = county.packers()[0];
    const Place& shop = county.markets()[4];
    const std::string lot = carp.lotClass("YH2601");
    const std::string box = fmt::format("urn:epc:id:sscc:{}.1{:09}", prefix, 1);
    const std::string boxed = fmt::format(R"("epcList":["{}"])", box);
    const std::string content = fmt::format(R"("parentID":"{}","childQuantityList":[{}])", box, amount(lot, 480));
    std::vector<std::string> events{
        made(day0, lots(lot, 480), pond),
        observed(day0 + hour, "inspecting", "conformant", lots(lot, 480), packer),
        head("AggregationEvent", day0 + 2 * hour) +
            R"(,"action":"ADD","bizStep":"packing","disposition":"in_progress",)" + content + located(packer) + "}",
        observed(day0 + 3 * hour, "shipping", "in_transit", boxed, packer),
        head("ObjectEvent", day0 + 8 * hour) +
            R"(,"action":"OBSERVE","bizStep":"transporting","disposition":"in_transit",)" + boxed +
            temperatures(day0 + 3 * hour) + "}",
        observed(day0 + 8 * hour + 30 * minute, "receiving", "in_progress", boxed, shop),
        head("AggregationEvent", day0 + 9 * hour) + R"(,"action":"DELETE","bizStep":"unpacking",)" + content + located(shop) +
            "}",
        observed(day0 + 10 * hour, "stocking", "sellable_accessible", lots(lot, 480), shop),
    };
    return events;
}

std::vector<std::string> mixedLot(const County& county, std::int64_t day0) {
    const Product& tomato = productOf(county, 101);
    const Place& packer = county.packers()[1];
    std::string inputs;
    std::vector<std::string> events;
    for (int i = 0; i < 3; ++i) {
        const std::string lot = tomato.lotClass(fmt::format("HF2602-{}", i + 1));
        events.push_back(made(day0 + i * 20 * minute, lots(lot, 200 + 50 * i), county.farms()[static_cast<std::size_t>(5 + i)]));
        inputs += (i ? "," : "") + amount(lot, 200 + 50 * i);
    }
    const std::string lot = tomato.lotClass("HF2602");
    // The first weighing was typed wrong, and was declared so; the right one stands beside it.
    const std::string id = R"(,"eventID":"urn:uuid:2f1d3c52-0d5b-4f5e-9a55-15062126a002")";
    events.push_back(observed(day0 + 2 * hour, "inspecting", "conformant", lots(lot, 7200) + id, packer));
    events.push_back(observed(day0 + 2 * hour, "inspecting", "conformant", lots(lot, 7200) + id +
                              fmt::format(R"(,"errorDeclaration":{{"declarationTime":"{}","reason":"incorrect_data"}})",
                                          stamp(day0 + 3 * hour)), packer));
    events.push_back(observed(day0 + 2 * hour, "inspecting", "conformant", lots(lot, 720), packer));
    events.push_back(head("TransformationEvent", day0 + 100 * minute) +
                     fmt::format(R"(,"bizStep":"commissioning","disposition":"active","inputQuantityList":[{}],"outputQuantityList":[{}])",
                                 inputs, amount(lot, 720)) + located(packer) + "}");
    events.push_back(observed(day0 + 20 * hour, "stocking", "sellable_accessible", lots(lot, 720), county.markets()[1]));
    return events;
}

std::vector<std::string> calledBack(const County& county, std::int64_t day0) {
    const Product& eggs = productOf(county, 108);
    const std::string lot = eggs.lotClass("JD2603");
    const Place& shop = county.markets()[7];
    return {
        made(day0, lots(lot, 300), county.farms()[9]),
        observed(day0 + 20 * hour, "stocking", "sellable_accessible", lots(lot, 300), shop),
        observed(day0 + 44 * hour, "holding", "recalled", lots(lot, 300) +
                 R"(,"persistentDisposition":{"set":["recalled"]})", shop),
    };
}

std::string path(const Product& product, const std::string& lot) { return "/01/" + product.gtin() + "/10/" + lot; }

} // namespace

std::vector<std::string> tellStories(const Doors& doors, const County& county, std::int64_t now) {
    const std::int64_t day0 = now - 6 * 24 * hour;
    const auto tell = [&](testing::Client& client, const std::vector<std::string>& events) {
        const Value state = testing::capture(client, document(events, now));
        if (!state["success"].truth()) throw std::runtime_error("a story was refused: " + json::write(state));
    };
    tell(doors.cooperative, pondToShop(county, day0));
    tell(doors.cooperative, mixedLot(county, day0 + hour));
    tell(doors.county, calledBack(county, day0));
    const Product& carp = productOf(county, 110);
    const Product& tomato = productOf(county, 101);
    const Product& eggs = productOf(county, 108);
    sendPaper(doors, carp, "YH2601", "certificate", "承诺达标合格证", county.farms()[0].name, "none", day0);
    sendPaper(doors, carp, "YH2601", "test", "孔雀石绿快速检测", "示范镇农产品快检室", "pass", day0);
    sendPaper(doors, tomato, "HF2602", "certificate", "承诺达标合格证", county.packers()[1].name, "none", day0);
    std::string wrong = tomato.gtin();
    wrong.back() = static_cast<char>('0' + (wrong.back() - '0' + 1) % 10);
    return {path(carp, "YH2601"), path(tomato, "HF2602"), path(eggs, "JD2603"), "/01/" + wrong + "/10/HF2602"};
}

} // namespace dalate::simulator
