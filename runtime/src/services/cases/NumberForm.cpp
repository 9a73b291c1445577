// SPDX-License-Identifier: Apache-2.0
#include "services/cases/NumberForm.h"

#include "services/rules/CivilDay.h"

#include <chrono>

#include <fmt/format.h>

namespace dalate::services::cases {

namespace {

Error refusal(std::string_view form) {
    return Error(422, "core.case.number_form", Value::map([&](MapWriter& m) { m.set("form", form); }));
}

} // namespace

Result<NumberForm> NumberForm::parse(std::string_view form) {
    using Kind = Part::Kind;
    NumberForm out;
    bool sequence = false;
    if (form.size() > 40) return refusal(form);
    for (std::size_t at = 0; at < form.size();) {
        if (form[at] == '}') return refusal(form);
        if (form[at] != '{') {
            const std::size_t end = std::min(form.find_first_of("{}", at), form.size());
            out.parts_.push_back({Kind::text, std::string(form.substr(at, end - at)), 0});
            at = end;
            continue;
        }
        const std::size_t end = form.find('}', at);
        if (end == std::string_view::npos) return refusal(form);
        const std::string_view word = form.substr(at + 1, end - at - 1);
        at = end + 1;
        if (word == "yyyy") {
            out.parts_.push_back({Kind::year4, {}, 4});
        } else if (word == "yy") {
            out.parts_.push_back({Kind::year2, {}, 2});
        } else if (word == "mm") {
            out.parts_.push_back({Kind::month, {}, 2});
        } else if (word == "dd") {
            out.parts_.push_back({Kind::day, {}, 2});
        } else if (word.size() == 5 && word.starts_with("seq:") && word[4] >= '3' && word[4] <= '9' && !sequence) {
            out.parts_.push_back({Kind::sequence, {}, word[4] - '0'});
            sequence = true;
        } else {
            return refusal(form);
        }
    }
    if (!sequence) return refusal(form);
    return out;
}

std::string NumberForm::write(Micros time, const std::int64_t* sequence) const {
    const std::chrono::year_month_day day(rules::civilDayOf(time));
    std::string out;
    for (const Part& part : parts_) {
        switch (part.kind) {
        case Part::Kind::text:
            out += part.text;
            break;
        case Part::Kind::year4:
            out += fmt::format("{:04}", static_cast<int>(day.year()));
            break;
        case Part::Kind::year2:
            out += fmt::format("{:02}", static_cast<int>(day.year()) % 100);
            break;
        case Part::Kind::month:
            out += fmt::format("{:02}", static_cast<unsigned>(day.month()));
            break;
        case Part::Kind::day:
            out += fmt::format("{:02}", static_cast<unsigned>(day.day()));
            break;
        case Part::Kind::sequence:
            if (sequence) out += fmt::format("{:0{}}", *sequence, part.digits);
            break;
        }
    }
    return out;
}

std::string NumberForm::period(Micros time) const {
    return write(time, nullptr);
}

std::string NumberForm::number(Micros time, std::int64_t sequence) const {
    return write(time, &sequence);
}

} // namespace dalate::services::cases
