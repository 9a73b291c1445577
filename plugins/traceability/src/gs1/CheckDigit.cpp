// SPDX-License-Identifier: Apache-2.0
#include "gs1/CheckDigit.h"

namespace dalate::traceability::gs1 {

bool isDigits(std::string_view text) noexcept {
    if (text.empty()) return false;
    for (const char c : text)
        if (c < '0' || c > '9') return false;
    return true;
}

char checkDigit(std::string_view digits) noexcept {
    int sum = 0;
    int weight = 3;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
        sum += (*at - '0') * weight;
        weight = 4 - weight;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool hasCheckDigit(std::string_view key) noexcept {
    if (key.size() < 2 || !isDigits(key)) return false;
    return checkDigit(key.substr(0, key.size() - 1)) == key.back();
}

std::string gtin14(std::string_view gtin) {
    const std::size_t n = gtin.size();
    if (!isDigits(gtin) || (n != 8 && n != 12 && n != 13 && n != 14)) return {};
    return std::string(14 - n, '0').append(gtin);
}

} // namespace dalate::traceability::gs1
