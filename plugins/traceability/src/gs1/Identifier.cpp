// SPDX-License-Identifier: Apache-2.0
#include "gs1/Identifier.h"

#include "gs1/CheckDigit.h"
#include "gs1/DigitalLink.h"
#include "gs1/EpcUrn.h"

namespace dalate::traceability::gs1 {

namespace {

bool isWeb(std::string_view uri) noexcept {
    return uri.substr(0, 8) == "https://" || uri.substr(0, 7) == "http://";
}

IdentifierFault toFault(const LinkFault& bad) {
    const bool trade = bad.ai == "01";
    const bool logistic = bad.ai == "00";
    if (bad.kind == LinkFault::Kind::checkDigit) {
        if (trade) return IdentifierFault::gtinCheckDigit;
        if (logistic) return IdentifierFault::ssccCheckDigit;
    }
    // `/01/` may be an ordinary path of somebody's web site: only digits of a wrong length are a mistyped
    // key.
    if (bad.kind == LinkFault::Kind::badValue && (trade || logistic) && isDigits(bad.value) &&
        bad.value.size() >= 8)
        return IdentifierFault::malformed;
    return IdentifierFault::none;
}

/// A key whose check digit is wrong but is not ours to refuse (a GRAI, a GLN) still gets the canonical host,
/// so that two ways of writing it stay one thing.
std::string onCanonicalHost(std::string_view uri, const LinkFault& bad) {
    if (bad.kind != LinkFault::Kind::checkDigit) return std::string(uri);
    const std::string mark = "/" + bad.ai + "/";
    const std::size_t at = uri.find(mark);
    if (at == std::string_view::npos) return std::string(uri);
    return std::string("https://id.gs1.org").append(uri.substr(at, uri.find_first_of("?#", at) - at));
}

} // namespace

Identifier readIdentifier(std::string_view uri) {
    if (isWeb(uri)) {
        const auto read = parseDigitalLink(uri);
        if (const auto* link = std::get_if<DigitalLink>(&read))
            return {link->canonical(), IdentifierFault::none};
        const auto& bad = std::get<LinkFault>(read);
        return {onCanonicalHost(uri, bad), toFault(bad)};
    }
    const UrnReading urn = readEpcUrn(uri);
    if (urn.link) return {urn.link->canonical(), IdentifierFault::none};
    return {std::string(uri),
            urn.kind == UrnKind::malformed ? IdentifierFault::malformed : IdentifierFault::none};
}

std::string canonicalId(std::string_view uri) {
    return readIdentifier(uri).canonical;
}

} // namespace dalate::traceability::gs1
