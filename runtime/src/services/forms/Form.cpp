// SPDX-License-Identifier: Apache-2.0
#include "services/forms/Form.h"

#include <algorithm>
#include <array>

namespace dalate::services::forms {
namespace {

constexpr std::array<std::string_view, 14> names{"text",  "area",   "integer", "decimal", "money",
                                                 "date",  "choice", "select",  "checks",  "yesno",
                                                 "phone", "email",  "idcard",  "file"};

} // namespace

std::string_view name(FieldType type) noexcept {
    return names[static_cast<std::size_t>(type)];
}

std::optional<FieldType> fieldTypeOf(std::string_view wanted) noexcept {
    const auto at = std::find(names.begin(), names.end(), wanted);
    if (at == names.end()) return std::nullopt;
    return static_cast<FieldType>(at - names.begin());
}

bool isChosen(FieldType type) noexcept {
    return type == FieldType::choice || type == FieldType::select || type == FieldType::checks;
}

const Field* Form::field(std::string_view fieldName) const noexcept {
    const auto at =
        std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == fieldName; });
    return at == fields.end() ? nullptr : &*at;
}

bool Form::hasFiles() const noexcept {
    return std::any_of(fields.begin(), fields.end(),
                       [](const Field& f) { return f.type == FieldType::file; });
}

} // namespace dalate::services::forms
