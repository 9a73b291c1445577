// SPDX-License-Identifier: Apache-2.0
#include "identity/Principal.h"

#include <algorithm>

namespace dalate::identity {

bool Principal::hasRole(std::string_view wanted) const noexcept {
    return std::find(roles.begin(), roles.end(), wanted) != roles.end();
}

bool Principal::isStaff() const noexcept {
    return std::any_of(roles.begin(), roles.end(), [](const std::string& held) {
        return held != role::citizen && held != "farmer" && held != "cooperative";
    });
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
                  })
            .set("token", token)
            .set("tokenScope", tokenScope);
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
    for (const ValueView held : value["roles"])
        p.roles.emplace_back(held.text());
    p.token = value["token"].integer().value_or(0);
    p.tokenScope = value["tokenScope"].text();
    return p;
}

} // namespace dalate::identity
