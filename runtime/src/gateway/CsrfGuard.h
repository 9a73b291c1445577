// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace dalate::gateway {

/// What a request says about where it comes from.
struct FormOrigin {
    std::string_view method;
    std::optional<std::string_view> secFetchSite;
    std::optional<std::string_view> origin;
    /// Scheme and authority of this site as the client sees them.
    std::string_view ownOrigin;
    /// The secret of the session, or of the form cookie of somebody who is not signed in; empty: neither.
    std::string_view secret;
    /// The token from the field `csrf` or the header `X-CSRF-Token`; empty: none.
    std::string_view token;
};

/// GET, HEAD and OPTIONS change nothing.
bool isSafeMethod(std::string_view method) noexcept;

/// Whether a request with a cookie may change something: the browser does not say that another site sent it
/// (Sec-Fetch-Site, Origin), and it carries the secret's token. All must agree; safe methods always pass.
bool mayChange(const FormOrigin& origin) noexcept;

} // namespace dalate::gateway
