// SPDX-License-Identifier: Apache-2.0
#include "services/cases/MachineRules.h"

#include "base/JsonPlace.h"
#include "services/Declared.h"
#include "services/cases/MachineReader.h"
#include "services/forms/Form.h"
#include "services/rules/RuleBook.h"

#include <algorithm>
#include <string>

namespace dalate::services::cases {

namespace {

using Kind = Actor::Kind;

std::string item(const std::string& list, std::size_t at) {
    return list + "[" + std::to_string(at) + "]";
}

/// Seconds for elapsed terms and days for the others, so that terms of one kind compare.
std::int64_t lengthOf(const rules::Term& term) {
    switch (term.unit()) {
    case rules::Term::Unit::minutes:
        return term.count() * 60;
    case rules::Term::Unit::hours:
        return term.count() * 3600;
    default:
        return term.count();
    }
}

class Judge {
public:
    Judge(const Machine& machine, std::string_view text, plugin::Problems& problems)
        : m_(machine), text_(text), problems_(problems) {}

    void rules() {
        walk();
        actors(m_.readers, "$.readers", false, false);
        step(m_.opening, "$.open", true, !m_.form.empty());
        if (!m_.titledBy.empty() && m_.form.empty()) tell("core.case.field", "$.titled_by", m_.titledBy);
        for (std::size_t i = 0; i < m_.states.size(); ++i)
            actors(m_.states[i].todo, item("$.states", i) + ".todo", false, false);
        for (std::size_t i = 0; i < m_.transitions.size(); ++i)
            transition(m_.transitions[i], item("$.transitions", i));
        for (std::size_t i = 0; i < m_.deadlines.size(); ++i)
            deadline(m_.deadlines[i], item("$.deadlines", i));
    }

    void names(const Declared& declared) {
        for (std::size_t i = 0; i < m_.relations.size(); ++i)
            if (std::find(declared.relations.begin(), declared.relations.end(), m_.relations[i]) ==
                declared.relations.end())
                tell("core.case.undeclared_relation", item("$.relations", i), m_.relations[i]);
        form(declared, m_.form, "$.form");
        title(declared);
        fields(declared, m_.opening, m_.form, "$.open");
        visitorsFiles(declared);
        rulesOf(declared, m_.readers, "$.readers");
        rulesOf(declared, m_.opening.by, "$.open.by");
        notices(declared, m_.opening.notices, "$.open.notices");
        for (std::size_t i = 0; i < m_.states.size(); ++i)
            rulesOf(declared, m_.states[i].todo, item("$.states", i) + ".todo");
        for (std::size_t i = 0; i < m_.transitions.size(); ++i) {
            const Transition& t = m_.transitions[i];
            const std::string path = item("$.transitions", i);
            form(declared, t.form, path + ".form");
            fields(declared, t, t.form, path);
            rulesOf(declared, t.by, path + ".by");
            notices(declared, t.notices, path + ".notices");
        }
        for (std::size_t i = 0; i < m_.deadlines.size(); ++i) {
            const Deadline& d = m_.deadlines[i];
            const std::string path = item("$.deadlines", i);
            if (!d.rule.empty()) rule(declared, d.rule, rules::RuleType::term, path + ".term.rule");
            for (std::size_t r = 0; r < d.ladder.size(); ++r)
                notices(declared, d.ladder[r].notices, item(path + ".ladder", r) + ".notices");
        }
    }

private:
    void tell(std::string_view id, const std::string& path, std::string_view name) {
        problems_.emplace_back(std::string(id), json::placeIn(m_.file, text_, path),
                               Value::map([&](MapWriter& m) { m.set("name", name); }));
    }

    /// Which states can be reached, which have a way out, and from which an end can be reached.
    void walk() {
        const std::size_t count = m_.states.size();
        std::vector<bool> reached(count), left(count), ending(count);
        reached[m_.opening.to] = true;
        for (std::size_t i = 0; i < count; ++i)
            ending[i] = !m_.states[i].isLive();
        for (bool more = true; more;) {
            more = false;
            const auto set = [&](std::vector<bool>& mark, std::size_t at) {
                if (mark[at]) return;
                mark[at] = more = true;
            };
            for (const Transition& t : m_.transitions)
                for (const std::size_t from : t.from) {
                    left[from] = true;
                    if (reached[from]) set(reached, t.to);
                    if (ending[t.to]) set(ending, from);
                }
        }
        for (std::size_t i = 0; i < count; ++i) {
            const std::string path = item("$.states", i);
            if (!reached[i]) tell("core.case.unreachable", path, m_.states[i].name);
            if (m_.states[i].isLive() && !left[i])
                tell("core.case.no_exit", path, m_.states[i].name);
            else if (!ending[i])
                tell("core.case.no_end", path, m_.states[i].name);
        }
    }

    void actors(const std::vector<Actor>& all, const std::string& path, bool opening, bool acting) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            const Actor& a = all[i];
            const std::string where = item(path, i);
            // Before a case is there it has no assignee, relations or organisations.
            const bool needsCase = a.kind == Kind::assignee || a.kind == Kind::relation || a.kind == Kind::desk ||
                                   a.where == Actor::Where::origin;
            const bool misplaced = (a.kind == Kind::anyone && !opening) || (opening && needsCase) ||
                                   ((a.kind == Kind::system || a.kind == Kind::token) && !acting && !opening);
            if (misplaced) tell("core.case.actor", where, a.text());
            relation(a, where);
        }
    }

    void relation(const Actor& a, const std::string& where) {
        if (a.kind == Kind::relation) relation(a.name, where);
    }
    void relation(const std::string& name, const std::string& where) {
        if (std::find(m_.relations.begin(), m_.relations.end(), name) == m_.relations.end())
            tell("core.case.unknown_relation", where, name);
    }

    void source(const Source& source, const std::string& path, bool form, bool person) {
        if (source.kind == Source::Kind::field && !form) tell("core.case.field", path, source.field);
        if (source.kind == Source::Kind::origin && person) tell("core.case.source", path, "origin");
        if (source.kind == Source::Kind::none && !person) tell("core.case.source", path, "none");
    }

    void told(const std::vector<NoticeTo>& all, const std::string& path) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            const Kind kind = all[i].to.kind;
            const std::string where = item(path, i) + ".to";
            if (kind == Kind::anyone || kind == Kind::system || kind == Kind::token)
                tell("core.case.actor", where, all[i].to.text());
            relation(all[i].to, where);
        }
    }

    void step(const Step& step, const std::string& path, bool opening, bool form) {
        actors(step.by, path + ".by", opening, true);
        told(step.notices, path + ".notices");
        if (step.assign) source(*step.assign, path + ".assign", form, true);
        if (step.organisation) source(*step.organisation, path + ".organisation", form, false);
        for (const Relate& relate : step.relate) {
            const std::string where = path + ".relate." + relate.relation;
            relation(relate.relation, where);
            source(relate.who, where, form, true);
        }
    }

    void transition(const Transition& t, const std::string& path) {
        step(t, path, false, !t.form.empty());
        const auto ended = static_cast<std::size_t>(
            std::count_if(t.from.begin(), t.from.end(), [&](std::size_t s) { return !m_.states[s].isLive(); }));
        if ((ended > 0) != t.reopens) tell("core.case.no_reopen", path, t.name);
        for (std::size_t i = 0; i < t.notBy.size(); ++i)
            if (t.notBy[i] != "open" && !m_.transition(t.notBy[i]))
                tell("core.case.unknown_transition", item(path + ".not_by", i), t.notBy[i]);
    }

    void deadline(const Deadline& d, const std::string& path) {
        for (const std::size_t state : d.in)
            if (!m_.states[state].isLive()) tell("core.case.deadline_state", path + ".in", m_.states[state].name);
        for (std::size_t i = 0; i < d.ladder.size(); ++i) {
            const Rung& rung = d.ladder[i];
            const std::string where = item(path + ".ladder", i);
            if (i > 0 && rung.after.isElapsed() == d.ladder[i - 1].after.isElapsed() &&
                lengthOf(rung.after) <= lengthOf(d.ladder[i - 1].after))
                tell("core.case.ladder_order", where + ".after", d.name);
            told(rung.notices, where + ".notices");
            if (rung.transition.empty() && rung.notices.empty()) tell("core.case.rung_empty", where, d.name);
            if (!rung.transition.empty()) rungWay(d, rung.transition, where + ".transition");
        }
    }

    void rungWay(const Deadline& d, const std::string& name, const std::string& path) {
        const Transition* t = m_.transition(name);
        if (!t) return tell("core.case.unknown_transition", path, name);
        const auto isSystem = [](const Actor& a) { return a.kind == Kind::system; };
        if (std::none_of(t->by.begin(), t->by.end(), isSystem)) tell("core.case.rung_system", path, name);
        for (const std::size_t state : d.in)
            if (!t->leaves(state)) tell("core.case.rung_from", path, m_.states[state].name);
        if (!t->form.empty() || t->reason == Transition::Reason::required)
            tell("core.case.rung_needs", path, name);
    }

    void form(const Declared& declared, const std::string& name, const std::string& path) {
        if (!name.empty() && !declared.form(name)) tell("core.case.unknown_form", path, name);
    }

    /// The title stands in every list, notice and heading.
    void title(const Declared& declared) {
        const forms::Form* asked = declared.form(m_.form);
        if (m_.titledBy.empty() || !asked) return;
        const forms::Field* field = asked->field(m_.titledBy);
        if (!field)
            tell("core.case.unknown_field", "$.titled_by", m_.titledBy);
        else if (field->personal)
            tell("core.case.title_personal", "$.titled_by", m_.titledBy);
    }

    /// A step that takes from an answer which its form does not ask for could never be taken.
    void fields(const Declared& declared, const Step& step, const std::string& name, const std::string& path) {
        const forms::Form* asked = declared.form(name);
        if (!asked) return;
        const auto known = [&](const Source& source, const std::string& where) {
            if (source.kind == Source::Kind::field && !asked->field(source.field))
                tell("core.case.unknown_field", where, source.field);
        };
        if (step.assign) known(*step.assign, path + ".assign");
        if (step.organisation) known(*step.organisation, path + ".organisation");
        for (const Relate& relate : step.relate)
            known(relate.who, path + ".relate." + relate.relation);
    }

    /// Between two pages a visitor's answers travel with her browser, and nobody keeps her files meanwhile.
    void visitorsFiles(const Declared& declared) {
        const forms::Form* asked = declared.form(m_.form);
        if (!asked || asked->way == forms::Form::Way::one || !asked->hasFiles()) return;
        const auto isAnyone = [](const Actor& a) { return a.kind == Kind::anyone; };
        if (std::any_of(m_.opening.by.begin(), m_.opening.by.end(), isAnyone))
            tell("core.case.visitors_files", "$.form", m_.form);
    }

    void notices(const Declared& declared, const std::vector<NoticeTo>& all, const std::string& path) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!declared.notice(all[i].notice))
                tell("core.case.unknown_notice", item(path, i) + ".notice", all[i].notice);
            rulesOf(declared, {all[i].to}, item(path, i) + ".to");
        }
    }

    void rulesOf(const Declared& declared, const std::vector<Actor>& all, const std::string& path) {
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].kind == Kind::rule) rule(declared, all[i].name, rules::RuleType::roles, item(path, i));
    }

    void rule(const Declared& declared, const std::string& name, rules::RuleType type, const std::string& path) {
        const rules::Rule* found = declared.rules ? declared.rules->find(name) : nullptr;
        if (!found || found->type != type) tell("core.case.unknown_rule", path, name);
    }

    const Machine& m_;
    std::string_view text_;
    plugin::Problems& problems_;
};

} // namespace

void checkRules(const Machine& machine, std::string_view text, plugin::Problems& problems) {
    Judge(machine, text, problems).rules();
}

void checkNames(const Machine& machine, std::string_view text, const Declared& declared,
                plugin::Problems& problems) {
    Judge(machine, text, problems).names(declared);
}

} // namespace dalate::services::cases
