// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/Registry.h"
#include "services/forms/Answers.h"

#include <dalate/value.hpp>

namespace dalate::services::forms {

/// What the record already holds, for the fields that declare `prefill`: a map {field: {value, source}},
/// `value` judged as an answer, `source` the text id `core.form.source.account`, or the words that the
/// service gave, else its name. What no source has, or what would be no good answer, is left away: a prefill
/// never keeps a form from opening, so a service that fails counts as having nothing (logged
/// `core.form.prefill`). A service method takes {form, field} and answers {value, source?}; it is asked on
/// behalf of `context.principal`, who has signed in (a visitor has no record).
Value prefill(const Form& form, const FormTime& time, const Registry& registry, ServiceContext& context);

} // namespace dalate::services::forms
