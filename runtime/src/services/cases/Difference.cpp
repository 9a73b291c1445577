// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Difference.h"

#include "base/Json.h"
#include "services/Declared.h"
#include "services/forms/CheckAnswers.h"

#include <map>
#include <string>

namespace dalate::services::cases {

namespace {

using Answers = std::map<std::string, std::string, std::less<>>;

/// As a page shows it: a list or a map stands as JSON.
std::string shown(ValueView value) {
    return value.isList() || value.isMap() ? json::write(value) : value.asText();
}

/// The field of that name in a form of the machine that calls it personal; null: none does.
const forms::Field* personalField(const Declared& declared, const Machine& machine, std::string_view name) {
    const auto in = [&](const std::string& form) -> const forms::Field* {
        const forms::Form* found = form.empty() ? nullptr : declared.form(form);
        const forms::Field* field = found ? found->field(name) : nullptr;
        return field && field->personal ? field : nullptr;
    };
    if (const forms::Field* field = in(machine.form)) return field;
    for (const Transition& t : machine.transitions)
        if (const forms::Field* field = in(t.form)) return field;
    return nullptr;
}

} // namespace

Value difference(const Declared& declared, const Machine& machine, const Case& c, const std::vector<Entry>& moves,
                 std::int64_t seen, bool personal) {
    Answers before, after;
    for (const Entry& e : moves) {
        const auto answers = json::parse(e.answers);
        if (!answers) continue;
        for (const ValueView answer : answers->view())
            (e.version <= seen ? before : after)[std::string(answer.key())] = shown(answer);
    }
    return Value::map([&](MapWriter& m) {
        m.set("number", c.number).set("version", c.version).set("expected", seen).set("state", c.state);
        m.list("changes", [&](ListWriter& list) {
            for (const Entry& e : moves) {
                if (e.version <= seen) continue;
                const Transition* t = machine.transition(e.transition);
                list.map([&](MapWriter& one) {
                    one.set("version", e.version).set("transition", e.transition);
                    one.set("label", t ? t->label : std::string());
                    one.set("from", e.from).set("to", e.to).set("who", e.actorName);
                    one.set("organisation", e.organisationName).set("at", e.at).set("reason", e.reason);
                });
            }
        });
        m.list("fields", [&](ListWriter& list) {
            for (const auto& [field, value] : after) {
                const auto old = before.find(field);
                if (old != before.end() && old->second == value) continue;
                const forms::Field* hidden = personal ? nullptr : personalField(declared, machine, field);
                const auto text = [&](const std::string& answer) {
                    return hidden && !answer.empty() ? forms::masked(*hidden, answer) : answer;
                };
                list.map([&, &name = field, &now = value](MapWriter& one) {
                    one.set("field", name).set("before", old == before.end() ? std::string() : text(old->second));
                    one.set("after", text(now)).set("masked", hidden != nullptr);
                });
            }
        });
    });
}

} // namespace dalate::services::cases
