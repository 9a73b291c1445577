// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/request.hpp>

namespace dalate::traceability {

/// One page of a long list that is known whole: which rows it shows, and whether there are others.
struct PageNumber {
    std::size_t number = 1, pages = 1;
    std::size_t first = 0, count = 0; ///< rows of the list, from 0
    std::size_t total = 0;

    bool alone() const noexcept { return pages == 1; }

    /// The page that the query parameter `name` asks for: the first where it is absent or no number, the last
    /// where there are fewer. `perPage` is not 0.
    static PageNumber of(const Request& request, std::string_view name, std::size_t total,
                         std::size_t perPage);
};

} // namespace dalate::traceability
