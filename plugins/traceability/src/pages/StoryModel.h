// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hold/HoldStore.h"
#include "pages/FindingModel.h"
#include "story/Story.h"
#include "story/Wording.h"

namespace dalate::traceability {

/// Everything that the scan page tells.
struct StoryPage {
    std::string gtin, lot, serial;
    std::string uri; ///< of what the story is about
    std::string code; ///< the address as it is printed
    std::optional<Product> product;
    std::vector<Paper> papers;
    Node lotNode = 0; ///< 0 where no lot is known
    std::vector<LotHold> holds; ///< that were ever in force, on the lot and on what it was made from
    Story story;
    std::vector<ListedFinding> doubts; ///< findings on what the story is about, while it belongs to it
};

/// The findings that concern a buyer: on the lot or item, and on what it was made from, packed and carried in, at a
/// time when that belongs to the story.
std::vector<ListedFinding> doubtsOf(const Story& story, Tx& tx);

/// The holds on the lot and on the lots that it was made from.
std::vector<LotHold> holdsOf(Node lot, const Story& story, Tx& tx);

/// Where a buyer complains of a product: the host's form with product and code filled in.
std::string complaintHref(std::string_view product, std::string_view code);

/// One thing that a buyer may expect and that nobody recorded; ids of texts.
std::vector<std::string> missingFrom(const StoryPage& page);

/// The model of traceability/scan. `serialUnknown`: the lot is known, this one piece of it is not.
Value storyModel(const StoryPage& page, bool serialUnknown, Tx& tx, const Wording& wording, Labels& labels);

} // namespace dalate::traceability
