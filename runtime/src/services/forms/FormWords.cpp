// SPDX-License-Identifier: Apache-2.0
#include "services/forms/FormWords.h"

#include "services/forms/Figures.h"

#include <algorithm>

namespace dalate::services::forms {
namespace {

/// `helpdesk.form.what_help` → `form_what_help`.
std::string ruleOf(std::string_view id) {
    const std::size_t dot = id.find('.');
    std::string rule(dot == id.npos ? std::string_view() : id.substr(dot + 1));
    std::replace(rule.begin(), rule.end(), '.', '_');
    return rule;
}

void fill(std::string& out, std::string_view text, ValueView values) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t open = text.find('{', at);
        const std::size_t close = open == text.npos ? text.npos : text.find('}', open);
        out.append(text.substr(at, close == text.npos ? text.npos : open - at));
        if (close == text.npos) return;
        out += values[text.substr(open + 1, close - open - 1)].asText();
        at = close + 1;
    }
}

} // namespace

std::string FormWords::text(std::string_view id, ValueView values) const {
    if (id.empty()) return {};
    if (time_.rules && !id.starts_with("core.")) {
        const std::string name = ruleOf(id);
        const rules::Rule* rule = time_.rules->find(name);
        const rules::RulesAt now = time_.rules->at(time_.at);
        // Before its first day a rule says nothing yet and the text of i18n/ stands.
        if (rule && rule->type == rules::RuleType::text && now.find(name)) {
            std::string out;
            fill(out, now.text(name, language_), values);
            return out;
        }
    }
    return texts_.tr(language_, id, values);
}

std::string FormWords::fault(const Form& form, const Fault& fault) const {
    const Field* field = form.field(fault.field);
    const std::string label = field ? text(field->label) : fault.field;
    return texts_.tr(language_, fault.messageId, Value::map([&](MapWriter& m) {
                         m.set("label", label);
                         for (const ValueView value : fault.values.view())
                             m.set(value.key(), value);
                     }));
}

std::string FormWords::label(const Field& field, std::string_view value) const {
    if (field.codes) {
        const Code* code = field.codes->find(value);
        return std::string(code ? code->labelIn(language_) : value);
    }
    for (const Option& option : field.options)
        if (option.value == value) return text(option.label);
    return std::string(value);
}

std::string FormWords::answer(const Field& field, ValueView answer) const {
    if (answer.isNull()) return {};
    switch (field.type) {
    case FieldType::yesno:
        return texts_.tr(language_, answer.truth() ? "core.form.yes" : "core.form.no");
    case FieldType::money:
        return texts_.tr(language_, "core.form.yuan", Value::map([&](MapWriter& m) {
                             m.set("amount", yuanText(answer.integer().value_or(0)));
                         }));
    case FieldType::choice:
    case FieldType::select:
        return label(field, answer.text());
    case FieldType::checks: {
        std::string all;
        for (const ValueView each : answer)
            all += (all.empty() ? "" : texts_.tr(language_, "core.form.comma")) + label(field, each.text());
        return all;
    }
    case FieldType::integer:
    case FieldType::decimal:
        return answer.asText() + (field.unit.empty() ? "" : " " + text(field.unit));
    case FieldType::file:
        return texts_.tr(language_, "core.form.file_given");
    default:
        return answer.asText();
    }
}

} // namespace dalate::services::forms
