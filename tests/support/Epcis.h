// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dalate::testing {

inline constexpr Micros minute = 60'000'000;
inline constexpr Micros hour = 60 * minute;
inline constexpr Micros day = 24 * hour;

/// `digits` with the GS1 check digit behind (GS1 General Specifications §7.9.1).
std::string withCheckDigit(std::string_view digits);

/// GS1 Digital Links from whole keys.
std::string lotUri(const std::string& gtin, const std::string& lot);
std::string placeUri(const std::string& gln);
std::string partyUri(const std::string& gln);
std::string unitUri(const std::string& sscc);

/// `2026-03-04T11:00:30.000+08:00`
std::string countyTime(Micros at);

/// So many kilograms of a lot.
struct Kilograms {
    std::string lot; ///< URI
    std::string number;
};

/// The JSON text of one EPCIS event, written field by field: `EpcisEvent("ObjectEvent",
/// at).action("ADD").text()`.
class EpcisEvent {
public:
    EpcisEvent(const std::string& type, Micros at);

    EpcisEvent& set(const std::string& member, const std::string& value);
    /// `value` is JSON already.
    EpcisEvent& json(const std::string& member, const std::string& value);
    EpcisEvent& list(const std::string& member, const std::vector<std::string>& values);
    EpcisEvent& kilograms(const std::string& member, const std::vector<Kilograms>& amounts);
    EpcisEvent& action(const std::string& word) { return set("action", word); }
    EpcisEvent& step(const std::string& word) { return set("bizStep", word); }
    /// Read point and business location.
    EpcisEvent& at(const std::string& place);
    EpcisEvent& to(const std::string& party);

    std::string text() const { return text_ + "}"; }
    /// The same event as a body of its own, with GS1's context.
    std::string alone() const;

private:
    std::string text_;
};

/// The same events in another order, the same for the same seed.
std::vector<std::string> shuffled(std::vector<std::string> events, unsigned seed);

/// A document of `events` with GS1's context and the prefix `ext`.
std::string epcisDocument(const std::vector<std::string>& events);

} // namespace dalate::testing
