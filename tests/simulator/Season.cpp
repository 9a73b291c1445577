// SPDX-License-Identifier: Apache-2.0
#include "Season.h"

#include "EventText.h"

#include <utility>

#include <fmt/format.h>

namespace dalate::simulator {

namespace {

int monthOf(std::int64_t at) { return std::stoi(stamp(at).substr(5, 2)); }

} // namespace

Season::Season(County& county, std::int64_t now) : county_(county), now_(now) {}

void Season::add(std::int64_t time, const std::string& json) {
    // What lies ahead has not happened: a lot on its way simply ends here.
    if (time <= now_) events_.push_back(json);
}

std::string Season::harvest(const Product& product, const Place& farm, std::int64_t when, int kilograms) {
    const std::string lot = fmt::format("C{:05}", ++lots_);
    const std::string lotClass = product.lotClass(lot);
    add(when, head("ObjectEvent", when) +
                  fmt::format(R"(,"action":"ADD","bizStep":"commissioning","disposition":"active","quantityList":[{}])",
                              amount(lotClass, kilograms)) +
                  located(farm) + "}");
    return lotClass;
}

PackedLot Season::grow() {
    const Product& product = county_.anyOf(county_.products());
    std::int64_t when = 0;
    do {
        when = now_ - county_.between(0, 364) * day - county_.between(6, 600) * minute;
    } while (monthOf(when) < product.firstMonth || monthOf(when) > product.lastMonth);

    const Place& farm = county_.anyOf(county_.farms());
    const Place& packer = county_.anyOf(county_.packers());
    // One packed lot in four is mixed from several farms; the shares are in the transformation.
    const int sources = county_.between(0, 3) == 0 ? county_.between(2, 4) : 1;
    std::string inputs;
    int total = 0;
    for (int i = 0; i < sources; ++i) {
        const Place& source = i == 0 ? farm : county_.anyOf(county_.farms());
        const int kilograms = product.kilograms * county_.between(60, 140) / 100 / sources;
        total += kilograms;
        inputs += (i ? "," : "") + amount(harvest(product, source, when - i * 37 * minute, kilograms), kilograms);
    }
    const std::string lot = fmt::format("L{:05}", lots_);
    const std::string lotClass = product.lotClass(lot);
    const int packed = total * county_.between(90, 98) / 100;
    add(when + 2 * hour,
        head("ObjectEvent", when + 2 * hour) +
            fmt::format(R"(,"action":"OBSERVE","bizStep":"inspecting","disposition":"conformant","quantityList":[{{"epcClass":"{}"}}])",
                        lotClass) +
            located(packer) + "}");
    add(when + 3 * hour,
        head("TransformationEvent", when + 3 * hour) +
            fmt::format(R"(,"bizStep":"commissioning","disposition":"active","inputQuantityList":[{}],"outputQuantityList":[{}])",
                        inputs, amount(lotClass, packed)) +
            located(packer) + "}");
    ship(product, packer, lotClass, when + 5 * hour, packed);
    return {&product, &farm, lot, when};
}

void Season::ship(const Product& product, const Place& packer, const std::string& lotClass, std::int64_t when,
                  int kilograms) {
    const int cases = county_.between(1, 3);
    for (int i = 0; i < cases; ++i) {
        const std::string unit = county_.nextSscc();
        const Place& market = county_.anyOf(county_.markets());
        const std::int64_t left = when + i * 20 * minute;
        const std::int64_t arrived = left + county_.between(2, 20) * hour;
        const std::string content = amount(lotClass, kilograms / cases);
        add(left, head("AggregationEvent", left) +
                      fmt::format(R"(,"action":"ADD","bizStep":"packing","disposition":"in_progress","parentID":"{}","childQuantityList":[{}])",
                                  unit, content) +
                      located(packer) + "}");
        add(left + 30 * minute,
            head("ObjectEvent", left + 30 * minute) +
                fmt::format(R"(,"action":"OBSERVE","bizStep":"shipping","disposition":"in_transit","epcList":["{}"])", unit) +
                fmt::format(R"(,"sourceList":[{{"type":"owning_party","source":"{}"}}],"destinationList":[{{"type":"owning_party","destination":"{}"}}])",
                            packer.party(), market.party()) +
                fmt::format(R"(,"readPoint":{{"id":"{}"}}}})", packer.readPoint()));
        add(arrived - 30 * minute,
            head("ObjectEvent", arrived - 30 * minute) +
                fmt::format(R"(,"action":"OBSERVE","bizStep":"transporting","disposition":"in_transit","epcList":["{}"],)"
                            R"("sensorElementList":[{{"sensorMetadata":{{"startTime":"{}","endTime":"{}"}},)"
                            R"("sensorReport":[{{"type":"Temperature","minValue":{},"maxValue":{},"uom":"CEL"}}]}}]}})",
                            unit, stamp(left + 30 * minute), stamp(arrived - 30 * minute), product.storageCelsius - 1,
                            product.storageCelsius + county_.between(0, 2)));
        add(arrived, head("ObjectEvent", arrived) +
                         fmt::format(R"(,"action":"OBSERVE","bizStep":"receiving","disposition":"in_progress","epcList":["{}"])", unit) +
                         located(market) + "}");
        add(arrived + hour,
            head("AggregationEvent", arrived + hour) +
                fmt::format(R"(,"action":"DELETE","bizStep":"unpacking","parentID":"{}","childQuantityList":[{}])", unit,
                            content) +
                located(market) + "}");
        add(arrived + 2 * hour,
            head("ObjectEvent", arrived + 2 * hour) +
                fmt::format(R"(,"action":"OBSERVE","bizStep":"stocking","disposition":"sellable_accessible","quantityList":[{}])", content) +
                located(market) + "}");
    }
}

std::vector<std::string> Season::take() { return std::exchange(events_, {}); }

std::string document(const std::vector<std::string>& events, std::int64_t now) {
    std::string text = fmt::format(R"({{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],)"
                                   R"("type":"EPCISDocument","schemaVersion":"2.0","creationDate":"{}","epcisBody":{{"eventList":[)",
                                   stamp(now));
    for (std::size_t i = 0; i < events.size(); ++i) text += (i ? "," : "") + events[i];
    return text + "]}}";
}

} // namespace dalate::simulator
