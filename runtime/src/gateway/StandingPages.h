// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/CorePage.h"
#include "gateway/Pages.h"

namespace dalate::gateway {

/// The pages that are there whatever plugins are loaded: home, preferences, accessibility, privacy,
/// developers.
class StandingPages {
public:
    StandingPages(const GatewayConfig& config, const Pages& pages) : config_(config), pages_(pages) {}
    void addTo(CorePages& pages);

private:
    void home(Visit& visit) const;
    void preferences(Visit& visit) const;
    void developers(Visit& visit) const;

    const GatewayConfig& config_;
    const Pages& pages_;
};

} // namespace dalate::gateway
