// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/lists/List.h"
#include "storage/Cell.h"

#include <functional>
#include <string>
#include <string_view>

namespace dalate::services::lists {

/// What a reader reads of cells: the words of her language and the county's time.
struct CellWords {
    /// The text of an id.
    std::function<std::string(std::string_view id)> text;
    /// Minutes east of UTC.
    int utcOffset = 480;
};

/// The cell as a person reads it: 12.50, 2026-11-23 18:00, 是, an option's label, 139****1234; empty where
/// nothing is there. What is personal is masked everywhere, on paper and in files too.
std::string cellText(const Column& column, const storage::Cell& cell, const CellWords& words);

} // namespace dalate::services::lists
