// SPDX-License-Identifier: Apache-2.0
#include "services/rules/Rule.h"

#include "services/rules/Term.h"

#include <algorithm>
#include <array>

namespace dalate::services::rules {
namespace {

constexpr std::array<std::string_view, 6> names{"term", "money", "integer", "text", "roles", "list"};
/// 90 trillion fen, and a number that every reader of JSON holds exactly.
constexpr std::int64_t largest = 9'000'000'000'000'000;
constexpr std::size_t longestText = 4000;
constexpr std::size_t longestEntry = 200;
constexpr std::size_t mostEntries = 200;
constexpr std::array<std::string_view, 3> languages{"zh-CN", "en", "mn-Mong"};

Error refused(RuleType type, ValueView raw) {
    std::string shown = raw.asText();
    if (shown.size() > 60) shown.resize(60);
    while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xc0) == 0x80)
        shown.pop_back();
    return {422, "core.rule.value",
            Value::map([&](MapWriter& m) { m.set("type", name(type)).set("value", shown); })};
}

bool isRole(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 && text.front() >= 'a' && text.front() <= 'z' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool isText(ValueView raw) noexcept {
    return raw.isText() && !raw.text().empty() && raw.text().size() <= longestText;
}

bool isTexts(ValueView raw) {
    return raw.isMap() && raw.has("zh-CN") && std::all_of(raw.begin(), raw.end(), [](ValueView each) {
               return isText(each) &&
                      std::find(languages.begin(), languages.end(), each.key()) != languages.end();
           });
}

template <class Fits>
bool isListOf(ValueView raw, Fits&& fits) {
    const std::size_t size = raw.size();
    return raw.isList() && size > 0 && size <= mostEntries && std::all_of(raw.begin(), raw.end(), fits);
}

} // namespace

std::string_view name(RuleType type) noexcept {
    return names[static_cast<std::size_t>(type)];
}

std::optional<RuleType> ruleTypeOf(std::string_view wanted) noexcept {
    const auto at = std::find(names.begin(), names.end(), wanted);
    if (at == names.end()) return std::nullopt;
    return static_cast<RuleType>(at - names.begin());
}

Result<Value> readRuleValue(RuleType type, ValueView raw) {
    switch (type) {
    case RuleType::term:
        if (raw.isText())
            if (const auto term = Term::parse(raw.text())) return Value::of(term->text());
        break;
    case RuleType::money:
    case RuleType::integer:
        if (const auto number = raw.integer(); raw.isNumber() && number && *number <= largest &&
                                               *number >= (type == RuleType::money ? 0 : -largest))
            return Value::of(*number);
        break;
    case RuleType::text:
        if (isText(raw) || isTexts(raw)) return Value(raw);
        break;
    case RuleType::roles:
        if (isListOf(raw, [](ValueView each) { return each.isText() && isRole(each.text()); }))
            return Value(raw);
        break;
    case RuleType::list:
        if (isListOf(raw, [](ValueView each) {
                return each.isText() && !each.text().empty() && each.text().size() <= longestEntry;
            }))
            return Value(raw);
        break;
    }
    return refused(type, raw);
}

} // namespace dalate::services::rules
