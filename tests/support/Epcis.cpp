// SPDX-License-Identifier: Apache-2.0
#include "support/Epcis.h"

#include <algorithm>
#include <random>

#include "base/Json.h"

namespace dalate::testing {

namespace {

std::string quoted(const std::string& text) {
    return json::write(Value::of(text));
}

std::string oneId(const std::string& uri) {
    return R"({"id":)" + quoted(uri) + "}";
}

} // namespace

std::string withCheckDigit(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        sum += (digits[digits.size() - 1 - i] - '0') * (i % 2 == 0 ? 3 : 1);
    return std::string(digits) + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string lotUri(const std::string& gtin, const std::string& lot) {
    return "https://id.gs1.org/01/" + gtin + "/10/" + lot;
}
std::string placeUri(const std::string& gln) {
    return "https://id.gs1.org/414/" + gln;
}
std::string partyUri(const std::string& gln) {
    return "https://id.gs1.org/417/" + gln;
}
std::string unitUri(const std::string& sscc) {
    return "https://id.gs1.org/00/" + sscc;
}

std::string countyTime(Micros at) {
    std::string text = toRfc3339(at + 8 * hour);
    text.pop_back();
    return text + "+08:00";
}

EpcisEvent::EpcisEvent(const std::string& type, Micros at) : text_(R"({"type":)" + quoted(type)) {
    set("eventTime", countyTime(at)).set("eventTimeZoneOffset", "+08:00");
}

EpcisEvent& EpcisEvent::set(const std::string& member, const std::string& value) {
    return json(member, quoted(value));
}

EpcisEvent& EpcisEvent::json(const std::string& member, const std::string& value) {
    text_ += "," + quoted(member) + ":" + value;
    return *this;
}

EpcisEvent& EpcisEvent::list(const std::string& member, const std::vector<std::string>& values) {
    std::string items;
    for (const std::string& value : values)
        items += (items.empty() ? "" : ",") + quoted(value);
    return json(member, "[" + items + "]");
}

EpcisEvent& EpcisEvent::kilograms(const std::string& member, const std::vector<Kilograms>& amounts) {
    std::string items;
    for (const Kilograms& each : amounts)
        items += (items.empty() ? "" : ",") + (R"({"epcClass":)" + quoted(each.lot) + R"(,"quantity":)" +
                                               each.number + R"(,"uom":"KGM"})");
    return json(member, "[" + items + "]");
}

EpcisEvent& EpcisEvent::at(const std::string& place) {
    return json("readPoint", oneId(place)).json("bizLocation", oneId(place));
}

EpcisEvent& EpcisEvent::to(const std::string& party) {
    return json("destinationList", R"([{"type":"owning_party","destination":)" + quoted(party) + "}]");
}

std::string EpcisEvent::alone() const {
    return R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],)" +
           text_.substr(1) + "}";
}

std::vector<std::string> shuffled(std::vector<std::string> events, unsigned seed) {
    std::mt19937 random(seed);
    std::shuffle(events.begin(), events.end(), random);
    return events;
}

std::string epcisDocument(const std::vector<std::string>& events) {
    std::string all;
    for (const std::string& event : events)
        all += (all.empty() ? "" : ",") + event;
    return R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",)"
           R"({"ext":"https://ns.example.com/epcis/"}],"type":"EPCISDocument","schemaVersion":"2.0",)"
           R"("creationDate":"2026-01-01T00:00:00Z","epcisBody":{"eventList":[)" +
           all + "]}}";
}

} // namespace dalate::testing
