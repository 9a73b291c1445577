// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Query.h"
#include "log/Identifiers.h"

#include <dalate/db.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dalate::traceability {

/// One page of a query's answer, in the order in which the events were recorded.
struct QueryPage {
    std::vector<std::string> events; ///< JSON
    std::optional<epcis::Cursor> next; ///< where the next page begins; nothing on the last
};

/// Answers a SimpleEventQuery. The statement is put together from fixed pieces; every value is bound. `organisation`
/// limits it to one organisation's events.
QueryPage answer(Tx& tx, Identifiers& identifiers, const epcis::Query& query, std::optional<std::int64_t> organisation);

} // namespace dalate::traceability
