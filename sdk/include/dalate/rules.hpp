// SPDX-License-Identifier: Apache-2.0
//
// Rules: the fees, terms, limits, texts, roles and lists of `rules/<name>.json`, dated data that law or the county
// changes without a build. Ask for a value at the moment that counts: for a case always with `Rules::ofCase`, so that
// it keeps the rules under which it was opened. Callers: traceability (holds), samples/helpdesk (loans).
#pragma once

#include <dalate/call.hpp>

#include <string>
#include <vector>

namespace dalate {

/// The plugin's rules at one moment. Borrows the call. Each question is one call of the host and throws `Error` 404
/// `core.rule.unknown`, 409 `core.rule.no_value` before the rule's first day, 500 `core.rule.type` where the rule is of
/// another type than the one asked for. Service form: rules/1.value {rule, at?, case?} -> {type, value, from, source,
/// textRead, county}.
class Rules {
public:
    /// As they are now.
    explicit Rules(const Call& call) : call_(call) {}
    /// As they were or will be at `time`, in microseconds.
    static Rules at(const Call& call, std::int64_t time) {
        Rules rules(call);
        rules.time_ = time;
        return rules;
    }
    /// As the case of this plugin keeps them; 404 `core.case.unknown` where there is none.
    static Rules ofCase(const Call& call, std::string_view caseId) {
        Rules rules(call);
        rules.case_ = caseId;
        return rules;
    }
    static Rules ofCase(const Call& call, std::int64_t caseId) { return ofCase(call, std::to_string(caseId)); }

    /// In fen.
    std::int64_t money(std::string_view rule) const { return number(rule, "money"); }
    std::int64_t integer(std::string_view rule) const { return number(rule, "integer"); }
    /// "3 workdays".
    std::string term(std::string_view rule) const { return record(rule, "term")["value"].asText(); }
    /// In the caller's language, where the rule has it, else in zh-CN.
    std::string text(std::string_view rule) const {
        const ValueView found = record(rule, "text")["value"];
        if (found.isText()) return found.asText();
        const ValueView own = found[call_.language()];
        return (own.isText() ? own : found["zh-CN"]).asText();
    }
    std::vector<std::string> roles(std::string_view rule) const { return texts(record(rule, "roles")["value"]); }
    std::vector<std::string> list(std::string_view rule) const { return texts(record(rule, "list")["value"]); }
    /// The law, notice or decision behind the value in force.
    std::string source(std::string_view rule) const { return ask(rule)["source"].asText(); }

private:
    ValueView ask(std::string_view rule) const {
        return call_.service("rules/1", "value", Value::map([&](MapWriter& m) {
                                 m.set("rule", rule);
                                 if (time_) m.set("at", *time_);
                                 if (!case_.empty()) m.set("case", case_);
                             }));
    }
    ValueView record(std::string_view rule, std::string_view type) const {
        const ValueView found = ask(rule);
        if (found["type"].text() != type)
            throw Error(500, "core.rule.type",
                        Value::map([&](MapWriter& m) { m.set("rule", rule).set("type", type); }));
        return found;
    }
    std::int64_t number(std::string_view rule, std::string_view type) const {
        return record(rule, type)["value"].integer().value_or(0);
    }
    static std::vector<std::string> texts(ValueView list) {
        std::vector<std::string> all;
        for (const ValueView each : list) all.emplace_back(each.text());
        return all;
    }

    const Call& call_;
    std::optional<std::int64_t> time_;
    std::string case_;
};

namespace rules {

/// When a term ends, by the county's working days.
struct Due {
    /// Microseconds.
    std::int64_t at = 0;
    /// Not 0: the holidays of that year are not known yet, `at` counts its weekends alone. Show it as provisional.
    std::int64_t unknownYear = 0;
};

/// When `term` ("3 workdays", "48 h") that starts at `start` ends: workdays at the close of business of the last one,
/// days at 24:00 of the last, each without the day of the start; hours and less as elapsed time. Throws 422
/// `core.term.form`. Service form: rules/1.due {start, term} -> {at, unknownYear?}.
inline Due due(const Call& call, std::int64_t start, std::string_view term) {
    const ValueView answer = call.service(
        "rules/1", "due", Value::map([&](MapWriter& m) { m.set("start", start).set("term", term); }));
    return {answer["at"].integer().value_or(0), answer["unknownYear"].integer().value_or(0)};
}

} // namespace rules
} // namespace dalate
