// SPDX-License-Identifier: Apache-2.0
#include "services/lists/SheetForm.h"

#include "services/forms/Options.h"
#include "services/forms/TextShape.h"

#include <algorithm>

namespace dalate::services::lists {

namespace {

std::string trimmed(std::string_view text) {
    return forms::tidy(text).value_or(std::string());
}

bool isAny(std::string_view word, std::initializer_list<std::string_view> among) {
    return std::find(among.begin(), among.end(), word) != among.end();
}

/// The parts between ；; 、 and line ends.
std::vector<std::string> parts(std::string text) {
    for (const std::string_view mark : {"；", "、"})
        for (std::size_t at; (at = text.find(mark)) != std::string::npos;)
            text.replace(at, mark.size(), ";");
    std::replace(text.begin(), text.end(), '\n', ';');
    std::vector<std::string> all;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(';', begin), text.size());
        if (std::string part = trimmed(std::string_view(text).substr(begin, end - begin)); !part.empty())
            all.push_back(std::move(part));
        begin = end + 1;
    }
    return all;
}

using Posted = std::vector<std::pair<const forms::Field*, std::vector<std::string>>>;

/// What options of a dependent code list are chosen under.
Value chosenBefore(const Posted& posted) {
    return Value::map([&](MapWriter& m) {
        for (const auto& [field, values] : posted)
            if (values.size() == 1) m.set(field->name, values.front());
    });
}

} // namespace

SheetForm::SheetForm(const forms::Form& form, const forms::FormWords& words, const SheetRow& heads)
    : form_(form), words_(words) {
    for (const std::string& cell : heads.cells) {
        const std::string heading = trimmed(cell);
        const forms::Field* found = nullptr;
        for (const forms::Field& field : form.fields)
            if (!heading.empty() && (heading == field.name || heading == words.text(field.label)))
                found = &field;
        const bool twice = found && std::find(fields_.begin(), fields_.end(), found) != fields_.end();
        if ((!heading.empty() && !found) || twice)
            throw Error(422, "core.import.heading",
                        Value::map([&](MapWriter& m) { m.set("heading", heading); }));
        fields_.push_back(found);
    }
    for (const forms::Field& field : form.fields)
        if (!field.optional && !field.when &&
            std::find(fields_.begin(), fields_.end(), &field) == fields_.end())
            throw Error(422, "core.import.missing_column",
                        Value::map([&](MapWriter& m) { m.set("label", words.text(field.label)); }));
}

std::vector<std::string> SheetForm::headings(const forms::Form& form, const forms::FormWords& words) {
    std::vector<std::string> all;
    for (const forms::Field& field : form.fields)
        if (field.type != forms::FieldType::file) all.push_back(words.text(field.label));
    return all;
}

std::string SheetForm::optionValue(const forms::Field& field, const std::string& shown,
                                   ValueView before) const {
    for (const forms::Choice& choice : forms::choices(field, before, words_.time()))
        if (shown == choice.value || shown == words_.label(field, choice.value))
            return std::string(choice.value);
    return shown;
}

std::vector<std::string> SheetForm::posted(const forms::Field& field, const std::string& cell,
                                           ValueView before) const {
    const std::string shown = trimmed(cell);
    // Text that no one types is the form's to refuse, in its own words.
    if (shown.empty()) return cell.empty() ? std::vector<std::string>{} : std::vector<std::string>{cell};
    if (field.type == forms::FieldType::yesno) {
        if (shown == words_.text("core.form.yes") || isAny(shown, {"是", "有", "yes", "true", "TRUE", "1"}))
            return {"yes"};
        if (shown == words_.text("core.form.no") || isAny(shown, {"否", "无", "no", "false", "FALSE", "0"}))
            return {"no"};
        return {shown};
    }
    if (!forms::isChosen(field.type)) return {shown};
    if (field.type != forms::FieldType::checks) return {optionValue(field, shown, before)};
    std::vector<std::string> values = parts(shown);
    for (std::string& value : values)
        value = optionValue(field, value, before);
    return values;
}

forms::Judged SheetForm::judge(const SheetRow& row) const {
    Posted all;
    // In the form's order, so that what a choice depends on stands before it whatever the columns' order is.
    for (const forms::Field& field : form_.fields) {
        const auto at = std::find(fields_.begin(), fields_.end(), &field);
        const auto column = static_cast<std::size_t>(at - fields_.begin());
        if (at == fields_.end() || column >= row.cells.size()) continue;
        const Value before = field.codesOf.empty() ? Value::map() : chosenBefore(all);
        all.emplace_back(&field, posted(field, row.cells[column], before));
    }
    const Value sent = Value::map([&](MapWriter& m) {
        for (const auto& [field, values] : all)
            m.list(field->name, [&, &texts = values](ListWriter& list) {
                for (const std::string& text : texts)
                    list.add(text);
            });
    });
    // No file can come in a cell: an id that stands there is somebody else's.
    return forms::validate(form_, sent, forms::Sent::posted, words_.time(),
                           [](std::string_view) { return false; });
}

} // namespace dalate::services::lists
