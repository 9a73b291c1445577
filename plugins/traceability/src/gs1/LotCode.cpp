// SPDX-License-Identifier: Apache-2.0
#include "gs1/LotCode.h"

#include "gs1/DigitalLink.h"
#include "gs1/Percent.h"

#include <algorithm>

namespace dalate::traceability::gs1 {

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

/// `(01)…(10)…` as a path; empty where a bracket is missing.
std::string pathOfElements(std::string_view text) {
    std::string path;
    while (!text.empty()) {
        const std::size_t close = text.find(')');
        if (text.front() != '(' || close == std::string_view::npos) return {};
        const std::size_t next = std::min(text.find('(', close), text.size());
        path.append("/").append(text.substr(1, close - 1)).append("/");
        path.append(encodeValue(trimmed(text.substr(close + 1, next - close - 1))));
        text.remove_prefix(next);
    }
    return path;
}

} // namespace

std::string LotCode::path() const {
    return "/01/" + encodeValue(gtin) + "/10/" + encodeValue(lot);
}

std::optional<LotCode> readLotCode(std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return std::nullopt;
    std::string code(text);
    if (code.front() == '(')
        code = pathOfElements(text);
    else if (code.front() != '/' && code.find("://") == std::string::npos)
        code.insert(0, 1, '/');
    const auto parsed = parseDigitalLink(code);
    const auto* link = std::get_if<DigitalLink>(&parsed);
    if (!link || link->ai != "01" || link->qualifier("10").empty()) return std::nullopt;
    DigitalLink lot;
    lot.ai = link->ai;
    lot.key = link->key;
    lot.qualifiers.emplace_back("10", std::string(link->qualifier("10")));
    return LotCode{link->key, std::string(link->qualifier("10")), lot.canonical()};
}

} // namespace dalate::traceability::gs1
