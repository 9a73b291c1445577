// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Problem.h"
#include "services/forms/Form.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::services::rules {
class RuleBook;
}

namespace dalate::services::forms {

/// What a form names beside itself: the text of a file of the plugin ("data/villages.json"), or nothing where
/// there is none or it is too large.
using ReadFile = std::function<std::optional<std::string>(std::string_view path)>;

/// Reads one `forms/<name>.json` of plugin `plugin` against `schema` (sdk/schema/form.schema.json) and the
/// rules between its keys, and the code lists that it names. Every fault becomes a problem whose place is
/// "forms/ticket.json:12 $.fields[3].max"; nothing is returned where there is one. Ids: those of
/// `plugin::checkAgainst` and `core.form_file.*`.
std::optional<Form> readForm(ValueView schema, std::string_view plugin, std::string_view text,
                             std::string_view file, const ReadFile& files, plugin::Problems& problems);

/// What one file cannot know: that the plugin declares each rule the form names, of a type that fits
/// (`core.form_file.rule`). `book` is null where the plugin declares no rules.
void demandRules(const Form& form, const rules::RuleBook* book, plugin::Problems& problems);

} // namespace dalate::services::forms
