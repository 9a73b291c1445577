// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Access.h"
#include "host/CallRequest.h"
#include "plugin/Manifest.h"

#include <string_view>

namespace dalate::gateway {

/// What a route asks of its caller. Borrows the manifest's texts.
inline AccessRule ruleOf(const plugin::Route& route, std::string_view plugin) noexcept {
    AccessRule rule;
    rule.kind = route.access == plugin::Access::open      ? AccessRule::Kind::everyone
                : route.access == plugin::Access::session ? AccessRule::Kind::session
                                                          : AccessRule::Kind::permission;
    rule.permission = route.permission;
    rule.tokenScope = route.token;
    rule.plugin = plugin;
    return rule;
}

/// Throws `core.query.unknown` or `core.query.repeated` (400, details: name) for parameters that the route
/// does not take: what a handler never sees cannot be smuggled past it.
void checkQuery(const host::Fields& query, const plugin::QueryRule& rule);

/// Whether anybody may post something to this plugin without signing in; then its public pages carry a form
/// cookie.
bool takesPublicForms(const plugin::Manifest& manifest) noexcept;

} // namespace dalate::gateway
