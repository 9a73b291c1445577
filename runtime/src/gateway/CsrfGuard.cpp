// SPDX-License-Identifier: Apache-2.0
#include "gateway/CsrfGuard.h"

#include "http/RequestHead.h"
#include "identity/Csrf.h"

namespace dalate::gateway {

bool isSafeMethod(std::string_view method) noexcept {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

bool mayChange(const FormOrigin& origin) noexcept {
    if (isSafeMethod(origin.method)) return true;
    // `none` is a person's own act (an address typed, a bookmark): it cannot be a POST, but costs nothing to
    // allow.
    if (origin.secFetchSite && *origin.secFetchSite != "same-origin" && *origin.secFetchSite != "none")
        return false;
    if (origin.origin && !http::equalsIgnoringCase(*origin.origin, origin.ownOrigin)) return false;
    return !origin.secret.empty() && identity::Csrf::matches(origin.secret, origin.token);
}

} // namespace dalate::gateway
