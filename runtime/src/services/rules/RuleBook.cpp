// SPDX-License-Identifier: Apache-2.0
#include "services/rules/RuleBook.h"

#include <algorithm>

namespace dalate::services::rules {
namespace {

std::vector<std::string> texts(ValueView list) {
    std::vector<std::string> all;
    for (const ValueView each : list)
        all.emplace_back(each.text());
    return all;
}

[[noreturn]] void refuse(int status, const char* id, std::string_view rule, std::string_view key,
                         std::string_view detail) {
    throw Error(status, id, Value::map([&](MapWriter& m) { m.set("rule", rule).set(key, detail); }));
}

} // namespace

RuleBook::RuleBook(std::string plugin, std::vector<Rule> rules, const CountyRules* county)
    : plugin_(std::move(plugin)), rules_(std::move(rules)), county_(county) {
    std::sort(rules_.begin(), rules_.end(), [](const Rule& a, const Rule& b) { return a.name < b.name; });
    const auto twice = std::adjacent_find(rules_.begin(), rules_.end(),
                                          [](const Rule& a, const Rule& b) { return a.name == b.name; });
    if (twice != rules_.end())
        throw Error(409, "core.rule.twice", Value::map([&](MapWriter& m) { m.set("rule", twice->name); }));
}

const Rule* RuleBook::find(std::string_view rule) const noexcept {
    const auto at =
        std::lower_bound(rules_.begin(), rules_.end(), rule,
                         [](const Rule& each, std::string_view wanted) { return each.name < wanted; });
    return at != rules_.end() && at->name == rule ? &*at : nullptr;
}

const DatedValue* RuleBook::valueAt(std::string_view name, Micros time) const noexcept {
    const Rule* rule = find(name);
    if (rule == nullptr) return nullptr;
    const auto after =
        std::upper_bound(rule->values.begin(), rule->values.end(), time,
                         [](Micros wanted, const DatedValue& each) { return wanted < each.from; });
    const DatedValue* declared = after == rule->values.begin() ? nullptr : &*std::prev(after);
    const DatedValue* county = county_ == nullptr ? nullptr : county_->find(plugin_, *rule, time);
    if (county == nullptr) return declared;
    return declared != nullptr && declared->from > county->from ? declared : county;
}

std::vector<DatedValue> RuleBook::valuesOf(std::string_view name) const {
    std::vector<DatedValue> all;
    const Rule* rule = find(name);
    if (rule == nullptr) return all;
    all = rule->values;
    if (const auto* county = county_ == nullptr ? nullptr : county_->of(plugin_, *rule))
        for (const DatedValue& value : *county) {
            const auto at =
                std::lower_bound(all.begin(), all.end(), value.from,
                                 [](const DatedValue& each, Micros from) { return each.from < from; });
            if (at != all.end() && at->from == value.from)
                *at = value;
            else
                all.insert(at, value);
        }
    return all;
}

const DatedValue* RulesAt::find(std::string_view rule) const noexcept {
    return book_->valueAt(rule, time_);
}

ValueView RulesAt::value(std::string_view rule) const {
    if (const DatedValue* dated = find(rule)) return dated->value;
    if (book_->find(rule) == nullptr) refuse(404, "core.rule.unknown", rule, "plugin", book_->plugin());
    refuse(409, "core.rule.no_value", rule, "at", toRfc3339(time_));
}

ValueView RulesAt::demand(std::string_view rule, RuleType type) const {
    const ValueView found = value(rule);
    if (book_->find(rule)->type != type) refuse(500, "core.rule.type", rule, "type", name(type));
    return found;
}

Term RulesAt::term(std::string_view rule) const {
    return Term::parse(demand(rule, RuleType::term).text()).take();
}

std::int64_t RulesAt::money(std::string_view rule) const {
    return demand(rule, RuleType::money).integer().value_or(0);
}

std::int64_t RulesAt::integer(std::string_view rule) const {
    return demand(rule, RuleType::integer).integer().value_or(0);
}

std::string_view RulesAt::text(std::string_view rule, std::string_view language) const {
    const ValueView found = demand(rule, RuleType::text);
    if (found.isText()) return found.text();
    const ValueView own = found[language];
    return own.isText() ? own.text() : found["zh-CN"].text();
}

std::vector<std::string> RulesAt::roles(std::string_view rule) const {
    return texts(demand(rule, RuleType::roles));
}

std::vector<std::string> RulesAt::list(std::string_view rule) const {
    return texts(demand(rule, RuleType::list));
}

bool RulesAt::allowsRole(std::string_view rule, std::string_view role) const {
    for (const ValueView each : demand(rule, RuleType::roles))
        if (each.text() == role) return true;
    return false;
}

} // namespace dalate::services::rules
