// SPDX-License-Identifier: Apache-2.0
#include "services/rules/RulesService.h"

#include "services/Arguments.h"
#include "services/Declared.h"
#include "services/Registry.h"
#include "services/rules/RuleBook.h"
#include "storage/Tx.h"

namespace dalate::services::rules {
namespace {

using Need = Argument::Need;
using Type = Argument::Type;

constexpr Argument atTime{"at", Type::number}, atCase{"case", Type::id};

[[noreturn]] void refuse(std::string_view key) {
    throw Error(400, "core.rule.asked", Value::map([&](MapWriter& m) { m.set("key", key); }));
}

/// A year of the calendar's range, so that no sum of a start and a term leaves 64 bits.
Micros moment(ValueView raw, std::string_view key) {
    constexpr Micros year3000 = 32'503'680'000 * Micros{1'000'000};
    const auto time = raw.integer();
    if (!time || *time < 0 || *time >= year3000) refuse(key);
    return *time;
}

/// The moment whose rules a case keeps.
Micros timeOfCase(ServiceContext& context, ValueView raw) {
    const auto id = raw.integer();
    if (!id) refuse("case");
    auto rows = context.tx->query("SELECT rules_at FROM case_record WHERE id = :id AND plugin = :plugin",
                                  {{"id", *id}, {"plugin", context.plugin}});
    if (!rows.next())
        throw Error(404, "core.case.unknown",
                    Value::map([&](MapWriter& m) { m.set("case", std::to_string(*id)); }));
    return rows.integer(0);
}

Micros timeOf(ServiceContext& context, ValueView in, Micros now) {
    const bool at = in.has("at"), ofCase = in.has("case");
    if (at && ofCase) refuse("at");
    if (ofCase) return timeOfCase(context, in["case"]);
    return at ? moment(in["at"], "at") : now;
}

const RuleBook& bookOf(const ServiceContext& context, std::string_view rule) {
    if (context.declared && context.declared->rules) return *context.declared->rules;
    throw Error(404, "core.rule.unknown",
                Value::map([&](MapWriter& m) { m.set("rule", rule).set("plugin", context.plugin); }));
}

Value value(ServiceContext& context, ValueView in, Micros now) {
    const std::string_view rule = in["rule"].text();
    if (rule.empty()) refuse("rule");
    const RuleBook& book = bookOf(context, rule);
    const RulesAt rules = book.at(timeOf(context, in, now));
    const ValueView found = rules.value(rule);
    const DatedValue& dated = *rules.find(rule);
    return Value::map([&](MapWriter& m) {
        m.set("type", name(book.find(rule)->type))
            .set("value", found)
            .set("from", dated.from)
            .set("source", dated.source)
            .set("textRead", dated.textRead)
            .set("county", dated.county);
    });
}

/// A rule that the caller names: of another type it is the caller's mistake, not the county's.
Term termOf(ServiceContext& context, ValueView in, Micros now) {
    const std::string_view rule = in["rule"].text();
    const RuleBook& book = bookOf(context, rule);
    if (const Rule* found = book.find(rule); found && found->type != RuleType::term)
        throw Error(422, "core.rule.type",
                    Value::map([&](MapWriter& m) { m.set("rule", rule).set("type", name(RuleType::term)); }));
    return book.at(timeOf(context, in, now)).term(rule);
}

Value due(ServiceContext& context, ValueView in, const Calendar& calendar, Micros now) {
    if (in.has("term") == in.has("rule")) refuse("term");
    const Term term = in.has("term") ? Term::parse(in["term"].text()).take() : termOf(context, in, now);
    const Due end = calendar.due(in.has("start") ? moment(in["start"], "start") : now, term);
    return Value::map([&](MapWriter& m) {
        m.set("at", end.at);
        if (end.unknownYear) m.set("unknownYear", *end.unknownYear);
    });
}

} // namespace

void offerRules(const CoreParts& parts, const CountyCalendar& calendar) {
    offerChecked(
        parts.registry, "rules/1", "value", Touch::reads,
        {{"rule", Type::text, Need::required}, atTime, atCase},
        [clock = parts.clock](ServiceContext& context, ValueView in) { return value(context, in, clock()); });
    offerChecked(parts.registry, "rules/1", "due", Touch::reads,
                 {{"term", Type::text}, {"rule", Type::text}, {"start", Type::number}, atTime, atCase},
                 [clock = parts.clock, &calendar](ServiceContext& context, ValueView in) {
                     return due(context, in, calendar.get(), clock());
                 });
}

} // namespace dalate::services::rules
