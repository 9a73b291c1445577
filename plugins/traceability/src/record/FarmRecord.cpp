// SPDX-License-Identifier: Apache-2.0
#include "record/FarmRecord.h"

#include "epcis/Time.h"
#include "story/Wording.h"

#include <algorithm>

namespace dalate::traceability {

namespace {

constexpr std::string_view gs1Context = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

void writeQuantity(ListWriter& list, const std::string& lot, const std::string& kilograms) {
    list.map([&](MapWriter& m) {
        m.set("epcClass", lot);
        if (!kilograms.empty()) m.number("quantity", kilograms).set("uom", "KGM");
    });
}

void writeParty(MapWriter& m, std::string_view list, std::string_view member, const std::string& party) {
    if (party.empty()) return;
    m.list(list, [&](ListWriter& items) {
        items.map([&](MapWriter& one) {
            one.set("type", kindOfIdentifier(party) == NodeKind::party ? "owning_party" : "location").set(member, party);
        });
    });
}

void writeContext(MapWriter& m) {
    m.list("@context", [](ListWriter& list) {
        list.add(gs1Context);
        list.map([](MapWriter& own) { own.set("dalate", "urn:dalate:traceability:"); });
    });
}

/// The county's clock to the millisecond: two records of one minute keep their order.
std::string localMillis(Time at) {
    constexpr Time offset = 8 * 3600 * Time{1'000'000};
    std::string text = epcis::toUtcMillis(at + offset);
    text.replace(text.size() - 1, 1, "+08:00");
    return text;
}

} // namespace

std::string_view toText(FarmRecord::Kind kind) noexcept {
    switch (kind) {
    case FarmRecord::Kind::harvest: return "harvest";
    case FarmRecord::Kind::pesticide: return "pesticide";
    case FarmRecord::Kind::packing: return "packing";
    case FarmRecord::Kind::dispatch: return "dispatch";
    }
    return "";
}

std::optional<FarmRecord::Kind> farmRecordKind(std::string_view text) noexcept {
    for (const auto kind : {FarmRecord::Kind::harvest, FarmRecord::Kind::pesticide, FarmRecord::Kind::packing,
                            FarmRecord::Kind::dispatch})
        if (toText(kind) == text) return kind;
    return std::nullopt;
}

Value FarmRecord::event() const {
    return Value::map([&](MapWriter& m) {
        writeContext(m);
        const bool transforms = kind == Kind::harvest || kind == Kind::packing;
        m.set("type", transforms ? "TransformationEvent" : "ObjectEvent");
        if (!eventId.empty()) m.set("eventID", eventId);
        m.set("eventTime", localMillis(at)).set("eventTimeZoneOffset", "+08:00");
        if (!transforms) m.set("action", "OBSERVE");
        switch (kind) {
        case Kind::harvest:
            m.set("bizStep", "commissioning").set("disposition", "active");
            m.list("inputQuantityList", [&](ListWriter& l) { writeQuantity(l, plotLot, {}); });
            m.list("outputQuantityList", [&](ListWriter& l) { writeQuantity(l, made, kilograms); });
            break;
        case Kind::pesticide:
            m.set("bizStep", "other");
            m.list("quantityList", [&](ListWriter& l) { writeQuantity(l, plotLot, {}); });
            m.set("dalate:pesticide", pesticide).set("dalate:dose", dose).set("dalate:safeIntervalDays", safeIntervalDays);
            break;
        case Kind::packing:
            m.set("bizStep", "packing").set("disposition", "in_progress");
            m.list("inputQuantityList", [&](ListWriter& l) { writeQuantity(l, lot, kilograms); });
            m.list("outputQuantityList", [&](ListWriter& l) { writeQuantity(l, made, kilograms); });
            if (!boxes.empty()) m.set("dalate:boxes", boxes);
            break;
        case Kind::dispatch:
            m.set("bizStep", "shipping").set("disposition", "in_transit");
            m.list("quantityList", [&](ListWriter& l) { writeQuantity(l, lot, kilograms); });
            writeParty(m, "sourceList", "source", owner);
            writeParty(m, "destinationList", "destination", receiver);
            if (!vehicle.empty()) m.set("dalate:vehicle", vehicle);
            break;
        }
        if (!plot.empty()) m.map("readPoint", [&](MapWriter& p) { p.set("id", plot); });
    });
}

std::string plotLotNumber(std::string_view plot, Time at) {
    std::string_view gln = plot.substr(plot.find("/414/") == std::string_view::npos ? 0 : plot.find("/414/") + 5);
    gln = gln.substr(0, std::min(gln.find('/'), std::size_t{13}));
    return "P" + std::string(gln) + "-" + Wording::date(at).substr(2, 2);
}

std::optional<std::string> positiveDecimal(std::string_view digits) {
    const std::size_t point = digits.find('.');
    std::string_view whole = digits.substr(0, point);
    const std::string_view rest = point == std::string_view::npos ? std::string_view() : digits.substr(point + 1);
    const auto isDigits = [](std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; };
    while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
    if (whole.empty() || whole.size() > 9 || rest.size() > 3 || !isDigits(whole) || !isDigits(rest)) return std::nullopt;
    if (point != std::string_view::npos && rest.empty()) return std::nullopt;
    if (whole == "0" && rest.find_first_not_of('0') == std::string_view::npos) return std::nullopt;
    std::string number(whole);
    if (!rest.empty()) number.append(".").append(rest);
    return number;
}

Value errorDeclarationOf(ValueView stored, Time now) {
    return Value::map([&](MapWriter& m) {
        if (!stored.has("@context")) m.list("@context", [](ListWriter& list) { list.add(gs1Context); });
        for (const ValueView member : stored)
            if (member.key() != "recordTime" && member.key() != "errorDeclaration") m.set(member.key(), member);
        m.map("errorDeclaration", [&](MapWriter& e) {
            e.set("declarationTime", Wording::iso(now)).set("reason", "incorrect_data");
        });
    });
}

} // namespace dalate::traceability
