// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/CaseVisit.h"
#include "gateway/Gateway.h"

namespace dalate::desk {

/// One case to whoever may see it: /cases/{plugin}/{machine}/{id} with what it is, where it stands and what
/// she may do now, its /history, its /print, and the posts of a comment and of a file. /cases/{id} leads
/// there: a notice knows no more.
class CasePages {
public:
    explicit CasePages(const DeskParts& parts) : parts_(parts) {}
    void addTo(gateway::Gateway& gateway);

private:
    void lead(gateway::Visit& visit) const;
    void show(gateway::Visit& visit) const;
    void history(gateway::Visit& visit) const;
    void print(gateway::Visit& visit) const;
    void comment(gateway::Visit& visit) const;
    void attach(gateway::Visit& visit) const;

    const DeskParts& parts_;
};

} // namespace dalate::desk
