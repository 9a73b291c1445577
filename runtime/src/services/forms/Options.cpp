// SPDX-License-Identifier: Apache-2.0
#include "services/forms/Options.h"

#include "services/forms/Visibility.h"

#include <algorithm>

namespace dalate::services::forms {
namespace {

ValueView textsOfRule(const Field& field, const FormTime& time) {
    if (!time.rules)
        throw Error(404, "core.rule.unknown",
                    Value::map([&](MapWriter& m) { m.set("rule", field.optionsRule); }));
    return time.rules->at(time.at).value(field.optionsRule);
}

bool mayBeChosen(const Field& field, const Code& code, ValueView answers, const FormTime& time) {
    if (!code.holdsAt(time.at)) return false;
    if (field.codesOf.empty() || code.of.empty()) return true;
    const ValueView above = answers[field.codesOf];
    return above.isText() && code.isUnder(above.text());
}

} // namespace

std::vector<Choice> choices(const Field& field, ValueView answers, const FormTime& time) {
    std::vector<Choice> offered;
    for (const Option& option : field.options)
        offered.push_back({option.value, &option, nullptr});
    if (field.codes)
        for (const Code& code : field.codes->all())
            if (mayBeChosen(field, code, answers, time)) offered.push_back({code.value, nullptr, &code});
    if (!field.optionsRule.empty())
        for (const ValueView text : textsOfRule(field, time))
            offered.push_back({text.text(), nullptr, nullptr});
    return offered;
}

bool isOffered(const Field& field, std::string_view value, ValueView answers, const FormTime& time) {
    if (field.codes) {
        const Code* code = field.codes->find(value);
        return code && mayBeChosen(field, *code, answers, time);
    }
    if (!field.optionsRule.empty()) return has(textsOfRule(field, time), value);
    return std::any_of(field.options.begin(), field.options.end(),
                       [&](const Option& option) { return option.value == value; });
}

} // namespace dalate::services::forms
