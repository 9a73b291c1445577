// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/value.hpp>

#include <string_view>

namespace dalate {

/// Who makes the call. A look at the host's own record: borrowed, valid as long as the call. What the caller
/// may do is asked with `Call::can` and `Call::require`, never by comparing roles.
class Principal {
public:
    explicit Principal(ValueView record) noexcept : record_(record) {}

    /// Nobody is signed in.
    bool isAnonymous() const noexcept { return kind() == "anonymous"; }
    /// A signed-in person.
    bool isPerson() const noexcept { return kind() == "person"; }
    /// A machine that came with a bearer token.
    bool isToken() const noexcept { return kind() == "token"; }

    std::string_view kind() const noexcept {
        return record_["kind"].isText() ? record_["kind"].text() : "anonymous";
    }
    /// 0 where nobody is signed in.
    std::int64_t user() const noexcept { return record_["user"].integer().value_or(0); }
    std::string_view name() const noexcept { return record_["name"].text(); }
    /// The caller's organisation; 0 where there is none.
    std::int64_t organisation() const noexcept { return record_["organisation"].integer().value_or(0); }
    std::string_view organisationName() const noexcept { return record_["organisationName"].text(); }
    /// For showing and for choosing a view; not for deciding what is allowed.
    bool hasRole(std::string_view role) const noexcept {
        for (const ValueView r : record_["roles"])
            if (r.text() == role) return true;
        return false;
    }
    ValueView record() const noexcept { return record_; }

private:
    ValueView record_;
};

} // namespace dalate
