// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gs1/DigitalLink.h"

#include <optional>
#include <string_view>

namespace dalate::traceability::gs1 {

/// What an EPC URN is for.
enum class UrnKind {
    none,      ///< not an EPC URN of a GS1 key (a plain URI, `urn:epc:id:usdod:…`)
    malformed, ///< the scheme of a GS1 key, but with wrong parts, lengths or characters
    instance,  ///< urn:epc:id:…
    classes,   ///< urn:epc:class:lgtin:… or a pattern whose last part alone is `*`
    pattern,   ///< urn:epc:idpat:… with an earlier `*`: no single Digital Link says it
};

struct UrnReading {
    UrnKind kind = UrnKind::none;
    std::optional<DigitalLink> link; ///< for instance and classes; its stem is empty
};

/// Reads an EPC pure identity URI, class URI or pattern of a GS1 key (EPC Tag Data Standard 2.0 §6 and §8):
/// sgtin, sscc, sgln, pgln, grai, giai, gsrn, gsrnp, gdti, cpi, sgcn, ginc, gsin, itip, upui, lgtin. URNs
/// carry no check digits; they are reckoned.
UrnReading readEpcUrn(std::string_view urn);

} // namespace dalate::traceability::gs1
