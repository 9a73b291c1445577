// SPDX-License-Identifier: Apache-2.0
#include "services/forms/FormModel.h"

#include "services/forms/Figures.h"
#include "services/forms/Options.h"
#include "services/forms/Visibility.h"
#include "services/rules/CivilDay.h"

#include <algorithm>

namespace dalate::services::forms {
namespace {

/// Writes the questions of one form.
class Questions {
public:
    Questions(const Form& form, const Showing& showing, const FormWords& words)
        : form_(form), showing_(showing), words_(words) {}

    void write(MapWriter& q, const Field& field) {
        const std::string id = "f-" + field.name;
        q.set("id", id).set("name", field.name).set("label", words_.text(field.label));
        if (!field.help.empty()) q.set("hint", words_.text(field.help));
        if (field.optional) q.set("optional", true);
        if (field.personal) q.set("personal", true);
        if (!field.autocomplete.empty()) q.set("autocomplete", field.autocomplete);
        if (const Fault* fault = faultOf(field)) q.set("error", words_.fault(form_, *fault));
        // Alone on its page a question is there because it is asked; nothing is to be hidden.
        if (field.when && showing_.at.empty()) {
            q.set("when", field.when->field);
            q.set("is", joined(field.when->is));
            q.set("condition", condition(*field.when));
        }
        const std::string value = valueOf(field);
        if (!value.empty()) q.set("value", value);
        if (const std::string source = sourceOf(field, value); !source.empty()) q.set("source", source);
        if (isChosen(field.type) || field.type == FieldType::yesno)
            options(q, field, id);
        else
            input(q, field, value);
    }

    const Fault* faultOf(const Field& field) const {
        if (!showing_.faults) return nullptr;
        for (const Fault& fault : *showing_.faults)
            if (fault.field == field.name) return &fault;
        return nullptr;
    }

private:
    static std::string joined(const std::vector<std::string>& values) {
        std::string all;
        for (const std::string& value : values)
            all += (all.empty() ? "" : "|") + value;
        return all;
    }

    /// For whoever sees every question at once, because no script hides any.
    std::string condition(const When& when) const {
        const Field* above = form_.field(when.field);
        std::string answers;
        for (const std::string& value : when.is) {
            const bool yesno = above->type == FieldType::yesno;
            answers += (answers.empty() ? "" : words_.text("core.form.comma")) +
                       (yesno ? words_.text(value == "yes" ? "core.form.yes" : "core.form.no")
                              : words_.label(*above, value));
        }
        return words_.text("core.form.condition", Value::map([&](MapWriter& m) {
                               m.set("question", words_.text(above->label)).set("answers", answers);
                           }));
    }

    /// What was posted, else the answer, else what the record holds.
    ValueView held(const Field& field) const {
        if (showing_.answers.has(field.name)) return showing_.answers[field.name];
        return showing_.prefilled[field.name]["value"];
    }

    std::string valueOf(const Field& field) const {
        if (const ValueView raw = showing_.raw[field.name]; !raw.isNull()) {
            if (raw.isText()) return raw.asText();
            for (const ValueView text : raw)
                return text.asText();
            return {};
        }
        return inputText(field, held(field));
    }

    std::string sourceOf(const Field& field, const std::string& value) const {
        const ValueView given = showing_.prefilled[field.name];
        if (given.isNull() || value.empty() || value != inputText(field, given["value"])) return {};
        const std::string_view source = given["source"].text();
        return words_.text("core.form.prefilled", Value::map([&](MapWriter& m) {
                               m.set("source", source == "core.form.source.account" ? words_.text(source)
                                                                                    : std::string(source));
                           }));
    }

    bool isChosenNow(const Field& field, std::string_view value) const {
        if (const ValueView raw = showing_.raw[field.name]; !raw.isNull()) return has(raw, value);
        return has(held(field), value);
    }

    void options(MapWriter& q, const Field& field, const std::string& id) {
        const bool select = field.type == FieldType::select;
        q.set(field.type == FieldType::checks ? "checks" : select ? "select" : "choice", true);
        q.list("options", [&](ListWriter& list) {
            const auto add = [&](std::string_view value, const std::string& label, const std::string& hint,
                                 std::size_t at) {
                list.map([&](MapWriter& o) {
                    o.set("id", id + "-" + std::to_string(at)).set("name", field.name).set("value", value);
                    o.set("label", label);
                    if (!hint.empty()) o.set("hint", hint);
                    if (isChosenNow(field, value)) o.set(select ? "selected" : "checked", true);
                });
            };
            std::size_t at = 0;
            if (select) add("", words_.text("core.form.choose"), {}, at++);
            if (field.type == FieldType::yesno) {
                add("yes", words_.text("core.form.yes"), {}, at++);
                add("no", words_.text("core.form.no"), {}, at++);
            }
            for (const Choice& choice : offered(field))
                add(choice.value, labelOf(field, choice),
                    choice.option ? words_.text(choice.option->help) : "", at++);
        });
    }

    /// Under no answer above yet, or under one that may change on this very page: all codes, each with what
    /// it is under.
    std::vector<Choice> offered(const Field& field) const {
        if (!isOpen(field)) return choices(field, showing_.answers, words_.time());
        std::vector<Choice> all;
        for (const Code& code : field.codes->all())
            if (code.holdsAt(words_.time().at)) all.push_back({code.value, nullptr, &code});
        return all;
    }
    bool isOpen(const Field& field) const {
        return field.codes && !field.codesOf.empty() && showing_.at.empty();
    }

    std::string labelOf(const Field& field, const Choice& choice) const {
        if (choice.option) return words_.text(choice.option->label);
        if (!choice.code) return std::string(choice.value);
        std::string label(choice.code->labelIn(words_.language()));
        if (isOpen(field) && !choice.code->of.empty())
            label = words_.label(*form_.field(field.codesOf), choice.code->of.front()) + " · " + label;
        return label;
    }

    void input(MapWriter& q, const Field& field, const std::string& value) {
        const auto number = [&](const std::optional<Limit>& limit) -> std::string {
            return limit && limit->kind == Limit::Kind::fixed ? std::to_string(limit->value) : std::string();
        };
        switch (field.type) {
        case FieldType::area:
            q.set("area", true);
            if (const std::string most = number(field.max); !most.empty()) q.set("max", most);
            return;
        case FieldType::text:
            q.set("text", true);
            if (const std::string most = number(field.max); !most.empty()) q.set("max", most);
            return;
        case FieldType::date:
            // A browser's own date field drops a text that is no date, and with it what the person typed.
            q.set(value.empty() || isIsoDate(value) ? "date" : "text", true).set("short", true);
            day(q, "min", field.min);
            day(q, "max", field.max);
            return;
        case FieldType::integer:
            return box(q, "numeric", field.unit.empty() ? "" : words_.text(field.unit));
        case FieldType::decimal:
            return box(q, "decimal", field.unit.empty() ? "" : words_.text(field.unit));
        case FieldType::money:
            return box(q, "decimal", words_.text("core.form.unit_yuan"));
        case FieldType::phone:
            q.set("tel", true);
            return;
        case FieldType::email:
            q.set("email", true);
            return;
        case FieldType::idcard:
            q.set("text", true).set("short", true).set("max", "24");
            return;
        case FieldType::file:
            q.set("file", true);
            if (!value.empty()) q.set("given", words_.text("core.form.file_given"));
            return;
        default:
            return;
        }
    }

    /// A text box with the right keys: a number field would drop what is no number.
    static void box(MapWriter& q, std::string_view keys, const std::string& unit) {
        q.set("text", true).set("short", true).set("inputmode", keys);
        if (!unit.empty()) q.set("unit", unit);
    }

    static bool isIsoDate(const std::string& value) {
        const auto days = parseCivilDay(value);
        return days && civilDayText(*days) == value;
    }

    void day(MapWriter& q, std::string_view key, const std::optional<Limit>& limit) {
        if (!limit || limit->kind == Limit::Kind::rule) return;
        q.set(key, limit->kind == Limit::Kind::fixed
                       ? civilDayText(limit->value)
                       : rules::dayText(rules::civilDayOf(words_.time().clock())));
    }

    const Form& form_;
    const Showing& showing_;
    const FormWords& words_;
};

/// Which of the asked questions a page shows, from 1, and how many there are.
std::pair<int, int> stepOf(const Form& form, const Showing& showing) {
    int number = 0, total = 0;
    for (const Field& field : form.fields) {
        if (!isAsked(form, field, showing.answers)) continue;
        ++total;
        if (field.name == showing.at) number = total;
    }
    return {number, total};
}

} // namespace

std::string inputText(const Field& field, ValueView answer) {
    if (answer.isNull()) return {};
    if (field.type == FieldType::money) return yuanText(answer.integer().value_or(0));
    if (field.type == FieldType::yesno) return answer.truth() ? "yes" : "no";
    return answer.asText();
}

Value formModel(const Form& form, const Showing& showing, const FormWords& words) {
    Questions questions(form, showing, words);
    const auto setGroup = [&](MapWriter& map, const Group& group) {
        if (showing.at.empty()) {
            map.set("title", words.text(group.title));
            if (!group.help.empty()) map.set("help", words.text(group.help));
        }
        map.list("questions", [&](ListWriter& list) {
            for (const std::size_t at : group.fields) {
                const Field& field = form.fields[at];
                if (!showing.at.empty() && field.name != showing.at) continue;
                list.map([&](MapWriter& q) { questions.write(q, field); });
            }
        });
    };
    const auto holds = [&](const Group& group) {
        return showing.at.empty() ||
               std::any_of(group.fields.begin(), group.fields.end(),
                           [&](std::size_t at) { return form.fields[at].name == showing.at; });
    };
    return Value::map([&](MapWriter& m) {
        m.set("title", words.text(form.title));
        if (form.hasFiles()) m.set("multipart", true);
        if (!showing.at.empty()) {
            const auto [number, total] = stepOf(form, showing);
            m.set("step", words.text("core.form.step_text",
                                     Value::map([&, number = number, total = total](MapWriter& v) {
                                         v.set("number", number).set("total", total);
                                     })));
        }
        if (showing.faults && !showing.faults->empty()) {
            m.set("wrong", true);
            m.list("problems", [&](ListWriter& list) {
                for (const Fault& fault : *showing.faults)
                    list.map([&](MapWriter& p) {
                        p.set("text", words.fault(form, fault));
                        if (form.field(fault.field)) p.set("href", "#f-" + fault.field);
                    });
            });
        }
        m.list("groups", [&](ListWriter& list) {
            for (const Group& group : form.groups)
                if (holds(group)) list.map([&](MapWriter& map) { setGroup(map, group); });
        });
    });
}

} // namespace dalate::services::forms
