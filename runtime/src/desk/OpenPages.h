// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/CaseVisit.h"
#include "gateway/Gateway.h"
#include "services/forms/FormFlow.h"

namespace dalate::desk {

/// /cases/{plugin}/{machine}/open: the machine's form, page by page, and its end: the case with its number.
class OpenPages {
public:
    explicit OpenPages(const DeskParts& parts) : parts_(parts) {}
    void addTo(gateway::Gateway& gateway);

private:
    void show(gateway::Visit& visit) const;
    std::vector<std::string> fileFields(gateway::Visit& visit) const;
    void take(gateway::Visit& visit) const;
    void done(gateway::Visit& visit) const;
    Value prefilled(CaseVisit& page) const;
    void accept(CaseVisit& page, storage::Tx& tx, ValueView answers, class CaseFiles& files) const;
    /// Ends the transaction and answers with the case that the form has opened.
    void confirm(CaseVisit& page, storage::Tx& tx, const services::cases::Case& opened) const;
    Value confirmation(CaseVisit& page, storage::Tx& tx, const services::cases::Case& subject) const;

    const DeskParts& parts_;
};

} // namespace dalate::desk
