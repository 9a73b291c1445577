// SPDX-License-Identifier: Apache-2.0
#include "admin/RuleAnswer.h"

#include "services/rules/Term.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace dalate::admin {
namespace {

using services::rules::RuleType;
using services::rules::Term;

std::optional<std::int64_t> whole(std::string_view digits) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.empty() || fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

/// "12.5" yuan in fen. More than two places behind the point is no amount of money.
std::optional<std::int64_t> fen(const std::string& yuan) {
    const std::size_t point = yuan.find('.');
    std::string places = point == std::string::npos ? "" : yuan.substr(point + 1);
    if (point != std::string::npos && (places.empty() || places.size() > 2)) return std::nullopt;
    places.resize(2, '0');
    const std::string digits = yuan.substr(0, point) + places;
    if (digits.size() > 16 || digits.size() < 3 ||
        !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    return whole(digits);
}

std::string yuan(std::int64_t fen) {
    const std::string places = std::to_string(fen % 100);
    return std::to_string(fen / 100) + "." + (places.size() < 2 ? "0" : "") + places;
}

Value linesOf(const std::string& text) {
    return Value::list([&](ListWriter& list) {
        std::string_view rest = text;
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            std::string_view line = rest.substr(0, end);
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
            while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
                line.remove_suffix(1);
            while (!line.empty() && line.front() == ' ')
                line.remove_prefix(1);
            if (!line.empty()) list.add(line);
        }
    });
}

} // namespace

void askRuleValue(CountyForm& form, RuleType type, const Words& words) {
    const auto word = [&](std::string_view id) { return words(id, {}); };
    CountyForm::Question question;
    question.name = "value";
    question.label = word("core.rules.value");
    switch (type) {
    case RuleType::money:
        question.unit = word("core.rules.yuan");
        break;
    case RuleType::integer:
        break;
    case RuleType::term:
        question.label = word("core.rules.count");
        break;
    case RuleType::text:
        question.kind = CountyForm::Kind::area;
        question.label = word("core.rules.text_zh");
        break;
    case RuleType::roles:
    case RuleType::list:
        question.kind = CountyForm::Kind::area;
        question.hint = word("core.rules.one_a_line");
        break;
    }
    form.ask(std::move(question));
    if (type == RuleType::term) {
        CountyForm::Question unit;
        unit.name = "unit";
        unit.kind = CountyForm::Kind::select;
        unit.label = word("core.rules.unit");
        unit.value = "workdays";
        for (const char* each : {"workdays", "days", "h", "min", "s"})
            unit.options.push_back({each, word(std::string("core.rules.unit.") + each)});
        form.ask(std::move(unit));
    }
    if (type == RuleType::text) {
        CountyForm::Question english;
        english.name = "value_en";
        english.kind = CountyForm::Kind::area;
        english.label = word("core.rules.text_en");
        english.optional = true;
        form.ask(std::move(english));
    }
}

Value ruleValueFrom(const gateway::Visit& visit, RuleType type) {
    const std::string sent = gateway::sent(visit, "value");
    switch (type) {
    case RuleType::money:
        if (const auto amount = fen(sent)) return Value::of(*amount);
        return {};
    case RuleType::integer:
        if (const auto number = whole(sent)) return Value::of(*number);
        return {};
    case RuleType::term:
        return Value::of(sent + " " + gateway::sent(visit, "unit"));
    case RuleType::text:
        return Value::map([&](MapWriter& m) {
            m.set("zh-CN", sent);
            if (const std::string english = gateway::sent(visit, "value_en"); !english.empty())
                m.set("en", english);
        });
    case RuleType::roles:
    case RuleType::list:
        return linesOf(sent);
    }
    return {};
}

std::string ruleValueText(RuleType type, ValueView value, std::string_view language, const Words& words) {
    switch (type) {
    case RuleType::money:
        return words("core.rules.money",
                     Value::map([&](MapWriter& m) { m.set("amount", yuan(value.integer().value_or(0))); }));
    case RuleType::term:
        if (const auto term = Term::parse(value.text()))
            return words(term->textId(), Value::map([&](MapWriter& m) { m.set("count", term->count()); }));
        return value.asText();
    case RuleType::text:
        if (value.isMap()) {
            const ValueView own = value[language];
            return (own.isText() ? own : value["zh-CN"]).asText();
        }
        return value.asText();
    case RuleType::roles:
    case RuleType::list: {
        std::string all;
        for (const ValueView each : value)
            all.append(all.empty() ? "" : words("core.rules.between", {})).append(each.text());
        return all;
    }
    case RuleType::integer:
        break;
    }
    return value.asText();
}

} // namespace dalate::admin
