// SPDX-License-Identifier: Apache-2.0
#include "services/forms/CheckAnswers.h"

#include "services/forms/TextShape.h"
#include "services/forms/Visibility.h"

#include <algorithm>

namespace dalate::services::forms {
namespace {

bool isKeptFile(ValueView answer) noexcept {
    return answer.isText() && answer.text().size() <= 19;
}

/// Label and what stands for the answer.
void setRow(MapWriter& row, const Field& field, ValueView answer, const FormWords& words, Personal personal) {
    row.set("label", words.text(field.label));
    if (answer.isNull()) {
        row.set("text", words.text("core.form.not_given"));
        return;
    }
    const bool hidden = field.personal && personal == Personal::masked;
    const std::string shown = words.answer(field, answer);
    row.set("text", hidden ? masked(field, shown) : shown);
    if (field.type == FieldType::file && !hidden && isKeptFile(answer)) row.set("href", "/files/" + answer.asText());
}

std::string stars(std::size_t count) {
    return std::string(count, '*');
}

} // namespace

std::string masked(const Field& field, std::string_view shown) {
    const std::size_t length = characters(shown);
    switch (field.type) {
    case FieldType::phone:
        if (length < 8) return stars(length);
        return std::string(shown.substr(0, 3)) + "****" + std::string(shown.substr(shown.size() - 4));
    case FieldType::idcard:
        if (length != 18) return stars(length);
        return std::string(shown.substr(0, 6)) + stars(8) + std::string(shown.substr(14));
    case FieldType::email: {
        const std::size_t at = shown.find('@');
        if (at == shown.npos || at == 0) return stars(3);
        return std::string(shown.substr(0, 1)) + "***" + std::string(shown.substr(at));
    }
    case FieldType::text:
        // A name keeps its first character (王**); how long a long text is says something, so it is cut.
        if (length < 2) return stars(1);
        return std::string(firstCharacters(shown, 1)) + stars(std::min<std::size_t>(length - 1, 4));
    default:
        return stars(4);
    }
}

Value detailRows(const Form& form, ValueView answers, const FormWords& words, Personal personal) {
    return Value::list([&](ListWriter& rows) {
        for (const Field& field : form.fields) {
            if (!isAsked(form, field, answers)) continue;
            rows.map([&](MapWriter& row) { setRow(row, field, answers[field.name], words, personal); });
        }
    });
}

Value checkAnswers(const Form& form, ValueView answers, const FormWords& words, std::string_view changeHref) {
    const std::string change = words.text("core.form.change");
    const auto setGroup = [&](MapWriter& group, const Group& declared) {
        group.set("title", words.text(declared.title));
        group.list("rows", [&](ListWriter& rows) {
            for (const std::size_t at : declared.fields) {
                const Field& field = form.fields[at];
                if (!isAsked(form, field, answers)) continue;
                rows.map([&](MapWriter& row) {
                    setRow(row, field, answers[field.name], words, Personal::shown);
                    row.set("change_label", change);
                    if (changeHref.empty())
                        row.set("change_value", "at:" + field.name);
                    else
                        row.set("change_href", std::string(changeHref) + "?at=" + field.name);
                });
            }
        });
    };
    return Value::map([&](MapWriter& m) {
        m.set("title", words.text(form.title));
        m.list("groups", [&](ListWriter& groups) {
            for (const Group& group : form.groups) {
                const bool any = std::any_of(group.fields.begin(), group.fields.end(), [&](std::size_t at) {
                    return isAsked(form, form.fields[at], answers);
                });
                if (any) groups.map([&](MapWriter& map) { setGroup(map, group); });
            }
        });
    });
}

} // namespace dalate::services::forms
