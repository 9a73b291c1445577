// SPDX-License-Identifier: Apache-2.0
#include "gs1/EpcUrn.h"

#include "gs1/CheckDigit.h"

#include <vector>

namespace dalate::traceability::gs1 {

namespace {

/// How the parts of a scheme make a key. `digits` is company prefix and reference together, without check
/// digit; 0 where the reference is text.
struct Scheme {
    std::string_view name;
    std::string_view ai;
    unsigned digits;
    bool indicatorFirst;       ///< the reference's first digit goes before the company prefix (GTIN, SSCC)
    std::string_view lead;     ///< digits written before the key (GRAI's 0)
    std::string_view serialAi; ///< the qualifier that the last part becomes
    bool serialJoined;         ///< the last part is written behind the key itself (GRAI, GDTI, GCN)
    unsigned parts;
};

constexpr Scheme schemes[] = {
    {"sgtin", "01", 13, true, "", "21", false, 3},  {"lgtin", "01", 13, true, "", "10", false, 3},
    {"upui", "01", 13, true, "", "235", false, 3},  {"itip", "8006", 13, true, "", "21", false, 5},
    {"sscc", "00", 17, true, "", "", false, 2},     {"sgln", "414", 12, false, "", "254", false, 3},
    {"pgln", "417", 12, false, "", "", false, 2},   {"grai", "8003", 12, false, "0", "", true, 3},
    {"giai", "8004", 0, false, "", "", false, 2},   {"gsrn", "8018", 17, false, "", "", false, 2},
    {"gsrnp", "8017", 17, false, "", "", false, 2}, {"gdti", "253", 12, false, "", "", true, 3},
    {"sgcn", "255", 12, false, "", "", true, 3},    {"ginc", "401", 0, false, "", "", false, 2},
    {"gsin", "402", 16, false, "", "", false, 2},   {"cpi", "8010", 0, false, "", "8011", false, 3},
};

const Scheme* findScheme(std::string_view name) noexcept {
    for (const auto& scheme : schemes)
        if (scheme.name == name) return &scheme;
    return nullptr;
}

/// At most `parts` pieces; the last keeps any further dots, which a serial number may hold.
std::vector<std::string_view> pieces(std::string_view text, unsigned parts) {
    std::vector<std::string_view> out;
    while (out.size() + 1 < parts) {
        const std::size_t dot = text.find('.');
        if (dot == std::string_view::npos) break;
        out.push_back(text.substr(0, dot));
        text.remove_prefix(dot + 1);
    }
    out.push_back(text);
    return out;
}

/// The key of company prefix and reference; nothing when their lengths or characters do not fit.
std::optional<std::string> makeKey(const Scheme& scheme, std::string_view prefix,
                                   std::string_view reference) {
    if (!isDigits(prefix) || prefix.size() < 6 || prefix.size() > 12) return std::nullopt;
    std::string key(scheme.lead);
    if (scheme.digits == 0) {
        const auto text = decodeValue(reference);
        if (!text || text->empty()) return std::nullopt;
        return key.append(prefix).append(*text);
    }
    if (prefix.size() + reference.size() != scheme.digits || (!reference.empty() && !isDigits(reference)))
        return std::nullopt;
    if (scheme.indicatorFirst) {
        if (reference.empty()) return std::nullopt;
        key.append(reference.substr(0, 1)).append(prefix).append(reference.substr(1));
    } else {
        key.append(prefix).append(reference);
    }
    return key + checkDigit(key);
}

bool addSerial(const Scheme& scheme, std::string_view part, DigitalLink& link) {
    // An SGLN without extension says so by a single 0.
    if (scheme.serialAi == "254" && part == "0") return true;
    const auto serial = decodeValue(part);
    if (!serial || serial->empty()) return false;
    if (scheme.serialJoined)
        link.key += *serial;
    else
        link.qualifiers.emplace_back(std::string(scheme.serialAi), *serial);
    return true;
}

bool fits(const DigitalLink& link) {
    const auto* ai = findAi(link.ai);
    if (ai == nullptr || checkValue(*ai, link.key) != ValueFault::none) return false;
    for (const auto& [code, value] : link.qualifiers) {
        const auto* qualifier = findAi(code);
        if (qualifier == nullptr || checkValue(*qualifier, value) != ValueFault::none) return false;
    }
    return true;
}

} // namespace

UrnReading readEpcUrn(std::string_view urn) {
    constexpr std::string_view start = "urn:epc:";
    if (urn.substr(0, start.size()) != start) return {};
    urn.remove_prefix(start.size());
    const std::size_t first = urn.find(':');
    const std::size_t second = first == std::string_view::npos ? first : urn.find(':', first + 1);
    if (second == std::string_view::npos) return {};
    const std::string_view form = urn.substr(0, first);
    const Scheme* scheme = findScheme(urn.substr(first + 1, second - first - 1));
    const bool isClass = form == "class";
    const bool isPattern = form == "idpat";
    if (scheme == nullptr || (form != "id" && !isClass && !isPattern)) return {};
    if ((scheme->name == "lgtin") != isClass) return {UrnKind::malformed, std::nullopt};

    const auto parts = pieces(urn.substr(second + 1), scheme->parts);
    if (parts.size() != scheme->parts) return {UrnKind::malformed, std::nullopt};
    const bool anyInstance = isPattern && scheme->parts > 2 && parts.back() == "*";
    if (isPattern)
        for (std::size_t i = 0; i + 1 < parts.size(); ++i)
            if (parts[i] == "*") return {UrnKind::pattern, std::nullopt};
    if (isPattern && scheme->parts == 2 && parts.back() == "*") return {UrnKind::pattern, std::nullopt};

    DigitalLink link;
    link.ai = scheme->ai;
    auto key = makeKey(*scheme, parts[0], parts[1]);
    if (!key) return {UrnKind::malformed, std::nullopt};
    link.key = std::move(*key);
    if (scheme->name == "itip") {
        if (parts[2].size() != 2 || parts[3].size() != 2 || !isDigits(parts[2]) || !isDigits(parts[3]))
            return {UrnKind::malformed, std::nullopt};
        link.key.append(parts[2]).append(parts[3]);
    }
    if (scheme->parts > 2 && !anyInstance && !addSerial(*scheme, parts.back(), link))
        return {UrnKind::malformed, std::nullopt};
    if (!fits(link)) return {UrnKind::malformed, std::nullopt};
    return {isClass || anyInstance ? UrnKind::classes : UrnKind::instance, std::move(link)};
}

} // namespace dalate::traceability::gs1
