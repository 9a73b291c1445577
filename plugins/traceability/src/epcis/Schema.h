// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Document.h"
#include "epcis/Event.h"
#include "epcis/Problem.h"
#include "epcis/Vocabulary.h"

#include <vector>

namespace dalate::traceability::epcis {

/// An event whose eventTime lies further than this behind the clock's now is refused.
constexpr Micros futureTolerance = 5 * 60 * Micros{1'000'000};

/// Whether an event is one of EPCIS 2.0: the rules of GS1's EPCIS-JSON-Schema.json with `format: uri`
/// asserted, and what the schema cannot say: words of the CBV, check digits of GTIN and SSCC, offsets that
/// agree, sensor fields in one place only, no event from the future, ILMD keys with a namespace.
///
/// Appends what is wrong to `problems`, at most 20 an event, and says whether nothing was. `index` is the
/// event's place in `document`; `now` the clock. Looks at this event alone: what depends on others is a
/// finding, not a refusal. The codes and their texts are in i18n/.
bool check(const Document& document, std::size_t index, const Vocabulary& vocabulary, Micros now,
           std::vector<Problem>& problems);

} // namespace dalate::traceability::epcis
