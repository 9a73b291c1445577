// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Access.h"
#include "gateway/Pages.h"
#include "gateway/RateLimit.h"
#include "gateway/Refusals.h"
#include "host/CallRequest.h"
#include "host/Reply.h"
#include "plugin/RouteTable.h"

namespace dalate::gateway {

/// Hands a request to the plugin that its path leads to, once everything the manifest asks has been found in
/// order.
class PluginDesk {
public:
    PluginDesk(const GatewayParts& parts, const Pages& pages, const Refusals& refusals)
        : parts_(parts), pages_(pages), refusals_(refusals) {}

    /// What the manifest and the bureau's switch say about this caller.
    Verdict judge(const plugin::Match& match, const Visitor& who) const;

    /// Answers a match that `judge` has passed. Query and form must have been read, the CSRF token checked.
    void serve(Visit& visit, const plugin::Match& match);

    /// Takes one from the caller's bucket of this route; answers 429 and false when it is empty.
    bool withinRate(Visit& visit, const plugin::Match& match);

    /// Throws `core.body.type` (415) for a body of a type that the route does not take, `core.body.size`
    /// (413).
    static void checkBody(const http::Request& request, const plugin::Route& route);

private:
    host::Reply call(Visit& visit, const plugin::Match& match) const;
    void sendReply(Visit& visit, const plugin::Match& match, host::Reply reply) const;
    void sendBytes(Visit& visit, host::Reply reply) const;

    const GatewayParts& parts_;
    const Pages& pages_;
    const Refusals& refusals_;
    RateLimit rates_;
};

} // namespace dalate::gateway
