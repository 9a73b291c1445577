// SPDX-License-Identifier: Apache-2.0
//
// A plugin's rules by name, each a list of dated values, and beside them the county's own values from table
// `rule_value`. At a moment the value whose first day is the latest not after it holds, whoever set it; of
// two with the same day the county's. So a county's value stands until a later-dated one, its own or the
// law's, takes over. Values are only ever added for days to come, so what a rule was at a past moment never
// changes: a case that keeps the moment at which it was opened keeps its rules.
#pragma once

#include "services/rules/CountyRules.h"
#include "services/rules/Rule.h"
#include "services/rules/Term.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::rules {

class RuleBook;

/// The rules as they are at one moment. Borrows the book (hold its generation). Costs no lock.
///
/// The typed questions throw `Error` 404 `core.rule.unknown` (details: rule), 409 `core.rule.no_value`
/// (details: rule, at) before the first day of a rule, 500 `core.rule.type` (details: rule, type) for one of
/// another type.
class RulesAt {
public:
    RulesAt(const RuleBook& book, Micros time) noexcept : book_(&book), time_(time) {}

    Micros time() const noexcept { return time_; }
    /// The dated value in force, or null.
    const DatedValue* find(std::string_view rule) const noexcept;
    /// As `Rule.h` says for its type.
    ValueView value(std::string_view rule) const;

    Term term(std::string_view rule) const;
    /// In fen.
    std::int64_t money(std::string_view rule) const;
    std::int64_t integer(std::string_view rule) const;
    /// In `language`, else in zh-CN.
    std::string_view text(std::string_view rule, std::string_view language) const;
    std::vector<std::string> roles(std::string_view rule) const;
    std::vector<std::string> list(std::string_view rule) const;
    bool allowsRole(std::string_view rule, std::string_view role) const;

private:
    ValueView demand(std::string_view rule, RuleType type) const;
    const RuleBook* book_;
    Micros time_;
};

/// The rules of one generation of one plugin. Immutable but for the county's values, which come and go
/// beneath it; safe from any thread.
class RuleBook {
public:
    /// `county` outlives the book; null: no county's values. Throws `Error` 409 `core.rule.twice` (details:
    /// rule).
    RuleBook(std::string plugin, std::vector<Rule> rules, const CountyRules* county = nullptr);

    const std::string& plugin() const noexcept { return plugin_; }
    RulesAt at(Micros time) const noexcept { return {*this, time}; }
    /// By name; null where there is none.
    const Rule* find(std::string_view rule) const noexcept;
    const std::vector<Rule>& all() const noexcept { return rules_; }
    /// The dated values of a rule, declared and the county's, by their first day; of one day the one in
    /// force.
    std::vector<DatedValue> valuesOf(std::string_view rule) const;
    const DatedValue* valueAt(std::string_view rule, Micros time) const noexcept;

private:
    std::string plugin_;
    std::vector<Rule> rules_; ///< by name
    const CountyRules* county_;
};

} // namespace dalate::services::rules
