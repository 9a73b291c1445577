// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/CoreParts.h"

#include <functional>
#include <memory>

namespace dalate::portal {
class TemplateStore;
}

namespace dalate::services::lists {

/// lists/1, the declared lists of the calling plugin, read as far as its call sees; arguments and answers are
/// in the SDK's dalate/lists.hpp. `rows {list, query, limit?} -> {rows: [{key, case, cells}], previous,
/// next}`, `table {list, query, path} -> {columns, rows, filters, sort, first_href, previous_href,
/// next_href}`. Errors: 404 `core.list.unknown`, 400 `core.list.query`, `core.list.asked`. `templates` gives
/// those in force. Callers: traceability (its book of records as JSON).
void offerLists(const CoreParts& parts,
                std::function<std::shared_ptr<const portal::TemplateStore>()> templates);

} // namespace dalate::services::lists
