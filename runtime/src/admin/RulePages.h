// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/CountyForm.h"
#include "gateway/Gateway.h"
#include "plugin/Snapshot.h"
#include "services/Declared.h"
#include "services/rules/RuleBook.h"
#include "storage/Pool.h"

namespace dalate::admin {

/// /admin/rules: the rules of a bureau's own plugins with all their dated values and sources. The bureau's
/// administrator adds a value from a day to come, and takes one back that is not in force yet; each is
/// audited. The past has no button.
class RulePages {
public:
    /// The references outlive this.
    RulePages(storage::Pool& pool, const plugin::Current& plugins, const services::Declarations& declarations,
              services::rules::CountyRules& county, const gateway::Pages& pages);

    void addTo(gateway::Gateway& gateway);

private:
    struct Place;
    void show(gateway::Visit& visit) const;
    void writeRule(MapWriter& m, const services::rules::RuleBook& book, const services::rules::Rule& rule,
                   const std::vector<services::rules::CountyRules::Row>& rows,
                   const gateway::Visitor& who) const;
    void ask(gateway::Visit& visit) const;
    void take(gateway::Visit& visit) const;
    void withdraw(gateway::Visit& visit) const;
    Place placeOf(const gateway::Visit& visit) const;
    CountyForm formOf(const Place& place, const gateway::Visitor& who) const;
    std::string nameOf(const services::rules::Rule& rule, const gateway::Visitor& who) const;
    std::string shown(const services::rules::Rule& rule, ValueView value, const gateway::Visitor& who) const;

    storage::Pool& pool_;
    const plugin::Current& plugins_;
    const services::Declarations& declarations_;
    services::rules::CountyRules& county_;
    const gateway::Pages& pages_;
};

} // namespace dalate::admin
