// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "story/Wording.h"

#include <dalate/request.hpp>

namespace dalate::traceability {

/// The regulator's part of a lot's page: its holds and complaints with where they stand and who was told, the documents of
/// its papers, and where a hold is proposed by whoever may (`in_force`, `cases`, `documents`, `hold_href`).
void writeLotCases(MapWriter& m, const Request& request, Tx& tx, Node lot, const Labels::Label& label,
                   const Wording& wording);

} // namespace dalate::traceability
