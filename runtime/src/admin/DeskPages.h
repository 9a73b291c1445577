// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/CountyForm.h"
#include "gateway/Gateway.h"
#include "identity/Desks.h"
#include "storage/Pool.h"

namespace dalate::admin {

/// /admin/desks: a bureau's desks and who sits at each. The bureau's administrator sets desks up and gives
/// and takes seats; each act is audited.
class DeskPages {
public:
    /// The references outlive this.
    DeskPages(storage::Pool& pool, const gateway::Pages& pages) : pool_(pool), pages_(pages) {}

    void addTo(gateway::Gateway& gateway);

private:
    void show(gateway::Visit& visit) const;
    CountyForm newDesk(const gateway::Visitor& who) const;
    void takeDesk(gateway::Visit& visit) const;
    CountyForm newMember(const gateway::Visit& visit) const;
    void takeMember(gateway::Visit& visit) const;
    void remove(gateway::Visit& visit) const;

    storage::Pool& pool_;
    const gateway::Pages& pages_;
};

} // namespace dalate::admin
