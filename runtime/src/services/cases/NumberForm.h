// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "base/Result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::cases {

/// How a machine's case numbers look (编号): `HD{yyyy}{mm}-{seq:5}` is HD202611-00042. Date parts are China's civil
/// day; the sequence begins at 1 in each period, which is the number without its sequence.
class NumberForm {
public:
    NumberForm() = default;

    /// Error 422 `core.case.number_form` (details: form): a part other than {yyyy}, {yy}, {mm}, {dd} and one
    /// {seq:3} to {seq:9}, a stray brace, or longer than 40.
    static Result<NumberForm> parse(std::string_view form);

    /// What distinguishes the sequences: `HD202611-` for the form above.
    std::string period(Micros time) const;
    /// The whole number. A sequence with more digits than the form's stays whole.
    std::string number(Micros time, std::int64_t sequence) const;

private:
    struct Part {
        enum class Kind { text, year4, year2, month, day, sequence } kind = Kind::text;
        std::string text;
        int digits = 0;
    };
    std::string write(Micros time, const std::int64_t* sequence) const;
    std::vector<Part> parts_;
};

} // namespace dalate::services::cases
