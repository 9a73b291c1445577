// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/response.hpp>

namespace dalate::traceability {

/// A cooperative's book of records to its own system.
class RecordApi {
public:
    /// GET /api/records: the declared list `records` under the same query as its page (kind, state, day_from, day_to,
    /// summary, sort, after, before). {rows: [{key, cells}], previous, next}: the last two are queries, where there are
    /// such pages. 400 for a query that the list does not have.
    static Response list(Request& request);
};

} // namespace dalate::traceability
