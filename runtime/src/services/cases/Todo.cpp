// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Todo.h"

#include "services/Declared.h"
#include "services/cases/Relations.h"
#include "services/rules/RuleBook.h"
#include "storage/Tx.h"

#include <algorithm>
#include <limits>
#include <set>

namespace dalate::services::cases {

namespace {

using Kind = Actor::Kind;

std::string_view nameOf(Todo::Audience::Kind kind) {
    switch (kind) {
    case Todo::Audience::Kind::account:
        return "account";
    case Todo::Audience::Kind::desk:
        return "desk";
    case Todo::Audience::Kind::role:
        break;
    }
    return "role";
}

} // namespace

std::vector<Todo::Audience> Todo::audienceOf(storage::Tx& tx, const Declared& declared, const Case& c,
                                             const std::vector<Actor>& actors) {
    std::vector<Audience> all;
    const auto add = [&](Audience one) {
        const bool somebody = one.kind != Audience::Kind::account || one.account != 0;
        if (somebody && std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
    };
    const auto organisation = [&](const Actor& a) {
        return a.where == Actor::Where::any ? 0 : a.where == Actor::Where::origin ? c.origin : c.organisation;
    };
    for (const Actor& a : actors) {
        switch (a.kind) {
        case Kind::applicant:
            add({Audience::Kind::account, c.applicant, {}, 0});
            break;
        case Kind::assignee:
            add({Audience::Kind::account, c.assignee, {}, 0});
            break;
        case Kind::role:
            add({Audience::Kind::role, 0, a.name, organisation(a)});
            break;
        case Kind::desk:
            add({Audience::Kind::desk, 0, a.name, c.organisation});
            break;
        case Kind::relation:
            for (const std::int64_t account : Relations::in(tx, c.id, a.name))
                add({Audience::Kind::account, account, {}, 0});
            break;
        case Kind::rule:
            if (declared.rules)
                for (const std::string& role : declared.rules->at(c.rulesAt).roles(a.name))
                    add({Audience::Kind::role, 0, role, organisation(a)});
            break;
        case Kind::anyone:
        case Kind::token:
        case Kind::system:
            break;
        }
    }
    return all;
}

std::vector<Actor> Todo::waitingFor(const Machine& machine, const Case& c) {
    const std::size_t at = machine.stateIndex(c.state);
    if (at == Machine::none || !machine.states[at].isLive()) return {};
    const State& state = machine.states[at];
    if (!state.todo.empty()) return state.todo;
    std::vector<Actor> all;
    // A state that waits for somebody outside is the assignee's only when nobody outside has a way out.
    const bool outside = state.kind == StateKind::waiting;
    for (const Transition& t : machine.transitions) {
        if (!t.leaves(at) || t.tone == Transition::Tone::danger) continue;
        for (const Actor& a : t.by)
            if (a.kind != Kind::applicant || outside) all.push_back(a);
    }
    const bool applicants =
        std::any_of(all.begin(), all.end(), [](const Actor& a) { return a.kind == Kind::applicant; });
    if (outside && applicants) return {Actor{Kind::applicant, {}, Actor::Where::here}};
    if (c.assignee != 0) return {Actor{Kind::assignee, {}, Actor::Where::here}};
    if (!state.desk.empty()) return {Actor{Kind::desk, state.desk, Actor::Where::here}};
    return all;
}

void Todo::write(storage::Tx& tx, const Declared& declared, const Machine& machine, const Case& c, Micros dueAt) {
    // A case that has just been opened has none.
    if (c.entries > 1) tx.exec("DELETE FROM case_todo WHERE case_id = :case", {{"case", c.id}});
    for (const Audience& one : audienceOf(tx, declared, c, waitingFor(machine, c)))
        tx.exec("INSERT INTO case_todo (case_id, kind, account, name, organisation, since, due_at) "
                "VALUES (:case, :kind, :account, :name, :organisation, :since, :due)",
                {{"case", c.id},
                 {"kind", nameOf(one.kind)},
                 {"account", one.account},
                 {"name", one.name},
                 {"organisation", one.organisation},
                 {"since", c.changedAt},
                 {"due", dueAt}});
}

namespace {

template <class Add>
void read(storage::Rows rows, Add&& add) {
    while (rows.next()) {
        Todo::Item item;
        item.caseId = rows.integer(0);
        item.plugin = rows.text(1);
        item.machine = rows.text(2);
        item.number = rows.text(3);
        item.title = rows.text(4);
        item.state = rows.text(5);
        item.kind = rows.text(6);
        item.name = rows.text(7);
        item.since = rows.integer(8);
        item.dueAt = rows.integer(9);
        add(std::move(item));
    }
}

} // namespace

std::vector<Todo::Item> Todo::of(storage::Tx& tx, const identity::Principal& p, std::string_view plugin,
                                 std::int64_t limit) {
    limit = std::clamp<std::int64_t>(limit, 1, 500);
    std::vector<Item> all;
    std::set<std::int64_t> seen;
    if (!p.isPerson() || p.user == 0) return all;
    const auto add = [&](Item item) {
        if (seen.insert(item.caseId).second) all.push_back(std::move(item));
    };
    read(tx.query("SELECT t.case_id, c.plugin, c.machine, c.number, c.title, c.state, t.kind, t.name, t.since, "
                  "t.due_at FROM case_todo t JOIN case_record c ON c.id = t.case_id "
                  "WHERE t.account = :account AND (:plugin = '' OR c.plugin = :plugin) "
                  "ORDER BY CASE WHEN t.due_at = 0 THEN 1 ELSE 0 END, t.due_at, t.since LIMIT :limit",
                  {{"account", p.user}, {"plugin", plugin}, {"limit", limit}}),
         add);
    const auto named = [&](std::string_view kind, std::string_view name, std::int64_t organisation) {
        read(tx.query("SELECT t.case_id, c.plugin, c.machine, c.number, c.title, c.state, t.kind, t.name, t.since, "
                      "t.due_at FROM case_todo t JOIN case_record c ON c.id = t.case_id "
                      "WHERE t.kind = :kind AND t.name = :name AND t.organisation IN (0, :organisation) "
                      "AND (:plugin = '' OR c.plugin = :plugin) "
                      "ORDER BY CASE WHEN t.due_at = 0 THEN 1 ELSE 0 END, t.due_at, t.since LIMIT :limit",
                      {{"kind", kind}, {"name", name}, {"organisation", organisation}, {"plugin", plugin}, {"limit", limit}}),
             add);
    };
    for (const identity::Seat& seat : p.desks)
        named("desk", seat.name, seat.organisation);
    for (const std::string& role : p.roles)
        named("role", role, p.organisation);
    for (const identity::DelegatedRole& given : p.delegated)
        named("role", given.role, p.organisation);
    std::stable_sort(all.begin(), all.end(), [](const Item& a, const Item& b) {
        constexpr Micros never = std::numeric_limits<Micros>::max();
        const Micros x = a.dueAt ? a.dueAt : never, y = b.dueAt ? b.dueAt : never;
        return x != y ? x < y : a.since < b.since;
    });
    if (static_cast<std::int64_t>(all.size()) > limit) all.resize(static_cast<std::size_t>(limit));
    return all;
}

} // namespace dalate::services::cases
