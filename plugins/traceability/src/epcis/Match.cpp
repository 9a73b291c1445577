// SPDX-License-Identifier: Apache-2.0
#include "epcis/Match.h"

#include "epcis/Uri.h"
#include "gs1/CheckDigit.h"
#include "gs1/EpcUrn.h"
#include "gs1/Identifier.h"

namespace dalate::traceability::epcis {

namespace {

constexpr std::string_view patternStart = "urn:epc:idpat:";

/// What stands between the class and the serial number of its things.
std::string_view behindClass(std::string_view scheme) noexcept {
    if (scheme == "sgtin" || scheme == "itip") return "/21/";
    if (scheme == "upui") return "/235/";
    if (scheme == "sgln") return "/254/";
    if (scheme == "cpi") return "/8011/";
    return "";
}

/// How the digits of a key are laid out behind its AI.
struct Layout {
    std::string_view scheme, ai, lead;
    unsigned digits; ///< prefix and reference together
    bool indicatorFirst;
};

constexpr Layout layouts[] = {
    {"sgtin", "01", "", 13, true},    {"upui", "01", "", 13, true},   {"sscc", "00", "", 17, true},
    {"sgln", "414", "", 12, false},   {"pgln", "417", "", 12, false}, {"grai", "8003", "0", 12, false},
    {"gdti", "253", "", 12, false},   {"sgcn", "255", "", 12, false}, {"gsrn", "8018", "", 17, false},
    {"gsrnp", "8017", "", 17, false},
};

/// A pattern that leaves the item reference open: `urn:epc:idpat:sgtin:0614141.*.*`.
std::vector<Pattern> openPattern(std::string_view scheme, std::string_view rest) {
    for (const Layout& layout : layouts) {
        if (layout.scheme != scheme) continue;
        const std::string_view company = rest.substr(0, rest.find('.'));
        if (company != "*" && (!gs1::isDigits(company) || company.size() > layout.digits)) return {};
        std::string text = "https://id.gs1.org/" + std::string(layout.ai) + "/" + std::string(layout.lead);
        std::size_t open = layout.digits + 1; // the check digit too
        if (company != "*") {
            if (layout.indicatorFirst) text += '_';
            text += company;
            open -= company.size() + (layout.indicatorFirst ? 1 : 0);
        }
        text.append(open, '_').append("%");
        return {{Pattern::Form::like, text}};
    }
    return {};
}

std::vector<Pattern> urnPattern(std::string_view value) {
    const std::string_view behind = value.substr(patternStart.size());
    const std::size_t colon = behind.find(':');
    if (colon == std::string_view::npos) return {};
    const std::string_view scheme = behind.substr(0, colon);
    const gs1::UrnReading urn = gs1::readEpcUrn(value);
    if (urn.kind == gs1::UrnKind::pattern) return openPattern(scheme, behind.substr(colon + 1));
    if (!urn.link) return {};
    const std::string canonical = urn.link->canonical();
    if (urn.kind == gs1::UrnKind::instance) return {{Pattern::Form::exact, canonical}};
    return {{Pattern::Form::exact, canonical},
            {Pattern::Form::prefix, canonical + std::string(behindClass(scheme))}};
}

/// `https://id.gs1.org/01/04012345987652/21/*` by putting a letter in the star's place.
std::vector<Pattern> linkPattern(std::string_view value) {
    std::string probe(value);
    probe.back() = 'X';
    std::string canonical = gs1::canonicalId(probe);
    if (canonical.empty() || canonical.back() != 'X') return {};
    canonical.pop_back();
    return {{Pattern::Form::prefix, canonical}};
}

} // namespace

std::string Pattern::upper() const {
    std::string out = text;
    if (!out.empty()) out.back() = static_cast<char>(out.back() + 1);
    return out;
}

bool Pattern::matches(std::string_view id) const noexcept {
    switch (form) {
    case Form::exact:
        return id == text;
    case Form::prefix:
        return id.substr(0, text.size()) == text && id.size() > text.size();
    case Form::like:
        break;
    }
    std::size_t at = 0;
    for (const char c : text) {
        if (c == '%') return true;
        if (at == id.size() || (c == '_' ? id[at] < '0' || id[at] > '9' : id[at] != c)) return false;
        ++at;
    }
    return at == id.size();
}

std::vector<Pattern> patternsOf(std::string_view value) {
    if (!isUri(value)) return {};
    if (value.substr(0, patternStart.size()) == patternStart) return urnPattern(value);
    const bool web = value.substr(0, 4) == "http";
    if (web && value.size() > 2 && value.substr(value.size() - 2) == "/*") return linkPattern(value);
    return {{Pattern::Form::exact, gs1::canonicalId(value)}};
}

} // namespace dalate::traceability::epcis
