// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/CaseVisit.h"
#include "gateway/Gateway.h"

namespace dalate::desk {

/// /cases/{plugin}/{machine}: the cases of a machine that the visitor may see, newest change first, by state
/// and words, page behind page by a key in the URL. /todo: what waits for her, at her desks and in her roles,
/// and what she applied for.
class ListPages {
public:
    explicit ListPages(const DeskParts& parts) : parts_(parts) {}
    void addTo(gateway::Gateway& gateway);

    static constexpr std::int64_t perPage = 50;

private:
    void list(gateway::Visit& visit) const;
    void todo(gateway::Visit& visit) const;

    const DeskParts& parts_;
};

} // namespace dalate::desk
