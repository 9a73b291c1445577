// SPDX-License-Identifier: Apache-2.0
#include "Node.h"

#include <charconv>

namespace dalate::traceability {

namespace {

constexpr std::int64_t million = 1000000;

constexpr std::uint32_t code(const char (&text)[4]) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[0])) << 16 |
           static_cast<std::uint32_t>(static_cast<unsigned char>(text[1])) << 8 |
           static_cast<std::uint32_t>(static_cast<unsigned char>(text[2]));
}

bool multiplyFits(std::int64_t a, std::int64_t b, std::int64_t& product) noexcept {
    return !__builtin_mul_overflow(a, b, &product);
}

} // namespace

Amount parseAmount(std::string_view digits, std::string_view unit) {
    Amount amount;
    amount.unit = packUnit(unit);
    const bool negative = !digits.empty() && digits.front() == '-';
    if (negative) digits.remove_prefix(1);

    int exponent = 0;
    if (const auto e = digits.find_first_of("eE"); e != std::string_view::npos) {
        std::string_view power = digits.substr(e + 1);
        if (!power.empty() && power.front() == '+') power.remove_prefix(1);
        const auto [end, fault] = std::from_chars(power.data(), power.data() + power.size(), exponent);
        if (fault != std::errc() || end != power.data() + power.size() || exponent > 30 || exponent < -60) return amount;
        digits = digits.substr(0, e);
    }
    std::string_view whole = digits.substr(0, digits.find('.'));
    std::string_view fraction = digits.size() > whole.size() ? digits.substr(whole.size() + 1) : std::string_view();
    std::string all(whole);
    all.append(fraction);
    if (all.empty() || all.find_first_not_of("0123456789") != std::string::npos) return amount;

    // The place of the decimal point in `all` once the number is counted in millionths.
    const int point = static_cast<int>(whole.size()) + exponent + 6;
    if (point < 0) {
        amount.millionths = 0;
        return amount;
    }
    bool roundUp = false;
    if (static_cast<std::size_t>(point) < all.size()) {
        roundUp = all[static_cast<std::size_t>(point)] >= '5';
        all.resize(static_cast<std::size_t>(point));
    } else {
        all.append(static_cast<std::size_t>(point) - all.size(), '0');
    }
    const auto first = all.find_first_not_of('0');
    all.erase(0, first == std::string::npos ? all.size() : first);
    std::int64_t number = 0;
    if (all.size() > 18) return amount;
    std::from_chars(all.data(), all.data() + all.size(), number);
    if (roundUp) ++number;
    amount.millionths = negative ? -number : number;
    return amount;
}

std::string amountText(std::int64_t millionths) {
    if (millionths == Amount::unknown) return {};
    const std::uint64_t magnitude =
        millionths < 0 ? ~static_cast<std::uint64_t>(millionths) + 1 : static_cast<std::uint64_t>(millionths);
    std::string text = millionths < 0 ? "-" : "";
    text += std::to_string(magnitude / million);
    if (const auto rest = magnitude % million; rest != 0) {
        std::string decimals = std::to_string(rest);
        decimals.insert(0, 6 - decimals.size(), '0');
        decimals.erase(decimals.find_last_not_of('0') + 1);
        text += '.' + decimals;
    }
    return text;
}

std::uint32_t packUnit(std::string_view text) noexcept {
    if (text.empty() || text.size() > 3) return 0;
    std::uint32_t packed = 0;
    for (std::size_t i = 0; i < 3; ++i)
        packed = packed << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
    return packed;
}

std::string unitText(std::uint32_t unit) {
    std::string text;
    for (int shift = 16; shift >= 0; shift -= 8)
        if (const auto c = static_cast<char>(unit >> shift & 0xff); c != 0) text += c;
    return text;
}

Amount inBaseUnit(Amount amount) noexcept {
    if (!amount.known()) return amount;
    constexpr std::uint32_t kilogram = code("KGM");
    std::int64_t scaled = 0;
    switch (amount.unit) {
    case code("TNE"):
        if (!multiplyFits(amount.millionths, 1000, scaled)) return amount;
        return {scaled, kilogram};
    case code("GRM"): return {(amount.millionths + 500) / 1000, kilogram};
    case code("MGM"): return {(amount.millionths + 500000) / million, kilogram};
    case code("LBR"):
        if (!multiplyFits(amount.millionths, 45359237, scaled)) return amount;
        return {scaled / 100000000, kilogram};
    default: return amount;
    }
}

} // namespace dalate::traceability
