// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Accept.h"
#include "gateway/Cookies.h"
#include "host/CallRequest.h"
#include "http/Message.h"
#include "identity/Activations.h"
#include "identity/Principal.h"
#include "services/files/Upload.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dalate::gateway {

/// Everything about who asks that an answer depends on. A value: an answer that is made later, on another
/// thread, takes a copy, because request and response are gone from the worker's hands by then.
struct Visitor {
    /// Names the request in logs, on pages and to the person who calls the hotline: 13 letters and digits.
    std::string requestId;
    std::string method;
    /// `https://host[:port]` as the client sees us.
    std::string origin;
    /// Path and query of a page to come back to: of this request when it is safe, else of the page it came
    /// from.
    std::string place;
    std::string clientIp;
    std::string language;
    bool elder = false;
    CookieWay way = CookieWay::tls;
    Taste taste = Taste::unsaid;

    /// Whether a bearer token came, good or not: then no cookie was looked at.
    bool bearer = false;
    identity::Principal principal;
    /// The session cookie's value when it names a session that holds; never logged.
    std::string sessionId;
    /// A session cookie came that names nothing: the answer clears it.
    bool staleSession = false;
    /// The session's secret, or the form cookie's; empty for neither.
    std::string formSecret;
    identity::ActivePlugins active{{}};
    /// How many of her notices a person has not read.
    std::int64_t unread = 0;

    /// JSON problems instead of pages: for machines, and for whoever says so.
    bool wantsProblem() const noexcept { return bearer || taste == Taste::json; }
    /// Whom a limit counts: the token or the person where there is one, else the address.
    std::string counted() const;
};

/// One request on its way through the gateway, used by one thread.
struct Visit {
    http::Request& request;
    http::Response& response;
    Visitor who;
    host::Fields query;
    /// Of an urlencoded or multipart body, without the field `csrf`.
    host::Fields form;
    /// The files of a multipart body, once they have been looked at and stored.
    services::files::Uploads uploads;
    /// Path parameters of a core page.
    std::vector<std::pair<std::string, std::string>> params;
    /// What the request is counted under: `core`, `static`, or a plugin's id.
    std::string routeClass = "core";
    /// The answer will be given later by a ticket: neither request nor response may be touched.
    bool deferred = false;
};

/// Fills in what needs no database: id, address, language, preferences. Throws `core.request.host` (400) for
/// a host that is no plain name; everything but origin and place is then filled in, enough to say so.
void readVisitor(const http::Request& request, Visitor& who);

} // namespace dalate::gateway
