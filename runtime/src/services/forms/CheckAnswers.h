// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/forms/FormWords.h"

#include <dalate/value.hpp>

#include <string>
#include <string_view>

namespace dalate::services::forms {

/// Whether answers marked `personal` are shown in full: to the person who gives them, or whoever has a right
/// to.
enum class Personal { shown, masked };

/// 139****1234, 150621********1234, 巴*, a***@example.com; of anything else as many stars as say nothing.
std::string masked(const Field& field, std::string_view shown);

/// The rows of components/summary-list for answers, in the form's order, only fields that are asked: {label,
/// text}, of a file {label, text, href}. What was left empty says so. `answers` are judged.
Value detailRows(const Form& form, ValueView answers, const FormWords& words, Personal personal);

/// The model of pages/check-answers: {title, groups: [{title, rows: [{label, text, href?, change_href |
/// change_value, change_label}]}]}. With `changeHref` ("/helpdesk/open") each row leads to
/// "<changeHref>?at=<field>"; empty: it is changed with a button `_do` = `at:<field>`.
Value checkAnswers(const Form& form, ValueView answers, const FormWords& words, std::string_view changeHref);

} // namespace dalate::services::forms
