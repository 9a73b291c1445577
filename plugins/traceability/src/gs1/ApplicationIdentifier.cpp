// SPDX-License-Identifier: Apache-2.0
#include "gs1/ApplicationIdentifier.h"

#include "gs1/CheckDigit.h"

namespace dalate::traceability::gs1 {

namespace {

// Keys and qualifiers as in GS1 Digital Link: URI Syntax 1.3; formats as in the GS1 General Specifications.
constexpr ApplicationIdentifier table[] = {
    // code  name     title          fixed checked rest min charset            qualifiers       primary
    {"00", "sscc", "SSCC", 18, 18, 0, 0, Charset::digits, "", true},
    {"01", "gtin", "GTIN", 14, 14, 0, 0, Charset::digits, "22 10 21 235", true},
    {"253", "gdti", "GDTI", 13, 13, 17, 0, Charset::set82, "", true},
    {"255", "gcn", "GCN", 13, 13, 12, 0, Charset::digits, "", true},
    {"401", "ginc", "GINC", 0, 0, 30, 1, Charset::set82, "", true},
    {"402", "gsin", "GSIN", 17, 17, 0, 0, Charset::digits, "", true},
    {"414", "gln", "LOC No.", 13, 13, 0, 0, Charset::digits, "254 7040", true},
    {"417", "party", "PARTY", 13, 13, 0, 0, Charset::digits, "7040", true},
    {"8003", "grai", "GRAI", 14, 14, 16, 0, Charset::set82, "", true},
    {"8004", "giai", "GIAI", 0, 0, 30, 1, Charset::set82, "7040", true},
    {"8006", "itip", "ITIP", 18, 14, 0, 0, Charset::digits, "22 10 21", true},
    {"8010", "cpid", "CPID", 0, 0, 30, 1, Charset::set39, "8011", true},
    {"8013", "gmn", "GMN", 0, 0, 25, 1, Charset::set82, "", true},
    {"8017", "gsrnp", "GSRN - PROVIDER", 18, 18, 0, 0, Charset::digits, "8019", true},
    {"8018", "gsrn", "GSRN - RECIPIENT", 18, 18, 0, 0, Charset::digits, "8019", true},
    {"22", "cpv", "CPV", 0, 0, 20, 1, Charset::set82, "", false},
    {"10", "lot", "BATCH/LOT", 0, 0, 20, 1, Charset::set82, "", false},
    {"21", "ser", "SERIAL", 0, 0, 20, 1, Charset::set82, "", false},
    {"235", "tpx", "TPX", 0, 0, 28, 1, Charset::set82, "", false},
    {"254", "glnx", "GLN EXTENSION COMPONENT", 0, 0, 20, 1, Charset::set82, "", false},
    {"7040", "uic-ext", "UIC+EXT", 1, 0, 3, 3, Charset::set82, "", false},
    {"8011", "cpsn", "CPID SERIAL", 0, 0, 12, 1, Charset::digits, "", false},
    {"8019", "srin", "SRIN", 0, 0, 10, 1, Charset::digits, "", false},
};

bool isIn(Charset set, char c) noexcept {
    const bool digit = c >= '0' && c <= '9';
    const bool capital = c >= 'A' && c <= 'Z';
    switch (set) {
    case Charset::digits:
        return digit;
    case Charset::set39:
        return digit || capital || c == '#' || c == '-' || c == '/';
    case Charset::set82:
        return digit || capital || (c >= 'a' && c <= 'z') ||
               std::string_view("!\"%&'()*+,-./:;<=>?_").find(c) != std::string_view::npos;
    }
    return false;
}

} // namespace

const ApplicationIdentifier* findAi(std::string_view codeOrName) noexcept {
    for (const auto& ai : table)
        if (ai.code == codeOrName || ai.shortName == codeOrName) return &ai;
    return nullptr;
}

ValueFault checkValue(const ApplicationIdentifier& ai, std::string_view value) noexcept {
    if (ai.code == "01") {
        if (!isDigits(value)) return value.empty() ? ValueFault::length : ValueFault::charset;
        if (gtin14(value).empty()) return ValueFault::length;
        // Leading zeros carry no weight, so the short forms check alike.
        return hasCheckDigit(value) ? ValueFault::none : ValueFault::checkDigit;
    }
    if (value.size() < ai.fixedDigits + ai.minRest || value.size() > ai.fixedDigits + ai.maxRest)
        return ValueFault::length;
    if (ai.fixedDigits > 0 && !isDigits(value.substr(0, ai.fixedDigits))) return ValueFault::charset;
    for (const char c : value.substr(ai.fixedDigits))
        if (!isIn(ai.rest, c)) return ValueFault::charset;
    if (ai.checkedDigits > 0 && !hasCheckDigit(value.substr(0, ai.checkedDigits)))
        return ValueFault::checkDigit;
    return ValueFault::none;
}

} // namespace dalate::traceability::gs1
