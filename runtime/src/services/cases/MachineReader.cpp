// SPDX-License-Identifier: Apache-2.0
#include "services/cases/MachineReader.h"

#include "base/Json.h"
#include "base/JsonPlace.h"
#include "plugin/JsonSchema.h"
#include "services/cases/MachineRules.h"

#include <algorithm>
#include <set>
#include <string>

namespace dalate::services::cases {

namespace {

std::string item(std::string_view list, std::size_t at) {
    return "$." + std::string(list) + "[" + std::to_string(at) + "]";
}

/// Reads one file that fits the schema into its typed form. Names of states become indices here; what else is wrong
/// between keys is MachineRules' to find.
class Reader {
public:
    Reader(std::string_view text, std::string_view file, plugin::Problems& problems)
        : text_(text), file_(file), problems_(problems) {}

    Machine read(ValueView root) {
        m_.file = file_;
        m_.name = root["machine"].text();
        m_.title = root["title"].text();
        m_.form = root["form"].text();
        m_.titledBy = root["titled_by"].text();
        for (const ValueView relation : root["relations"])
            m_.relations.emplace_back(relation.text());
        m_.readers = actors(root["readers"]);
        if (auto number = NumberForm::parse(root["number"].text()))
            m_.number = std::move(number).take();
        else
            tell("core.case.number_form", "$.number", "form", root["number"].text());
        readStates(root["states"]);
        const ValueView open = root["open"];
        readStep(open, "$.open", m_.opening);
        std::size_t at = 0;
        for (const ValueView transition : root["transitions"])
            readTransition(transition, item("transitions", at++));
        at = 0;
        for (const ValueView deadline : root["deadlines"])
            readDeadline(deadline, item("deadlines", at++));
        gatherAudience();
        return std::move(m_);
    }

private:
    void tell(std::string_view id, const std::string& path, std::string_view key, std::string_view value) {
        problems_.emplace_back(std::string(id), json::placeIn(file_, text_, path),
                               Value::map([&](MapWriter& m) { m.set(key, value); }));
    }

    static std::vector<Actor> actors(ValueView list) {
        std::vector<Actor> all;
        for (const ValueView one : list)
            if (auto actor = Actor::read(one.text())) all.push_back(std::move(*actor));
        return all;
    }

    static std::vector<NoticeTo> notices(ValueView list) {
        std::vector<NoticeTo> all;
        for (const ValueView one : list)
            if (auto to = Actor::read(one["to"].text()))
                all.push_back({std::move(*to), std::string(one["notice"].text())});
        return all;
    }

    static Source source(std::string_view text) {
        if (text == "self") return {Source::Kind::self, {}};
        if (text == "origin") return {Source::Kind::origin, {}};
        if (text.starts_with("field:")) return {Source::Kind::field, std::string(text.substr(6))};
        return {};
    }

    void readStates(ValueView list) {
        std::size_t at = 0;
        for (const ValueView map : list) {
            State state;
            state.name = map["name"].text();
            state.label = map["label"].text();
            const std::string_view kind = map["kind"].text();
            state.kind = kind == "waiting"  ? StateKind::waiting
                         : kind == "working" ? StateKind::working
                         : kind == "done"    ? StateKind::done
                                             : StateKind::stopped;
            state.desk = map["desk"].text();
            state.todo = actors(map["todo"]);
            if (m_.state(state.name)) tell("core.case.twice", item("states", at) + ".name", "name", state.name);
            m_.states.push_back(std::move(state));
            ++at;
        }
    }

    std::size_t stateAt(ValueView name, const std::string& path) {
        const std::size_t index = m_.stateIndex(name.text());
        if (index == Machine::none) tell("core.case.unknown_state", path, "name", name.text());
        return index;
    }

    std::vector<std::size_t> statesAt(ValueView list, const std::string& path) {
        std::vector<std::size_t> all;
        std::size_t at = 0;
        for (const ValueView one : list) {
            const std::size_t index = stateAt(one, path + "[" + std::to_string(at++) + "]");
            if (index != Machine::none) all.push_back(index);
        }
        std::sort(all.begin(), all.end());
        return all;
    }

    void bind(bool guard, std::string_view name, const std::string& path) {
        const auto same = [&](const Machine::Bound& b) { return b.guard == guard && b.name == name; };
        if (std::any_of(m_.bound.begin(), m_.bound.end(), same)) return;
        m_.bound.push_back({guard, std::string(name), json::placeIn(file_, text_, path)});
    }

    void readStep(ValueView map, const std::string& path, Step& step) {
        step.by = actors(map["by"]);
        step.to = stateAt(map["to"], path + ".to");
        step.guard = map["guard"].text();
        if (!step.guard.empty()) bind(true, step.guard, path + ".guard");
        std::size_t at = 0;
        for (const ValueView effect : map["effects"]) {
            bind(false, effect.text(), path + ".effects[" + std::to_string(at++) + "]");
            step.effects.emplace_back(effect.text());
        }
        step.notices = notices(map["notices"]);
        if (map.has("assign")) step.assign = source(map["assign"].text());
        if (map.has("organisation")) step.organisation = source(map["organisation"].text());
        for (const ValueView one : map["relate"]) {
            const Source who = source(one.text());
            if (who.kind == Source::Kind::none)
                tell("core.case.source", path + ".relate." + std::string(one.key()), "name", one.asText());
            step.relate.push_back({std::string(one.key()), who});
        }
    }

    void readTransition(ValueView map, const std::string& path) {
        Transition t;
        readStep(map, path, t);
        t.name = map["name"].text();
        t.label = map["label"].text();
        t.from = statesAt(map["from"], path + ".from");
        t.desk = map["desk"].text();
        t.form = map["form"].text();
        const std::string_view reason = map["reason"].text(), tone = map["tone"].text();
        t.reason = reason == "required"   ? Transition::Reason::required
                   : reason == "optional" ? Transition::Reason::optional
                                          : Transition::Reason::none;
        t.tone = tone == "primary"  ? Transition::Tone::primary
                 : tone == "danger" ? Transition::Tone::danger
                                    : Transition::Tone::plain;
        t.reopens = map["reopen"].truth();
        for (const ValueView one : map["not_by"])
            t.notBy.emplace_back(one.text());
        // "open" is what the history calls the first step.
        if (m_.transition(t.name) || t.name == "open") tell("core.case.twice", path + ".name", "name", t.name);
        m_.transitions.push_back(std::move(t));
    }

    /// Who is told of a case, or has it to do, must be able to open it.
    void gatherAudience() {
        const auto add = [&](const Actor& a) {
            if (a.kind == Actor::Kind::anyone || a.kind == Actor::Kind::system) return;
            if (std::find(m_.audience.begin(), m_.audience.end(), a) == m_.audience.end()) m_.audience.push_back(a);
        };
        const auto addTold = [&](const std::vector<NoticeTo>& all) {
            for (const NoticeTo& one : all)
                add(one.to);
        };
        std::for_each(m_.readers.begin(), m_.readers.end(), add);
        addTold(m_.opening.notices);
        for (const State& state : m_.states) {
            std::for_each(state.todo.begin(), state.todo.end(), add);
            if (!state.desk.empty()) add({Actor::Kind::desk, state.desk, Actor::Where::here});
        }
        for (const Transition& t : m_.transitions) {
            std::for_each(t.by.begin(), t.by.end(), add);
            addTold(t.notices);
        }
        for (const Deadline& d : m_.deadlines)
            for (const Rung& rung : d.ladder)
                addTold(rung.notices);
    }

    rules::Term term(ValueView text, const std::string& path) {
        auto read = rules::Term::parse(text.text());
        if (!read) {
            tell("core.term.form", path, "term", text.text());
            return {};
        }
        return std::move(read).take();
    }

    void readDeadline(ValueView map, const std::string& path) {
        Deadline d;
        d.name = map["name"].text();
        d.label = map["label"].text();
        d.in = statesAt(map["in"], path + ".in");
        d.rule = map["term"]["rule"].text();
        if (d.rule.empty()) d.term = term(map["term"], path + ".term");
        d.from = map["from"].text() == "opened" ? Deadline::From::opened : Deadline::From::entered;
        std::size_t at = 0;
        for (const ValueView one : map["ladder"]) {
            const std::string where = path + ".ladder[" + std::to_string(at++) + "]";
            d.ladder.push_back({term(one["after"], where + ".after"), std::string(one["transition"].text()),
                                notices(one["notices"])});
        }
        if (m_.deadline(d.name)) tell("core.case.twice", path + ".name", "name", d.name);
        m_.deadlines.push_back(std::move(d));
    }

    std::string_view text_;
    std::string_view file_;
    plugin::Problems& problems_;
    Machine m_;
};

} // namespace

std::optional<Machine> readMachine(ValueView schema, std::string_view text, std::string_view file,
                                   plugin::Problems& problems) {
    const std::size_t before = problems.size();
    const auto parsed = json::parse(text, {.bytes = 1u << 20, .depth = 16, .nodes = 100'000});
    if (!parsed) {
        const auto offset = parsed.error().details()["offset"].integer();
        const std::size_t line = offset ? json::lineAt(text, static_cast<std::size_t>(*offset)) : 1;
        problems.emplace_back(parsed.error(), std::string(file) + ":" + std::to_string(line) + " $");
        return std::nullopt;
    }
    for (plugin::Problem& problem : plugin::checkAgainst(schema, *parsed)) {
        problem.where = json::placeIn(file, text, problem.where);
        problems.push_back(std::move(problem));
    }
    // What does not fit the schema would only bring problems that are none.
    if (problems.size() != before) return std::nullopt;
    Machine machine = Reader(text, file, problems).read(*parsed);
    if (problems.size() == before) checkRules(machine, text, problems);
    if (problems.size() != before) return std::nullopt;
    return machine;
}

} // namespace dalate::services::cases
