// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::identity {

/// Roles that the core itself asks for; plugins grant their permissions to any role by name.
namespace role {
inline constexpr std::string_view citizen = "citizen";
inline constexpr std::string_view bureauAdmin = "bureau_admin";
inline constexpr std::string_view operatorRole = "operator";
inline constexpr std::string_view auditor = "auditor";
} // namespace role

/// Whoever a request, a job or a command acts for. A plain value: copied into jobs and audit rows.
struct Principal {
    enum class Kind { anonymous, person, token };

    Kind kind = Kind::anonymous;
    /// The account's id of a person; 0 otherwise.
    std::int64_t user = 0;
    /// The name shown on pages: of the person, or of the token.
    std::string name;
    /// The organisation acted for; 0 for none.
    std::int64_t organisation = 0;
    std::string organisationName;
    std::vector<std::string> roles;
    /// Machine tokens only: its id, the one plugin it belongs to, and its scope within that plugin.
    std::int64_t token = 0;
    std::string tokenPlugin;
    std::string tokenScope;

    bool isAnonymous() const noexcept { return kind == Kind::anonymous; }
    bool isPerson() const noexcept { return kind == Kind::person; }
    bool isToken() const noexcept { return kind == Kind::token; }
    bool hasRole(std::string_view name) const noexcept;
    /// Somebody who works for the county: every role but `citizen`, `farmer` and `cooperative` makes one.
    bool isStaff() const noexcept;

    /// The form plugins see: {kind, user, name, organisation, organisationName, roles[], token, tokenScope}.
    Value toValue() const;
    /// The reverse of `toValue` (tokenPlugin apart); missing members read as empty.
    static Principal fromValue(ValueView value);
    /// `anonymous`, `person`, `token`.
    std::string_view kindName() const noexcept;
};

} // namespace dalate::identity
