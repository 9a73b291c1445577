// SPDX-License-Identifier: Apache-2.0
#include "Mix.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace dalate::bench {

namespace {

constexpr const char* company = "9521141";
constexpr const char* item = "012345";
constexpr const char* context =
    R"("@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"])";
constexpr const char* gtin = "09521141123454";

/// Seconds after 2026-01-01 as an event's time; a second apart, within one year.
std::string at(std::int64_t second) {
    static constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31};
    std::int64_t day = second / 86400 % 304;
    int month = 0;
    while (day >= days[month])
        day -= days[month++];
    return fmt::format("2026-{:02}-{:02}T{:02}:{:02}:{:02}+08:00", month + 1, day + 1, second / 3600 % 24,
                       second / 60 % 60, second % 60);
}

std::string head(const char* type, std::int64_t second) {
    return fmt::format(R"({{"type":"{}","eventTime":"{}","eventTimeZoneOffset":"+08:00")", type, at(second));
}

std::string quantity(const std::string& lot, int kilograms) {
    return fmt::format(R"({{"epcClass":"{}","quantity":{},"uom":"KGM"}})", lotClass(lot), kilograms);
}

/// Read point and place, one of forty farms.
std::string where(std::int64_t number) {
    return fmt::format(R"("readPoint":{{"id":"urn:epc:id:sgln:{0}.{1:05}.0"}},)"
                       R"("bizLocation":{{"id":"urn:epc:id:sgln:{0}.{1:05}.0"}})",
                       company, 1000 + number % 40);
}

} // namespace

std::string lotClass(const std::string& lot) {
    return fmt::format("urn:epc:class:lgtin:{}.{}.{}", company, item, lot);
}

std::string lotPage(const std::string& lot) {
    return fmt::format("/traceability/lots/{}/{}", gtin, lot);
}

std::string document(const std::vector<std::string>& events) {
    return fmt::format(
        R"({{{},"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-01-01T00:00:00Z",)"
        R"("epcisBody":{{"eventList":[{}]}}}})",
        context, fmt::join(events, ","));
}

std::string alone(const std::string& event) {
    return fmt::format("{{{},{}", context, event.substr(1));
}

Mix::Mix(std::string run, int lane) : run_(fmt::format("{}-{}", run, lane)) {}

std::string Mix::lot(std::int64_t number) const {
    return fmt::format("{}-{}", run_, number);
}

std::string Mix::next() {
    const std::int64_t n = count_++;
    const std::int64_t ten = n / 10 * 10; // the first lot of this ten
    switch (n % 10) {
    case 5:
    case 6:
        return head("TransformationEvent", n) +
               fmt::format(R"(,"transformationID":"urn:uuid:{}","inputQuantityList":[{},{}],)"
                           R"("outputQuantityList":[{}],"bizStep":"commissioning",{}}})",
                           lot(n), quantity(lot(n % 10 == 5 ? ten : ten + 2), 500),
                           quantity(lot(n % 10 == 5 ? ten + 1 : ten + 3), 500), quantity(lot(n), 1000),
                           where(n));
    case 7:
    case 8:
        return head("ObjectEvent", n) +
               fmt::format(R"(,"quantityList":[{}],"action":"OBSERVE","bizStep":"shipping",)"
                           R"("disposition":"in_transit",{}}})",
                           quantity(lot(n - 2), 1000), where(n));
    case 9:
        return head("ObjectEvent", n) +
               fmt::format(
                   R"(,"epcList":["urn:epc:id:sgtin:{}.{}.{}"],"action":"OBSERVE","bizStep":"receiving",)"
                   R"("disposition":"in_progress",{}}})",
                   company, item, lot(n), where(n));
    default:
        return head("ObjectEvent", n) +
               fmt::format(
                   R"(,"quantityList":[{}],"action":"ADD","bizStep":"commissioning","disposition":"active",{}}})",
                   quantity(lot(n), 500), where(n));
    }
}

Chain::Chain(std::string run, std::size_t lots, std::size_t fan) : run_(std::move(run)) {
    const auto name = [&](std::size_t number) { return fmt::format("{}-c{}", run_, number); };
    std::int64_t second = 0;
    events_.push_back(head("ObjectEvent", second) +
                      fmt::format(R"(,"quantityList":[{}],"action":"ADD","bizStep":"commissioning",)"
                                  R"("disposition":"active",{}}})",
                                  quantity(name(0), 900000), where(0)));
    // The lots of one level are numbers [from, to); each is split once, an hour after the level before it.
    for (std::size_t from = 0, to = 1; lots_ < lots; from = to, to = lots_) {
        second += 3600;
        for (std::size_t each = from; each < to && lots_ < lots; ++each) {
            std::string outputs;
            for (std::size_t i = 0; i < fan && lots_ < lots; ++i)
                outputs += (i ? "," : "") + quantity(name(lots_++), 10);
            const std::size_t neighbour = each + 1 < to ? each + 1 : from;
            std::string inputs = quantity(name(each), 50);
            if (neighbour != each) inputs += "," + quantity(name(neighbour), 50);
            events_.push_back(head("TransformationEvent", second) +
                              fmt::format(R"(,"transformationID":"urn:uuid:{}-p{}","inputQuantityList":[{}],)"
                                          R"("outputQuantityList":[{}],"bizStep":"commissioning",{}}})",
                                          run_, each, inputs, outputs,
                                          where(static_cast<std::int64_t>(each))));
        }
    }
}

std::string Chain::firstLot() const {
    return run_ + "-c0";
}

} // namespace dalate::bench
