// SPDX-License-Identifier: Apache-2.0
#include "services/forms/Visibility.h"

#include <algorithm>

namespace dalate::services::forms {

bool has(ValueView answer, std::string_view value) noexcept {
    if (answer.isText()) return answer.text() == value;
    if (answer.isBoolean()) return value == (answer.tag() == Tag::yes ? "yes" : "no");
    return std::any_of(answer.begin(), answer.end(), [&](ValueView each) { return each.text() == value; });
}

bool isAsked(const Form& form, const Field& field, ValueView answers) {
    // A `when` names an earlier field, so the way up ends.
    for (const Field* each = &field; each->when;) {
        const ValueView answer = answers[each->when->field];
        const auto& is = each->when->is;
        if (std::none_of(is.begin(), is.end(), [&](const std::string& value) { return has(answer, value); }))
            return false;
        each = form.field(each->when->field);
        if (!each) return false;
    }
    return true;
}

} // namespace dalate::services::forms
