// SPDX-License-Identifier: Apache-2.0
#include "story/Wording.h"

#include "gs1/DigitalLink.h"
#include "gs1/Percent.h"

#include <dalate/civil.hpp>

#include <algorithm>
#include <cstdio>

namespace dalate::traceability {

namespace {

constexpr Time second = 1'000'000;
constexpr Time offset = 8 * 3600 * second;

/// The county's wall clock is UTC's, of the shifted moment.
epcis::DateTime wallClock(Time at) noexcept { return epcis::toUtc(at + offset); }

void setDay(MapWriter& m, const epcis::DateTime& t) {
    m.set("year", t.year).set("month", t.month).set("day", t.day);
}

} // namespace

std::string Wording::time(Time at) const {
    const epcis::DateTime t = wallClock(at);
    const auto digit = [](int value) { return static_cast<char>('0' + value); };
    const char clock[] = {digit(t.hour / 10), digit(t.hour % 10), ':', digit(t.minute / 10), digit(t.minute % 10)};
    return text("traceability.time", Value::map([&](MapWriter& m) {
                    setDay(m, t);
                    m.set("clock", std::string_view(clock, sizeof clock));
                }));
}

std::string Wording::day(Time at) const {
    const epcis::DateTime t = wallClock(at);
    return text("traceability.day", Value::map([&](MapWriter& m) { setDay(m, t); }));
}

const std::string& Days::text(Time at) {
    const epcis::DateTime t = wallClock(at);
    if (t.day != last_.day || t.month != last_.month || t.year != last_.year) {
        text_ = wording_.day(at);
        last_ = t;
    }
    return text_;
}

std::string Wording::iso(Time at) {
    std::string text = epcis::toUtcMillis(at + offset); // 2026-07-12T06:40:00.000Z
    return text.replace(text.find('.'), std::string::npos, "+08:00");
}

std::string Wording::date(Time at) { return civil::date(at); }

std::string Wording::amount(Amount amount) const {
    if (!amount.known()) return {};
    std::string unit = unitText(amount.unit);
    for (const char* known : {"KGM", "GRM", "TNE", "LTR"})
        if (unit == known) {
            std::string id = "traceability.unit.";
            for (const char c : unit) id += static_cast<char>(c - 'A' + 'a');
            unit = text(id);
        }
    if (unit.empty()) unit = text("traceability.unit.pieces");
    return amountText(amount.millionths) + " " + unit;
}

std::string Wording::document(std::string_view type, std::int64_t octets) const {
    const char* id = type == "application/pdf" ? "traceability.paper.document_pdf" : "traceability.paper.document_picture";
    return text(id, Value::map([&](MapWriter& m) { m.set("kilobytes", std::max<std::int64_t>(1, octets / 1000)); }));
}

std::string Wording::percent(double share) {
    if (share < 0) return {};
    char digits[32];
    std::snprintf(digits, sizeof digits, share >= 0.1 || share == 0 ? "%.0f%%" : "%.2g%%", share * 100);
    return digits;
}

std::string_view lastWord(std::string_view uri) noexcept {
    const auto at = uri.find_last_of("-:/#");
    return at == std::string_view::npos ? uri : uri.substr(at + 1);
}

std::string Wording::word(std::string_view prefix, std::string_view uri) const {
    if (uri.empty()) return {};
    try {
        return text(std::string(prefix).append(lastWord(uri)));
    } catch (const Error&) {
        return std::string(lastWord(uri)); // a word of another vocabulary
    }
}

std::optional<Time> startOfDay(std::string_view date) {
    if (date.size() != 10) return std::nullopt;
    const auto instant = epcis::parseInstant(std::string(date) + "T00:00:00+08:00");
    return instant ? std::optional(instant->micros) : std::nullopt;
}

std::string scanPath(std::string_view gtin, std::string_view lot) {
    return std::string("/01/").append(gtin).append("/10/").append(gs1::encodeValue(lot));
}

Labels::Label Labels::of(Node node) { return ofUri(identifiers_.uri(node)); }

Labels::Label Labels::ofUri(std::string_view uri) {
    if (const auto known = known_.find(uri); known != known_.end()) return known->second;
    return known_.emplace(uri, made(uri)).first->second;
}

std::string Labels::place(std::string_view uri) {
    return uri.empty() ? std::string() : ofUri(uri).text;
}

std::string Labels::lot(const std::string& gtin, std::string_view lot) {
    const std::string& name = product(gtin);
    return wording_.text("traceability.label.lot",
                         Value::map([&](MapWriter& m) { m.set("product", name).set("lot", lot); }));
}

const std::string& Labels::product(const std::string& gtin) {
    if (const auto known = products_.find(gtin); known != products_.end()) return known->second;
    const auto found = catalogue_.product(gtin);
    return products_.emplace(gtin, found ? std::string(found->name.in(wording_.language())) : "GTIN " + gtin).first->second;
}

Labels::Label Labels::made(std::string_view uri) {
    const NodeKind kind = kindOfIdentifier(uri);
    if (kind == NodeKind::process) return {wording_.text("traceability.label.process"), {}};
    if (kind == NodeKind::place || kind == NodeKind::party) {
        const auto party = catalogue_.party(uri);
        return {party ? party->name.in(wording_.language()) : std::string(uri.substr(uri.rfind('/') + 1)), {}};
    }
    const auto parsed = gs1::parseDigitalLink(uri);
    const auto* link = std::get_if<gs1::DigitalLink>(&parsed);
    if (!link) return {std::string(uri), {}};
    if (link->ai == "00")
        return {wording_.text("traceability.label.unit", Value::map([&](MapWriter& m) { m.set("number", link->key); })), {}};
    if (link->ai != "01") return {link->key, {}};

    const std::string& name = product(link->key);
    const std::string_view number = link->qualifier("10"), serial = link->qualifier("21");
    if (!serial.empty())
        return {wording_.text("traceability.label.item", Value::map([&](MapWriter& m) {
                                  m.set("product", name).set("serial", serial);
                              })),
                "/01/" + link->key + "/21/" + gs1::encodeValue(serial)};
    if (!number.empty()) return {lot(link->key, number), scanPath(link->key, number)};
    return {name, {}};
}

} // namespace dalate::traceability
