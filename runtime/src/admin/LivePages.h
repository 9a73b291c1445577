// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Gateway.h"

namespace dalate::services::live {
class Topics;
}

namespace dalate::admin {

/// GET /live?topic=…&topic=…: the stream of a page that is open (text/event-stream) for whoever is signed in;
/// 404 where she may see none of its topics, so that the browser does not ask again. No worker waits for it.
class LivePages {
public:
    /// `topics` outlives this.
    explicit LivePages(services::live::Topics& topics) : topics_(topics) {}
    void addTo(gateway::Gateway& gateway);

private:
    void open(gateway::Visit& visit) const;

    services::live::Topics& topics_;
};

} // namespace dalate::admin
