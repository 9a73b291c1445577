// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/forms/Answers.h"

#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::forms {

/// One answer that may be chosen now. Borrows the form and the rule book.
struct Choice {
    std::string_view value;
    /// Exactly one of: an option's text ids, a code with labels of its own, or neither (the value is the
    /// label).
    const Option* option = nullptr;
    const Code* code = nullptr;
};

/// The options of a chosen field at a moment under the answers so far: of a code list the codes that hold and
/// stand under the answer of `codesOf`; of a dependent list none before that is answered.
std::vector<Choice> choices(const Field& field, ValueView answers, const FormTime& time);

/// Whether `value` may be chosen: `choices` without making the list.
bool isOffered(const Field& field, std::string_view value, ValueView answers, const FormTime& time);

} // namespace dalate::services::forms
