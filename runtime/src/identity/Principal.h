// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

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
/// Settles the county's working days.
inline constexpr std::string_view calendarKeeper = "calendar_keeper";

/// A role of somebody who works for the county: every one but `citizen`, `farmer` and `cooperative`.
constexpr bool isStaff(std::string_view name) noexcept {
    return name != citizen && name != "farmer" && name != "cooperative";
}
} // namespace role

/// A place at a desk (窗口); see `Desks`.
struct Seat {
    std::int64_t desk = 0;
    std::int64_t organisation = 0;
    /// The desk's name, as declarations say it: `intake`.
    std::string name;

    friend bool operator==(const Seat&, const Seat&) = default;
};

/// A role that somebody else has given for a term; see `Delegations`.
struct DelegatedRole {
    std::string role;
    std::int64_t giver = 0;
    std::string giverName;
    Micros until = 0;

    friend bool operator==(const DelegatedRole&, const DelegatedRole&) = default;
};

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
    /// The person's own roles.
    std::vector<std::string> roles;
    /// Roles that others have given, in force when the principal was read; never one of `roles`.
    std::vector<DelegatedRole> delegated;
    std::vector<Seat> desks;
    /// Machine tokens only: its id, the one plugin it belongs to, and its scope within that plugin.
    std::int64_t token = 0;
    std::string tokenPlugin;
    std::string tokenScope;

    bool isAnonymous() const noexcept { return kind == Kind::anonymous; }
    bool isPerson() const noexcept { return kind == Kind::person; }
    bool isToken() const noexcept { return kind == Kind::token; }
    /// Her own or given by others.
    bool hasRole(std::string_view name) const noexcept;
    bool hasOwnRole(std::string_view name) const noexcept;
    /// In whose place she acts when she uses a role that she does not hold herself (代…办理); null: in her
    /// own.
    const DelegatedRole* onBehalf(std::string_view role) const noexcept;
    /// Whether she sits at a desk of this name, in any organisation or (not 0) in one.
    bool sitsAt(std::string_view desk, std::int64_t organisation = 0) const noexcept;
    /// Somebody with a role of staff, her own or given.
    bool isStaff() const noexcept;

    /// The form plugins see: {kind, user, name, organisation, organisationName, roles[] (delegated ones too),
    /// token, tokenScope, delegated[{role, giver, giverName, until}], desks[{desk, organisation, name}]}; the
    /// last two only where there are any.
    Value toValue() const;
    /// The reverse of `toValue` (tokenPlugin apart); missing members read as empty.
    static Principal fromValue(ValueView value);
    /// `anonymous`, `person`, `token`.
    std::string_view kindName() const noexcept;
};

} // namespace dalate::identity
