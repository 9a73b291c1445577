// SPDX-License-Identifier: Apache-2.0
#include "services/forms/IdCard.h"

#include "services/forms/Figures.h"

#include <algorithm>
#include <array>

namespace dalate::services::forms {
namespace {

/// Provinces of GB/T 2260 and the places of residence permits.
constexpr std::array<int, 35> places{11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43,
                                     44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};

bool isPlace(std::string_view two) noexcept {
    const int code = (two[0] - '0') * 10 + (two[1] - '0');
    return code != 0 && std::find(places.begin(), places.end(), code) != places.end();
}

} // namespace

char IdCard::checkOf(std::string_view digits) noexcept {
    static constexpr std::array<int, 17> weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static constexpr std::string_view checks = "10X98765432";
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        sum += (digits[i] - '0') * weights[i];
    return checks[static_cast<std::size_t>(sum % 11)];
}

IdCard::Read IdCard::read(std::string_view text, std::int64_t today) {
    std::string number;
    for (const char c : text)
        if (c != ' ' && c != '-') number.push_back(c == 'x' ? 'X' : c);
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const bool shaped = number.size() == 18 && std::all_of(number.begin(), number.end() - 1, isDigit) &&
                        (isDigit(number.back()) || number.back() == 'X');
    if (!shaped) return {{}, Fault::form};
    const std::string_view whole(number);
    if (!(isPlace(whole) || (whole[0] == '9' && isPlace(whole.substr(1))))) return {{}, Fault::place};
    const auto birth = parseCivilDay(whole.substr(6, 8));
    if (!birth || *birth > today) return {{}, Fault::birth};
    if (checkOf(whole) != whole.back()) return {{}, Fault::check};
    return {std::move(number), std::nullopt};
}

} // namespace dalate::services::forms
