// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/forms/Answers.h"
#include "services/forms/FormWords.h"
#include "services/lists/Sheet.h"

#include <string>
#include <vector>

namespace dalate::services::lists {

/// A table read as answers to a form: its headings are the fields' labels in the reader's language, or their
/// names, in any order; options stand by their label or value, several of them with ； or ; between, yes and
/// no in words. Each row is then judged as if it had been posted. Borrows what it is made of.
class SheetForm {
public:
    /// `heads`: the first row. Throws `Error` 422 `core.import.heading` (details: heading) for one that is no
    /// field or stands twice, `core.import.missing_column` (details: label) where a field that must be
    /// answered has none.
    SheetForm(const forms::Form& form, const forms::FormWords& words, const SheetRow& heads);

    forms::Judged judge(const SheetRow& row) const;

    /// The headings of an empty table for the form.
    static std::vector<std::string> headings(const forms::Form& form, const forms::FormWords& words);

private:
    std::vector<std::string> posted(const forms::Field& field, const std::string& cell,
                                    ValueView before) const;
    std::string optionValue(const forms::Field& field, const std::string& shown, ValueView before) const;

    const forms::Form& form_;
    const forms::FormWords& words_;
    /// Of each column its field; null: a heading without words over empty cells.
    std::vector<const forms::Field*> fields_;
};

} // namespace dalate::services::lists
