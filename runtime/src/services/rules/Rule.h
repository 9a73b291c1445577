// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "base/Result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::rules {

/// What a rule's values are, and how each is held in a `Value`.
enum class RuleType {
    term,    ///< text that `Term::parse` reads
    money,   ///< integer, fen
    integer, ///< integer
    text,    ///< text, or a map from language tag to text; zh-CN is there
    roles,   ///< list of role names
    list     ///< list of texts
};

std::string_view name(RuleType type) noexcept;
std::optional<RuleType> ruleTypeOf(std::string_view name) noexcept;

/// Brings a value as JSON or a form gives it into the form above. Error 422 `core.rule.value` (details: type,
/// value).
Result<Value> readRuleValue(RuleType type, ValueView raw);

/// One value with its first day.
struct DatedValue {
    /// In force from here (00:00 of a day in China's time) until the next one's.
    Micros from = 0;
    Value value;
    /// The law, notice or decision.
    std::string source;
    /// Whether somebody has compared the value with the source's text.
    bool textRead = false;
    /// Set by the county's table and not by the plugin's file.
    bool county = false;
};

/// A number, a term, a list of roles or a text that law or the county may change (规则): dated data, never
/// code.
struct Rule {
    /// Unique in its plugin: `answer_term`.
    std::string name;
    RuleType type = RuleType::integer;
    /// Text id for people; empty: the name.
    std::string label;
    std::string source;
    bool textRead = false;
    /// By `from`, each day once, at least one.
    std::vector<DatedValue> values;
};

} // namespace dalate::services::rules
