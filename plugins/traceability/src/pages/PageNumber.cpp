// SPDX-License-Identifier: Apache-2.0
#include "pages/PageNumber.h"

#include <algorithm>

namespace dalate::traceability {

PageNumber PageNumber::of(const Request& request, std::string_view name, std::size_t total,
                          std::size_t perPage) {
    PageNumber page;
    page.total = total;
    page.pages = std::max<std::size_t>(1, (total + perPage - 1) / perPage);
    const auto asked = request.query(name);
    const std::int64_t number = asked ? Value::of(*asked).view().integer().value_or(1) : 1;
    page.number = number < 1 ? 1 : std::min(page.pages, static_cast<std::size_t>(number));
    page.first = (page.number - 1) * perPage;
    page.count = std::min(perPage, total - page.first);
    return page;
}

} // namespace dalate::traceability
