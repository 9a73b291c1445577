// SPDX-License-Identifier: Apache-2.0
#include "identity/Principal.h"

#include <algorithm>

namespace dalate::identity {

bool Principal::hasOwnRole(std::string_view wanted) const noexcept {
    return std::find(roles.begin(), roles.end(), wanted) != roles.end();
}

bool Principal::hasRole(std::string_view wanted) const noexcept {
    return hasOwnRole(wanted) || onBehalf(wanted) != nullptr;
}

const DelegatedRole* Principal::onBehalf(std::string_view wanted) const noexcept {
    if (delegated.empty() || hasOwnRole(wanted)) return nullptr;
    const auto found = std::find_if(delegated.begin(), delegated.end(),
                                    [&](const DelegatedRole& given) { return given.role == wanted; });
    return found == delegated.end() ? nullptr : &*found;
}

bool Principal::sitsAt(std::string_view desk, std::int64_t of) const noexcept {
    return std::any_of(desks.begin(), desks.end(), [&](const Seat& seat) {
        return seat.name == desk && (of == 0 || seat.organisation == of);
    });
}

bool Principal::isStaff() const noexcept {
    return std::any_of(roles.begin(), roles.end(),
                       [](const std::string& held) { return role::isStaff(held); }) ||
           !delegated.empty();
}

std::string_view Principal::kindName() const noexcept {
    switch (kind) {
    case Kind::person:
        return "person";
    case Kind::token:
        return "token";
    case Kind::anonymous:
        break;
    }
    return "anonymous";
}

Value Principal::toValue() const {
    return Value::map([this](MapWriter& m) {
        m.set("kind", kindName())
            .set("user", user)
            .set("name", name)
            .set("organisation", organisation)
            .set("organisationName", organisationName)
            .list("roles",
                  [this](ListWriter& list) {
                      for (const std::string& held : roles)
                          list.add(held);
                      for (const DelegatedRole& given : delegated)
                          list.add(given.role);
                  })
            .set("token", token)
            .set("tokenScope", tokenScope);
        if (!delegated.empty())
            m.list("delegated", [this](ListWriter& list) {
                for (const DelegatedRole& given : delegated)
                    list.map([&](MapWriter& one) {
                        one.set("role", given.role)
                            .set("giver", given.giver)
                            .set("giverName", given.giverName)
                            .set("until", given.until);
                    });
            });
        if (!desks.empty())
            m.list("desks", [this](ListWriter& list) {
                for (const Seat& seat : desks)
                    list.map([&](MapWriter& one) {
                        one.set("desk", seat.desk)
                            .set("organisation", seat.organisation)
                            .set("name", seat.name);
                    });
            });
    });
}

Principal Principal::fromValue(ValueView value) {
    Principal p;
    const std::string_view kind = value["kind"].text();
    p.kind = kind == "person" ? Kind::person : kind == "token" ? Kind::token : Kind::anonymous;
    p.user = value["user"].integer().value_or(0);
    p.name = value["name"].text();
    p.organisation = value["organisation"].integer().value_or(0);
    p.organisationName = value["organisationName"].text();
    for (const ValueView given : value["delegated"])
        p.delegated.push_back({given["role"].asText(), given["giver"].integer().value_or(0),
                               given["giverName"].asText(), given["until"].integer().value_or(0)});
    for (const ValueView held : value["roles"])
        if (p.onBehalf(held.text()) == nullptr) p.roles.emplace_back(held.text());
    for (const ValueView seat : value["desks"])
        p.desks.push_back({seat["desk"].integer().value_or(0), seat["organisation"].integer().value_or(0),
                           seat["name"].asText()});
    p.token = value["token"].integer().value_or(0);
    p.tokenScope = value["tokenScope"].text();
    return p;
}

} // namespace dalate::identity
