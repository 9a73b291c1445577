// SPDX-License-Identifier: Apache-2.0
#include "gateway/CaseEntry.h"

#include "services/cases/Machine.h"

#include <algorithm>

namespace dalate::gateway {

namespace {

using services::cases::Actor;

/// Somebody by her office, not by standing in one case.
bool worksOnIt(const Actor& actor) noexcept {
    return actor.kind == Actor::Kind::role || actor.kind == Actor::Kind::desk || actor.kind == Actor::Kind::rule;
}

bool mayOpen(const Actor& actor, const identity::Principal& who) {
    switch (actor.kind) {
    case Actor::Kind::anyone:
        return true;
    case Actor::Kind::applicant:
        return who.isPerson() || who.isAnonymous();
    case Actor::Kind::role:
        return who.hasRole(actor.name);
    case Actor::Kind::rule:
        return who.isStaff();
    case Actor::Kind::assignee:
    case Actor::Kind::relation:
    case Actor::Kind::desk:
    case Actor::Kind::token:
    case Actor::Kind::system:
        return false;
    }
    return false;
}

} // namespace

std::string casePath(const std::string& plugin, const plugin::MenuItem& item) {
    const std::string list = "/cases/" + plugin + "/" + item.machine;
    return item.page == plugin::MenuItem::Page::open ? list + "/open" : list;
}

bool offersCaseEntry(const services::cases::Machine& machine, plugin::MenuItem::Page page,
                     const identity::Principal& who) {
    const bool opens = std::any_of(machine.opening.by.begin(), machine.opening.by.end(),
                                   [&](const Actor& actor) { return mayOpen(actor, who); });
    if (page == plugin::MenuItem::Page::open) return opens;
    return who.isPerson() && (opens || std::any_of(machine.audience.begin(), machine.audience.end(), [&](const Actor& actor) {
                                  return worksOnIt(actor) && mayOpen(actor, who);
                              }));
}

} // namespace dalate::gateway
