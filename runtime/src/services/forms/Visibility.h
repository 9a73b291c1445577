// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/forms/Form.h"

#include <dalate/value.hpp>

#include <string_view>

namespace dalate::services::forms {

/// Whether a field is asked, given the answers so far: it has no `when`, or the field that its `when` names
/// is asked itself and has one of the answers. `answers` is a map of judged answers.
bool isAsked(const Form& form, const Field& field, ValueView answers);

/// Whether an answer is or holds an option's value; `yes` and `no` of a yesno.
bool has(ValueView answer, std::string_view value) noexcept;

} // namespace dalate::services::forms
