// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "portal/Translator.h"
#include "services/forms/Answers.h"

#include <string>
#include <string_view>

namespace dalate::services::forms {

/// The words of a form at a moment in a language. A text that law or the county may change is dated data:
/// where the plugin has a rule of type text whose name is the text id without the plugin's own id, dots as
/// underscores
/// (`helpdesk.form.what_help` → `form_what_help`), its value stands for the text of `i18n/`. Borrows what it
/// is made of; safe from any thread.
class FormWords {
public:
    FormWords(const portal::Translator& texts, std::string_view language, FormTime time)
        : texts_(texts), language_(language), time_(time) {}

    /// The text of an id; empty for an empty id.
    std::string text(std::string_view id, ValueView values = {}) const;
    /// The words of a fault, with the field's label in them.
    std::string fault(const Form& form, const Fault& fault) const;
    /// What the person reads of an answer: option's label, 是/否, 12.50 元, 2026年11月23日 as 2026-11-23.
    std::string answer(const Field& field, ValueView answer) const;
    /// The label of one value of a chosen field, also one that is offered no more.
    std::string label(const Field& field, std::string_view value) const;

    std::string_view language() const noexcept { return language_; }
    const FormTime& time() const noexcept { return time_; }

private:
    const portal::Translator& texts_;
    std::string_view language_;
    FormTime time_;
};

} // namespace dalate::services::forms
