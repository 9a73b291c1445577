// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/CasePages.h"
#include "desk/ListPages.h"
#include "desk/MovePages.h"
#include "desk/OpenPages.h"

namespace dalate::desk {

/// The host's own pages of every machine that a plugin declares. To whoever may not see a case, or whose
/// bureau has the plugin off, none of them exists. Made once at start; used from any thread.
class CaseDesk {
public:
    explicit CaseDesk(DeskParts parts)
        : parts_(parts), list_(parts_), open_(parts_), move_(parts_), case_(parts_) {}
    CaseDesk(const CaseDesk&) = delete;
    CaseDesk& operator=(const CaseDesk&) = delete;

    void addTo(gateway::Gateway& gateway) {
        list_.addTo(gateway);
        open_.addTo(gateway);
        move_.addTo(gateway);
        case_.addTo(gateway);
    }

private:
    DeskParts parts_;
    ListPages list_;
    OpenPages open_;
    MovePages move_;
    CasePages case_;
};

} // namespace dalate::desk
