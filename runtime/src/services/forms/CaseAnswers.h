// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/AnswerCheck.h"

namespace dalate::services::forms {

/// Judges the answers that move a case by the plugin's declared forms, in their own types: what a page
/// accepted, what an interface sends, what an import brings. Throws `Error` 422 `core.case.answers`, 404
/// `core.form.unknown`. Stateless; safe from any thread.
class CaseAnswers final : public cases::AnswerCheck {
public:
    Value check(storage::Tx& tx, const cases::Who& who, const Declared& declared, std::string_view form,
                ValueView posted, Micros rulesAt) override;
};

} // namespace dalate::services::forms
