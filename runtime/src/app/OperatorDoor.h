// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Gateway.h"
#include "http/Front.h"
#include "plugin/Lifecycle.h"

namespace dalate::app {

/// What answers on the operator's address: `/metrics` (Prometheus text) and `/healthz`; nothing of the portal, so it
/// needs no session and may stand on a machine's management network.
class OperatorDoor : public http::Handler {
public:
    /// References outlive the front that this handles.
    OperatorDoor(const gateway::Gateway& gateway, const plugin::Lifecycle& lifecycle) noexcept
        : gateway_(gateway), lifecycle_(lifecycle) {}

    /// The portal's front, whose counters are shown; before this door opens.
    void watch(const http::Front& portal) noexcept { portal_ = &portal; }

    void handle(http::Request& request, http::Response& response) override;

private:
    const gateway::Gateway& gateway_;
    const plugin::Lifecycle& lifecycle_;
    const http::Front* portal_ = nullptr;
};

} // namespace dalate::app
