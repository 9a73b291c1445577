// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/CountyForm.h"
#include "gateway/Gateway.h"
#include "services/rules/CountyCalendar.h"
#include "storage/Pool.h"

namespace dalate::admin {

/// /admin/holidays: the working days of a year as terms are counted by them, the State Council's and the
/// county's own. Operator and bureau administrators settle a day to come; each act is audited.
class HolidayPages {
public:
    /// The references outlive this.
    HolidayPages(storage::Pool& pool, services::rules::CountyCalendar& calendar, const gateway::Pages& pages)
        : pool_(pool), calendar_(calendar), pages_(pages) {}

    void addTo(gateway::Gateway& gateway);

private:
    void show(gateway::Visit& visit) const;
    void take(gateway::Visit& visit) const;
    void withdraw(gateway::Visit& visit) const;
    CountyForm form(const gateway::Visitor& who) const;

    storage::Pool& pool_;
    services::rules::CountyCalendar& calendar_;
    const gateway::Pages& pages_;
};

} // namespace dalate::admin
