// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pages/FindingModel.h"
#include "story/Story.h"
#include "story/Wording.h"

namespace dalate::traceability {

/// Everything that the scan page tells.
struct StoryPage {
    std::string gtin, lot, serial;
    std::string uri; ///< of what the story is about
    std::optional<Product> product;
    std::vector<Paper> papers;
    Story story;
    std::vector<ListedFinding> doubts; ///< findings on what the story is about, while it belongs to it
};

/// The findings that concern a buyer: on the lot or item, and on what it was made from, packed and carried in, at a
/// time when that belongs to the story.
std::vector<ListedFinding> doubtsOf(const Story& story, Tx& tx);

/// One thing that a buyer may expect and that nobody recorded; ids of texts.
std::vector<std::string> missingFrom(const StoryPage& page);

/// The model of traceability/scan. `serialUnknown`: the lot is known, this one piece of it is not.
Value storyModel(const StoryPage& page, bool serialUnknown, Tx& tx, const Wording& wording, Labels& labels);

} // namespace dalate::traceability
