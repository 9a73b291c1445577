// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Gateway.h"

namespace dalate::admin {

/// The bureau administrator's page `/bureau/plugins`: switches her bureau's plugins on and off for citizens.
/// The switch is a row; the next request reads it.
class BureauPages {
public:
    BureauPages(storage::Pool& pool, const plugin::Current& plugins, const gateway::Pages& pages,
                int utcOffsetMinutes);
    void addTo(gateway::Gateway& gateway);

private:
    void show(gateway::Visit& visit) const;
    void flip(gateway::Visit& visit, identity::Activations::Switch to) const;

    storage::Pool& pool_;
    const plugin::Current& plugins_;
    const gateway::Pages& pages_;
    int utcOffset_;
};

} // namespace dalate::admin
