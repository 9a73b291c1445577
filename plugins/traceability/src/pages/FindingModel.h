// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "story/Wording.h"
#include "trace/Finding.h"

#include <vector>

namespace dalate::traceability {

struct ListedFinding {
    std::int64_t id = 0;
    Finding finding;
};

/// The findings on any of `subjects`.
std::vector<ListedFinding> findingsOf(Tx& tx, const std::vector<Node>& subjects);

/// Newest first, of one rule or (0) of all, before `before` (0: from the newest).
std::vector<ListedFinding> latestFindings(Tx& tx, int rule, std::int64_t before, std::size_t limit);

/// Rows {title, what, about, href, time, iso} for the pages.
void writeFindings(ListWriter& list, const std::vector<ListedFinding>& findings, Tx& tx, const Wording& wording,
                   Labels& labels);

} // namespace dalate::traceability
