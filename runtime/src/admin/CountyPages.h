// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/DelegationPages.h"
#include "admin/DeskPages.h"
#include "admin/HolidayPages.h"
#include "admin/RulePages.h"

namespace dalate::admin {

/// The pages on which the county settles what is its own: rules, working days, desks, delegations.
class CountyPages {
public:
    /// The references outlive this.
    CountyPages(storage::Pool& pool, const plugin::Current& plugins,
                const services::Declarations& declarations, services::rules::CountyRules& rules,
                services::rules::CountyCalendar& calendar, const gateway::Pages& pages)
        : rules_(pool, plugins, declarations, rules, pages), holidays_(pool, calendar, pages),
          desks_(pool, pages), delegations_(pool, pages) {}

    void addTo(gateway::Gateway& gateway) {
        rules_.addTo(gateway);
        holidays_.addTo(gateway);
        desks_.addTo(gateway);
        delegations_.addTo(gateway);
    }

private:
    RulePages rules_;
    HolidayPages holidays_;
    DeskPages desks_;
    DelegationPages delegations_;
};

} // namespace dalate::admin
