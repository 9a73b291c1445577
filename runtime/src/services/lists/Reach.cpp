// SPDX-License-Identifier: Apache-2.0
#include "services/lists/Reach.h"

namespace dalate::services::lists {

std::optional<storage::Scope> reachOf(const List& list, const identity::Principal& who,
                                      const identity::Permissions& permissions) {
    using Kind = storage::Scope::Kind;
    if (!who.isPerson()) return std::nullopt;
    Kind kind = Kind::self;
    if (!list.permission.empty()) {
        const identity::Permission* permission = permissions.find(list.permission);
        if (!permission || !permissions.holds(who, list.permission)) return std::nullopt;
        kind = permission->scope == "county"         ? Kind::county
               : permission->scope == "organisation" ? Kind::organisation
               : permission->scope == "self"         ? Kind::self
                                                     : Kind::none;
    }
    // A reach that names nobody must see nothing, not the rows of organisation 0.
    if (kind == Kind::organisation && who.organisation == 0) kind = Kind::none;
    if (kind == Kind::self && who.user == 0) kind = Kind::none;
    return storage::Scope{kind, who.user, who.organisation};
}

} // namespace dalate::services::lists
