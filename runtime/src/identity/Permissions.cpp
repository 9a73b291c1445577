// SPDX-License-Identifier: Apache-2.0
#include "identity/Permissions.h"

#include <algorithm>

namespace dalate::identity {

Permissions::Permissions(std::vector<Permission> all) : all_(std::move(all)) {
    std::sort(all_.begin(), all_.end(), [](const Permission& a, const Permission& b) { return a.id < b.id; });
}

const Permission* Permissions::find(std::string_view permission) const noexcept {
    const auto at = std::lower_bound(all_.begin(), all_.end(), permission,
                                     [](const Permission& p, std::string_view id) { return p.id < id; });
    return at != all_.end() && at->id == permission ? &*at : nullptr;
}

bool Permissions::holds(const Principal& principal, std::string_view permission) const noexcept {
    const Permission* declared = find(permission);
    if (declared == nullptr) return false;
    if (principal.isToken()) {
        const std::string& plugin = principal.tokenPlugin;
        const bool ownPlugin = !plugin.empty() && declared->id.size() > plugin.size() &&
                               declared->id.compare(0, plugin.size(), plugin) == 0 &&
                               declared->id[plugin.size()] == '.';
        const auto& scopes = declared->tokenScopes;
        return ownPlugin && std::find(scopes.begin(), scopes.end(), principal.tokenScope) != scopes.end();
    }
    if (!principal.isPerson()) return false;
    return std::any_of(declared->roles.begin(), declared->roles.end(),
                       [&](const std::string& granted) { return principal.hasRole(granted); });
}

} // namespace dalate::identity
