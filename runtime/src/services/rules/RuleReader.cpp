// SPDX-License-Identifier: Apache-2.0
#include "services/rules/RuleReader.h"

#include "base/Json.h"
#include "base/JsonPlace.h"
#include "plugin/JsonSchema.h"
#include "services/rules/CivilDay.h"

#include <set>
#include <string>

namespace dalate::services::rules {
namespace {

/// Reads the rules of one file that fits the schema.
class Reader {
public:
    Reader(std::string_view text, std::string_view file, plugin::Problems& problems)
        : text_(text), file_(file), problems_(problems) {}

    std::vector<Rule> read(ValueView root) {
        std::vector<Rule> rules;
        std::set<std::string, std::less<>> names;
        std::size_t at = 0;
        for (const ValueView map : root["rules"]) {
            const std::string where = "$.rules[" + std::to_string(at++) + "]";
            Rule rule = readRule(map, where);
            if (!names.insert(rule.name).second)
                tell("core.rule.twice", where + ".name", [&](MapWriter& m) { m.set("rule", rule.name); });
            rules.push_back(std::move(rule));
        }
        return rules;
    }

private:
    template <class Fill>
    void tell(std::string id, const std::string& path, Fill&& fill) {
        problems_.emplace_back(std::move(id), json::placeIn(file_, text_, path),
                               Value::map(std::forward<Fill>(fill)));
    }

    Rule readRule(ValueView map, const std::string& where) {
        Rule rule;
        rule.name = map["name"].text();
        rule.type = *ruleTypeOf(map["type"].text());
        rule.label = map["label"].text();
        rule.source = map["source"].text();
        rule.textRead = map["text_read"].text() == "yes";
        std::size_t at = 0;
        for (const ValueView value : map["values"])
            readValue(value, where + ".values[" + std::to_string(at++) + "]", rule);
        return rule;
    }

    void readValue(ValueView map, const std::string& where, Rule& rule) {
        DatedValue dated;
        const auto day = parseDay(map["from"].text());
        if (!day)
            return tell("core.rule.day", where + ".from",
                        [&](MapWriter& m) { m.set("from", map["from"].text()); });
        dated.from = startOf(*day);
        // One order only, so that whoever reads the file sees at once what holds now.
        if (!rule.values.empty() && rule.values.back().from >= dated.from)
            tell("core.rule.order", where + ".from", [&](MapWriter& m) { m.set("rule", rule.name); });
        auto value = readRuleValue(rule.type, map["value"]);
        if (!value) {
            problems_.emplace_back(value.error().id(), json::placeIn(file_, text_, where + ".value"),
                                   Value(value.error().details()));
            return;
        }
        dated.value = std::move(value).take();
        dated.source = map.has("source") ? map["source"].asText() : rule.source;
        dated.textRead = map.has("text_read") ? map["text_read"].text() == "yes" : rule.textRead;
        rule.values.push_back(std::move(dated));
    }

    std::string_view text_;
    std::string_view file_;
    plugin::Problems& problems_;
};

} // namespace

std::optional<std::vector<Rule>> readRules(ValueView schema, std::string_view text, std::string_view file,
                                           plugin::Problems& problems) {
    const std::size_t before = problems.size();
    const auto root = json::parse(text);
    if (!root) {
        const auto offset = root.error().details()["offset"].integer().value_or(0);
        problems.emplace_back(root.error().id(),
                              std::string(file) + ":" +
                                  std::to_string(json::lineAt(text, static_cast<std::size_t>(offset))),
                              Value(root.error().details()));
        return std::nullopt;
    }
    for (plugin::Problem& fault : plugin::checkAgainst(schema, *root)) {
        fault.where = json::placeIn(file, text, fault.where);
        problems.push_back(std::move(fault));
    }
    if (problems.size() != before) return std::nullopt;
    std::vector<Rule> rules = Reader(text, file, problems).read(*root);
    if (problems.size() != before) return std::nullopt;
    return rules;
}

} // namespace dalate::services::rules
