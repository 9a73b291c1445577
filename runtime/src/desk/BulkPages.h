// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/ListVisit.h"
#include "gateway/Gateway.h"

namespace dalate::desk {

/// /lists/{plugin}/{list}/bulk: an act on the rows that were ticked. First the rows are shown once more, read
/// anew and only as far as the reader sees; once confirmed, each is done in a transaction of its own, and a
/// report says of each what came of it. A case that has moved since it was shown is left as it is.
class BulkPages {
public:
    explicit BulkPages(const ListParts& parts) : parts_(parts) {}
    void addTo(gateway::Gateway& gateway);

    static constexpr std::size_t mostRows = 200;

private:
    struct Row {
        std::int64_t key = 0;
        std::int64_t caseId = 0;
        /// Of the case as it was shown; 0: none.
        std::int64_t version = 0;
    };
    void take(gateway::Visit& visit) const;
    void confirm(ListVisit& page, const services::lists::BulkAct& act, const std::vector<Row>& rows) const;
    void perform(ListVisit& page, const services::lists::BulkAct& act, const std::vector<Row>& rows) const;
    /// What came of one row: empty when all is well.
    std::string one(ListVisit& page, const services::lists::BulkAct& act, const Row& row,
                    std::string& name) const;

    const ListParts& parts_;
};

} // namespace dalate::desk
