// SPDX-License-Identifier: Apache-2.0
#include "services/rules/Term.h"

#include <array>
#include <charconv>

namespace dalate::services::rules {
namespace {

struct Word {
    Term::Unit unit;
    std::string_view one;
    std::string_view many;
    std::string_view textId;
};

constexpr std::array<Word, 5> words{{
    {Term::Unit::seconds, "s", "s", "core.term.seconds"},
    {Term::Unit::minutes, "min", "min", "core.term.minutes"},
    {Term::Unit::hours, "h", "h", "core.term.hours"},
    {Term::Unit::days, "day", "days", "core.term.days"},
    {Term::Unit::workdays, "workday", "workdays", "core.term.workdays"},
}};

const Word& wordOf(Term::Unit unit) noexcept {
    return words[static_cast<std::size_t>(unit)];
}

} // namespace

Result<Term> Term::parse(std::string_view text) {
    const auto refuse = [&] {
        return Error(422, "core.term.form",
                     Value::map([&](MapWriter& m) { m.set("term", text.substr(0, 64)); }));
    };
    std::int64_t count = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (fault != std::errc() || count < 0 || count > most || text.front() == '-') return refuse();
    std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (!unit.starts_with(' ')) return refuse();
    unit.remove_prefix(1);
    for (const Word& word : words)
        if (unit == word.one || unit == word.many) return Term(count, word.unit);
    return refuse();
}

std::string Term::text() const {
    const Word& word = wordOf(unit_);
    return std::to_string(count_).append(" ").append(count_ == 1 ? word.one : word.many);
}

std::string_view Term::textId() const noexcept {
    return wordOf(unit_).textId;
}

} // namespace dalate::services::rules
