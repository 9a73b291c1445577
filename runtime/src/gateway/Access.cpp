// SPDX-License-Identifier: Apache-2.0
#include "gateway/Access.h"

namespace dalate::gateway {

Verdict decideAccess(const AccessRule& rule, const identity::Principal& principal, bool active,
                     const identity::Permissions& permissions) noexcept {
    if (!active) return Verdict::hidden;
    if (principal.isToken()) {
        const bool named = !rule.tokenScope.empty() && principal.tokenScope == rule.tokenScope &&
                           principal.tokenPlugin == rule.plugin;
        if (!named) return Verdict::hidden;
        if (rule.kind != AccessRule::Kind::permission) return Verdict::pass;
        return permissions.holds(principal, rule.permission) ? Verdict::pass : Verdict::hidden;
    }
    if (rule.kind == AccessRule::Kind::everyone) return Verdict::pass;
    if (principal.isAnonymous()) return Verdict::signIn;
    if (rule.kind == AccessRule::Kind::session) return Verdict::pass;
    return permissions.holds(principal, rule.permission) ? Verdict::pass : Verdict::hidden;
}

} // namespace dalate::gateway
