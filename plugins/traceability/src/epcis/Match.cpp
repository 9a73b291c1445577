// SPDX-License-Identifier: Apache-2.0
#include "epcis/Match.h"

#include "epcis/Uri.h"
#include "gs1/CheckDigit.h"
#include "gs1/EpcUrn.h"
#include "gs1/Identifier.h"

namespace dalate::traceability::epcis {

namespace {

constexpr std::string_view patternStart = "urn:epc:idpat:";
constexpr std::string_view digit = "[0-9]";

/// What stands between the class and the serial number of its things.
std::string_view behindClass(std::string_view scheme) noexcept {
    if (scheme == "sgtin" || scheme == "itip") return "/21/";
    if (scheme == "upui") return "/235/";
    if (scheme == "sgln") return "/254/";
    if (scheme == "cpi") return "/8011/";
    if (scheme == "lgtin") return "/10/";
    return "";
}

/// How the digits of a key are laid out behind its AI.
struct Layout {
    std::string_view scheme, ai, lead;
    unsigned digits; ///< prefix and reference together
    bool indicatorFirst;
};

constexpr Layout layouts[] = {
    {"sgtin", "01", "", 13, true},    {"lgtin", "01", "", 13, true},  {"upui", "01", "", 13, true},
    {"sscc", "00", "", 17, true},     {"sgln", "414", "", 12, false}, {"pgln", "417", "", 12, false},
    {"grai", "8003", "0", 12, false}, {"gdti", "253", "", 12, false}, {"sgcn", "255", "", 12, false},
    {"gsrn", "8018", "", 17, false},  {"gsrnp", "8017", "", 17, false},
};

/// Whether a key of the scheme has its serial number written right behind it.
bool joinsSerial(std::string_view scheme) noexcept {
    return scheme == "grai" || scheme == "gdti" || scheme == "sgcn";
}

/// A pattern that leaves the item reference open: `urn:epc:idpat:sgtin:0614141.*.*`.
std::vector<Pattern> openPattern(std::string_view scheme, std::string_view rest) {
    for (const Layout& layout : layouts) {
        if (layout.scheme != scheme) continue;
        const std::string_view company = rest.substr(0, rest.find('.'));
        if (company != "*" && (!gs1::isDigits(company) || company.size() > layout.digits)) return {};
        std::string text = "https://id.gs1.org/" + std::string(layout.ai) + "/" + std::string(layout.lead);
        std::size_t open = layout.digits + 1; // the check digit too
        if (company != "*") {
            if (layout.indicatorFirst) text += digit;
            text += company;
            open -= company.size() + (layout.indicatorFirst ? 1 : 0);
        }
        for (; open > 0; --open) text += digit;
        if (joinsSerial(scheme)) return {{Pattern::Form::glob, text + "*"}};
        const std::string_view behind = behindClass(scheme);
        if (behind.empty()) return {{Pattern::Form::glob, text}};
        const Pattern things{Pattern::Form::glob, text + std::string(behind) + "*"};
        // A lot is a class, so its pattern is not the product's, as that of single things is.
        if (scheme == "lgtin") return {things};
        return {{Pattern::Form::glob, text}, things};
    }
    return {};
}

/// Lots: `rest` is `<company>.<item>.<lot>`, a star for each part that is left open. The EPC Tag Data Standard has
/// a class URI for one lot and no pattern; the Digital Links of all lots are the product's with `/10/` behind.
std::vector<Pattern> lotPattern(std::string_view rest) {
    const bool anyLot = rest.size() > 2 && rest.substr(rest.size() - 2) == ".*";
    const gs1::UrnReading urn =
        gs1::readEpcUrn((anyLot ? "urn:epc:idpat:sgtin:" : "urn:epc:class:lgtin:") + std::string(rest));
    if (urn.kind == gs1::UrnKind::pattern) return openPattern("lgtin", rest);
    if (!urn.link) return {};
    const std::string canonical = urn.link->canonical();
    if (!anyLot) return {{Pattern::Form::exact, canonical}};
    return {{Pattern::Form::prefix, canonical + std::string(behindClass("lgtin"))}};
}

std::vector<Pattern> urnPattern(std::string_view value) {
    const std::string_view behind = value.substr(patternStart.size());
    const std::size_t colon = behind.find(':');
    if (colon == std::string_view::npos) return {};
    const std::string_view scheme = behind.substr(0, colon);
    if (scheme == "lgtin") return lotPattern(behind.substr(colon + 1));
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
    case Form::glob:
        break;
    }
    std::string_view left = text;
    while (!left.empty() && left != "*") {
        const bool anyDigit = left.substr(0, digit.size()) == digit;
        if (id.empty() || (anyDigit ? id.front() < '0' || id.front() > '9' : id.front() != left.front())) return false;
        left.remove_prefix(anyDigit ? digit.size() : 1);
        id.remove_prefix(1);
    }
    return id.empty() || left == "*";
}

std::vector<Pattern> patternsOf(std::string_view value) {
    if (!isUri(value)) return {};
    if (value.substr(0, patternStart.size()) == patternStart) return urnPattern(value);
    const bool web = value.substr(0, 4) == "http";
    if (web && value.size() > 2 && value.substr(value.size() - 2) == "/*") return linkPattern(value);
    return {{Pattern::Form::exact, gs1::canonicalId(value)}};
}

} // namespace dalate::traceability::epcis
