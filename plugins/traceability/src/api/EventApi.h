// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Vocabulary.h"

#include <dalate/response.hpp>

namespace dalate::traceability {

/// The query interface of EPCIS 2.0 (事件查询接口). A cooperative sees its own events; who holds
/// `traceability.event.read_all` sees the county's.
class EventApi {
public:
    /// GET /epcis/events: a SimpleEventQuery, answered page by page.
    static Response query(Request& request, const epcis::Vocabulary& vocabulary);

    /// GET /epcis/events/{event}: one event as it was sent.
    static Response event(Request& request);
};

} // namespace dalate::traceability
