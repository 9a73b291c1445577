// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity/Permissions.h"
#include "identity/Principal.h"

#include <string_view>

namespace dalate::gateway {

/// What a route asks of its caller, from the manifest.
struct AccessRule {
    enum class Kind { everyone, session, permission };
    Kind kind = Kind::permission;
    /// Of `Kind::permission`.
    std::string_view permission;
    /// The token scope that may use the route; empty: no token may.
    std::string_view tokenScope;
    /// The plugin that the route belongs to.
    std::string_view plugin;
};

/// What becomes of a request before its plugin hears of it (architecture.md §3, refusals).
enum class Verdict {
    pass,
    /// Nobody is signed in: a page leads to sign-in, an API says 401.
    signIn,
    /// To this caller the route does not exist: 404, whether for lack of a right or because the plugin is
    /// off.
    hidden
};

/// Decides by activation first, then by access. Nothing but what the route declares is ever passed: a token
/// reaches only routes that name its scope, a permission that no active plugin declares is held by nobody.
Verdict decideAccess(const AccessRule& rule, const identity::Principal& principal, bool active,
                     const identity::Permissions& permissions) noexcept;

} // namespace dalate::gateway
