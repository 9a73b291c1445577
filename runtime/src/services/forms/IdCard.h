// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::services::forms {

/// A citizen's identity number (公民身份号码, GB 11643-1999): 6 digits of the place, 8 of the date of birth,
/// 3 in order, 1 check character by ISO 7064 MOD 11-2. Residence permits of Hong Kong, Macao and Taiwan
/// residents (places 81 to 83) and the permanent residence cards of foreigners (first digit 9) are numbered
/// alike.
class IdCard {
public:
    enum class Fault { form, place, birth, check };

    /// Reads 18 characters, a small x for X, blanks between groups. Of a faulty one says what. `today` in
    /// days since 1970-01-01: nobody is born later.
    struct Read;
    static Read read(std::string_view text, std::int64_t today);

    /// The check character of 17 digits.
    static char checkOf(std::string_view digits) noexcept;
};

struct IdCard::Read {
    /// 18 characters, or empty where `fault` says why.
    std::string number;
    std::optional<Fault> fault;
};

} // namespace dalate::services::forms
