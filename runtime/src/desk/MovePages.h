// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/CaseVisit.h"
#include "gateway/Gateway.h"
#include "services/forms/Answers.h"

namespace dalate::desk {

/// /cases/{plugin}/{machine}/{id}/move/{transition}: what a step asks for, and the step itself. Where
/// somebody else was first, the page comes back with 409, what has changed, and what was typed.
class MovePages {
public:
    explicit MovePages(const DeskParts& parts) : parts_(parts) {}
    void addTo(gateway::Gateway& gateway);

private:
    /// What the page shows beside the case and the step.
    struct Showing {
        ValueView raw;
        std::string reason;
        const services::forms::Faults* faults = nullptr;
        /// Of the whole step: what a guard said.
        std::string refusal;
        std::string wrongReason;
        /// Of 409 `core.case.version`.
        ValueView difference;
        /// Whether the step can still be taken.
        bool open = true;
        int status = 200;
    };
    void show(gateway::Visit& visit) const;
    std::vector<std::string> fileFields(gateway::Visit& visit) const;
    void take(gateway::Visit& visit) const;
    void send(CaseVisit& page, const services::cases::Case& subject, const services::cases::Transition& step,
              const Showing& showing) const;
    void writeDifference(MapWriter& m, CaseVisit& page, const services::cases::Case& subject,
                         ValueView difference) const;

    const DeskParts& parts_;
};

} // namespace dalate::desk
