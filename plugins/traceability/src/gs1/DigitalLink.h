// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gs1/ApplicationIdentifier.h"
#include "gs1/Percent.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace dalate::traceability::gs1 {

/// The address in a GS1 QR code (溯源二维码): GS1 Digital Link: URI Syntax 1.3, uncompressed.
///
/// `https://id.gs1.org/01/09506000134352/10/ABC%2F1?17=261231` reads as stem `https://id.gs1.org`, key 01,
/// qualifier 10 = `ABC/1`, attribute 17. All values are percent-decoded; a GTIN has 14 digits.
struct DigitalLink {
    using Pairs = std::vector<std::pair<std::string, std::string>>;

    std::string stem; ///< what stands before the first AI, without the slash; empty when a bare path was read
    std::string ai;   ///< of the primary key, e.g. "01"
    std::string key;  ///< its value
    Pairs qualifiers; ///< AI and value, in the order of the standard: 22, 10, 21
    Pairs attributes; ///< the query: name and value as sent, decoded

    /// The value of a qualifier; empty when it is not there.
    std::string_view qualifier(std::string_view code) const noexcept;

    /// The URI on `stem` (no slash at its end), key and qualifiers only, values percent-encoded.
    std::string format(std::string_view atStem) const;

    /// The one form that identifiers are stored and compared in: https://id.gs1.org, the most specific level
    /// only, so a serial number hides the lot, and no consumer product variant (CBV 2.0, the "constrained"
    /// canonical Digital Link).
    std::string canonical() const;
};

/// Why an address is no Digital Link. The scan page tells the three apart.
struct LinkFault {
    enum class Kind {
        malformed,  ///< not a URI or path with AI and value pairs, bad percent-encoding, qualifier out of
                    ///< order
        unknownAi,  ///< an AI that is no primary key, or no qualifier of this key
        badValue,   ///< characters or length that the AI does not allow
        checkDigit, ///< the key's last digit does not fit
    };
    Kind kind;
    std::string ai;    ///< the AI concerned; empty when malformed before any was read
    std::string value; ///< decoded
};

/// Reads a URI (`https://…`) or an absolute path (`/01/…`), the path not yet percent-decoded. Segments before
/// the first primary key belong to the stem.
std::variant<DigitalLink, LinkFault> parseDigitalLink(std::string_view uri);

} // namespace dalate::traceability::gs1
