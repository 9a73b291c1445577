// SPDX-License-Identifier: Apache-2.0
#include "admin/LivePages.h"

#include "base/Result.h"
#include "gateway/Headers.h"
#include "services/live/Topics.h"

namespace dalate::admin {

void LivePages::addTo(gateway::Gateway& gateway) {
    gateway.add({"GET", "/live", std::string(gateway::CorePage::anybodySignedIn),
                 [this](gateway::Visit& visit) { open(visit); }});
}

void LivePages::open(gateway::Visit& visit) const {
    std::vector<std::string> asked;
    for (const auto& [name, values] : visit.query)
        if (name == "topic") asked = values;
    const std::vector<std::string> topics = topics_.allowed(visit.who.principal, asked);
    if (topics.empty()) throw Error(404, "core.request.unknown");
    http::Response& response = visit.response;
    gateway::setSecurityHeaders(response, visit.who);
    response.status(200);
    response.set("Content-Type", "text/event-stream; charset=utf-8");
    response.set("Cache-Control", "no-store");
    // A proxy that gathers answers would hold every event back.
    response.set("X-Accel-Buffering", "no");
    if (visit.who.method == "HEAD") return;
    topics_.subscribe(visit.who.principal, topics, response.openStream());
}

} // namespace dalate::admin
