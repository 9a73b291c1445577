// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Rights.h"

#include "services/Declared.h"
#include "services/cases/Relations.h"
#include "services/cases/Todo.h"
#include "services/rules/RuleBook.h"

#include <algorithm>

namespace dalate::services::cases {

using Kind = Actor::Kind;

Rights::Rights(storage::Tx& tx, const Who& who, const Declared& declared, const Case& subject)
    : tx_(tx), who_(who), declared_(declared), case_(subject) {}

std::optional<Right> Rights::role(const Actor& actor, const std::string& name) const {
    const identity::Principal& p = *who_.principal;
    if (!p.isPerson() || !p.hasRole(name)) return std::nullopt;
    // A case of no organisation (a citizen's has no origin) is nobody's by where she works.
    const std::int64_t wanted = actor.where == Actor::Where::origin ? case_.origin : case_.organisation;
    if (actor.where != Actor::Where::any && (wanted == 0 || p.organisation != wanted)) return std::nullopt;
    Right right{actor.text(), 0, {}};
    if (const identity::DelegatedRole* given = p.onBehalf(name)) {
        right.onBehalf = given->giver;
        right.onBehalfName = given->giverName;
    }
    return right;
}

std::optional<Right> Rights::as(const Actor& actor) {
    const auto granted = [&](bool holds) {
        return holds ? std::optional<Right>(Right{actor.text(), 0, {}}) : std::nullopt;
    };
    if (who_.isSystem()) return granted(actor.kind == Kind::system);
    const identity::Principal& p = *who_.principal;
    const bool person = p.isPerson() && p.user != 0;
    switch (actor.kind) {
    case Kind::applicant:
        return granted(person && case_.applicant == p.user);
    case Kind::assignee:
        return granted(person && case_.assignee == p.user);
    case Kind::role:
        return role(actor, actor.name);
    case Kind::relation:
        return granted(person && isIn(actor.name));
    case Kind::desk:
        return granted(person && case_.organisation != 0 && p.sitsAt(actor.name, case_.organisation));
    case Kind::rule:
        if (declared_.rules)
            for (const std::string& name : declared_.rules->at(case_.rulesAt).roles(actor.name))
                if (auto right = role(actor, name)) return right;
        return std::nullopt;
    case Kind::token:
        return granted(p.isToken() && p.tokenPlugin == case_.plugin && p.tokenScope == actor.name);
    case Kind::anyone:
    case Kind::system:
        break;
    }
    return std::nullopt;
}

std::optional<Right> Rights::among(const std::vector<Actor>& all) {
    for (const Actor& actor : all)
        if (auto right = as(actor)) return right;
    return std::nullopt;
}

std::optional<Right> Rights::toOpen(const std::vector<Actor>& all) {
    for (const Actor& actor : all) {
        const bool free = actor.kind == Kind::anyone ||
                          (actor.kind == Kind::applicant && !who_.isSystem() && who_.principal->isPerson());
        if (free && !who_.isSystem()) return Right{actor.text(), 0, {}};
        // Before the case is handled by anybody a role counts wherever it is held.
        Actor anywhere = actor;
        if (actor.kind == Kind::role || actor.kind == Kind::rule) anywhere.where = Actor::Where::any;
        if (actor.kind == Kind::applicant) continue;
        if (auto right = as(anywhere)) {
            right->by = actor.text();
            return right;
        }
    }
    return std::nullopt;
}

bool Rights::sitsAt(const std::string& desk) const {
    if (who_.isSystem()) return true;
    return who_.principal->isPerson() && case_.organisation != 0 &&
           who_.principal->sitsAt(desk, case_.organisation);
}

bool Rights::mayRead(const Machine& machine) {
    if (who_.isSystem()) return true;
    const identity::Principal& p = *who_.principal;
    if (who_.scope) {
        const storage::Scope& scope = *who_.scope;
        if (scope.kind == storage::Scope::Kind::county) return true;
        if (scope.kind == storage::Scope::Kind::organisation && scope.organisation != 0 &&
            (scope.organisation == case_.organisation || scope.organisation == case_.origin))
            return true;
    }
    if (p.isAnonymous()) return false;
    if (p.isPerson() && p.user != 0 && (p.user == case_.applicant || p.user == case_.assignee)) return true;
    if (among(machine.audience)) return true;
    return p.isPerson() && !relations().empty();
}

bool Rights::readsPersonal(const Machine& machine) {
    if (who_.isSystem()) return true;
    const identity::Principal& p = *who_.principal;
    if (p.isPerson() && p.user != 0 && (p.user == case_.applicant || p.user == case_.assignee)) return true;
    return among(Todo::waitingFor(machine, case_)).has_value();
}

bool Rights::readsInternal(const Machine& machine) {
    if (who_.isSystem()) return true;
    const identity::Principal& p = *who_.principal;
    if (!p.isPerson() || p.user == 0 || p.user == case_.applicant || !p.isStaff()) return false;
    if (p.user == case_.assignee || (case_.organisation != 0 && p.organisation == case_.organisation)) return true;
    return std::any_of(machine.audience.begin(), machine.audience.end(), [&](const Actor& actor) {
        const bool inside = actor.kind == Kind::role || actor.kind == Kind::rule || actor.kind == Kind::desk;
        return inside && actor.where != Actor::Where::origin && as(actor);
    });
}

const std::vector<std::string>& Rights::relations() {
    if (!relations_) relations_ = Relations::of(tx_, case_.id, who_.principal->user);
    return *relations_;
}

bool Rights::isIn(const std::string& relation) {
    const auto& mine = relations();
    return std::find(mine.begin(), mine.end(), relation) != mine.end();
}

} // namespace dalate::services::cases
