// SPDX-License-Identifier: Apache-2.0
#include "api/RecordApi.h"

#include <dalate/lists.hpp>

namespace dalate::traceability {

Response RecordApi::list(Request& request) {
    const lists::Rows page = lists::List(request, "records").rows(request.queries(), 100);
    return Response::json(Value::map([&](MapWriter& m) {
        m.set("rows", page.rows());
        if (!page.previous().empty()) m.set("previous", page.previous());
        if (!page.next().empty()) m.set("next", page.next());
    }));
}

} // namespace dalate::traceability
