// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/forms/FormWords.h"

#include <dalate/value.hpp>

#include <string>
#include <string_view>

namespace dalate::services::forms {

/// What is to be shown of a form. Everything is borrowed and may be null or empty.
struct Showing {
    /// Judged answers: what the fields hold unless `raw` has them.
    ValueView answers;
    /// As posted, a map of lists of texts: comes back as the person typed it, good or not.
    ValueView raw;
    /// Of `prefill`; its sources are named beside the fields that still hold what it gave.
    ValueView prefilled;
    const Faults* faults = nullptr;
    /// Of Way::oneThing: the field on this page; empty: all fields of the form.
    std::string_view at;
};

/// What the templates get: {title, wrong, problems: [{text, href}], groups: [{title, help, questions:
/// [components/question]}], multipart, step: {number, total}}. Field ids are `f-<name>`. Of one question a
/// page `groups` has that question alone and `title` is still the form's.
Value formModel(const Form& form, const Showing& showing, const FormWords& words);

/// One answer as its field shows it in a text box: 12.50 for 1250 fen, `yes` for true.
std::string inputText(const Field& field, ValueView answer);

} // namespace dalate::services::forms
