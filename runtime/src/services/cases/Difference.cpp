// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Difference.h"

#include "base/Json.h"

#include <map>
#include <string>

namespace dalate::services::cases {

namespace {

using Answers = std::map<std::string, std::string, std::less<>>;

/// As a page shows it: a list or a map stands as JSON.
std::string shown(ValueView value) {
    return value.isList() || value.isMap() ? json::write(value) : value.asText();
}

} // namespace

Value difference(const Machine& machine, const Case& c, const std::vector<Entry>& moves, std::int64_t seen) {
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
                list.map([&](MapWriter& one) {
                    one.set("field", field);
                    one.set("before", old == before.end() ? std::string() : old->second).set("after", value);
                });
            }
        });
    });
}

} // namespace dalate::services::cases
