// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dalate::traceability::gs1 {

enum class IdentifierFault { none, malformed, gtinCheckDigit, ssccCheckDigit };

struct Identifier {
    std::string canonical; ///< https://id.gs1.org/…, or the text as it was where no GS1 key was recognised
    IdentifierFault fault = IdentifierFault::none;
};

/// Brings any URI that names a GS1 key to its one canonical form: EPC URNs, class URIs, patterns of one
/// class, and Digital Links on any host. Every other URI is returned unchanged and without fault.
///
/// Faults are those that EPCIS capture refuses: an EPC URN of a GS1 scheme with wrong parts, and a Digital
/// Link whose GTIN or SSCC has a wrong check digit or length. Other keys with odd values stay as they are.
Identifier readIdentifier(std::string_view uri);

/// `readIdentifier(uri).canonical`.
std::string canonicalId(std::string_view uri);

} // namespace dalate::traceability::gs1
