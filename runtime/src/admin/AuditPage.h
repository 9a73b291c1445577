// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Gateway.h"

namespace dalate::admin {

/// The auditor's page `/audit`: the latest hundred acts, or those on one object.
class AuditPage {
public:
    AuditPage(storage::Pool& pool, const gateway::Pages& pages, int utcOffsetMinutes)
        : pool_(pool), pages_(pages), utcOffset_(utcOffsetMinutes) {}
    void addTo(gateway::Gateway& gateway);

private:
    void show(gateway::Visit& visit) const;

    storage::Pool& pool_;
    const gateway::Pages& pages_;
    int utcOffset_;
};

} // namespace dalate::admin
