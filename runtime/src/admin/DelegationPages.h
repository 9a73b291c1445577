// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/CountyForm.h"
#include "gateway/Gateway.h"
#include "identity/Delegations.h"
#include "storage/Pool.h"

namespace dalate::admin {

/// /account/delegations: what a member of staff has given to colleagues and has from them, by role and term
/// (委托代办). She gives her own roles and ends what she gave; each act is audited.
class DelegationPages {
public:
    /// The references outlive this.
    DelegationPages(storage::Pool& pool, const gateway::Pages& pages) : pool_(pool), pages_(pages) {}

    void addTo(gateway::Gateway& gateway);

private:
    void show(gateway::Visit& visit) const;
    CountyForm form(const gateway::Visitor& who) const;
    void take(gateway::Visit& visit) const;
    void end(gateway::Visit& visit) const;

    storage::Pool& pool_;
    const gateway::Pages& pages_;
};

} // namespace dalate::admin
