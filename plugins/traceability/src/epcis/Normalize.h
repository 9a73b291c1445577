// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Document.h"
#include "epcis/Event.h"

#include <string>
#include <string_view>

namespace dalate::traceability::epcis {

/// Reads the event at `index` into its canonical form. It must have passed `check`. Borrows the parsed JSON.
Event normalize(const Document& document, std::size_t index);

/// Same, of an event as `storedForm` wrote it.
Event normalizeStored(ValueView stored);

/// Everything that an event says, as one text that is equal for two events exactly when they say the same:
/// prefixes expanded, identifiers, vocabulary, times and numbers in canonical form, the lists that EPCIS does
/// not order sorted, extension fields compared as JSON values. Without eventID, recordTime and @context, with
/// errorDeclaration. Its digest may be stored in the place of a second look at the stored event.
std::string contentForm(const Event& event);

/// True when both say the same (idempotent capture).
bool sameContent(const Event& a, const Event& b);

/// The event as it is kept and given back: every member as it was sent, in its order; `@context` holds what
/// the event needs beside GS1's own context (left out when that is nothing), `eventID` and `recordTime` are
/// set.
Value storedForm(const Event& event, std::string_view eventId, Micros recordTime);

} // namespace dalate::traceability::epcis
