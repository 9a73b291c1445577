// SPDX-License-Identifier: Apache-2.0
// A sorted list of what every active plugin declares: permission, the roles that hold it, and the token
// scopes whose routes ask for it. Built anew whenever a plugin comes or goes; a request reads one snapshot
// throughout.
#pragma once

#include "identity/Principal.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dalate::identity {

/// One permission as a manifest declares it.
struct Permission {
    /// Begins with the plugin's id: `traceability.event.read`.
    std::string id;
    /// `read` or `write`.
    std::string kind;
    /// How far it reaches in the plugin's scoped tables: `self`, `organisation`, `county` …
    std::string scope;
    std::vector<std::string> roles;
    /// Token scopes of the same plugin that carry it: those of the routes that declare both.
    std::vector<std::string> tokenScopes;
};

/// Immutable after construction, so any thread reads it without a lock.
class Permissions {
public:
    Permissions() = default;
    explicit Permissions(std::vector<Permission> all);

    /// Deny by default: an unknown permission is held by nobody, and nobody holds all. A token holds only
    /// permissions of its own plugin.
    bool holds(const Principal& principal, std::string_view permission) const noexcept;
    /// The declaration, or null.
    const Permission* find(std::string_view permission) const noexcept;
    const std::vector<Permission>& all() const noexcept { return all_; }

private:
    std::vector<Permission> all_;
};

} // namespace dalate::identity
