// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/CountyForm.h"
#include "services/rules/Rule.h"

#include <functional>
#include <string_view>

namespace dalate::admin {

/// The text of an id with its values, in the visitor's language.
using Words = std::function<std::string(std::string_view id, ValueView values)>;

/// Asks for a value of a type: yuan for money, a number and its unit for a term, one entry a line for lists.
void askRuleValue(CountyForm& form, services::rules::RuleType type, const Words& words);

/// What was answered, in the form that `services::rules::readRuleValue` takes; null for what is none.
Value ruleValueFrom(const gateway::Visit& visit, services::rules::RuleType type);

/// A value as people read it: "12.50 元", "3 个工作日". Of a text the one in `language`.
std::string ruleValueText(services::rules::RuleType type, ValueView value, std::string_view language,
                          const Words& words);

} // namespace dalate::admin
