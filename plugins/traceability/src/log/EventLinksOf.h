// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Event.h"
#include "log/Identifiers.h"
#include "trace/Linker.h"

namespace dalate::traceability {

/// What an event says to the trace graph. `id` is its number in the log, `eventId` its EPCIS id. Interns what it
/// names, so it needs a write transaction.
EventLinks eventLinksOf(const epcis::Event& event, std::int64_t id, std::string_view eventId, Identifiers& identifiers);

/// The canonical lot identifier of a GTIN with 14 digits.
std::string lotUri(std::string_view gtin, std::string_view lot);

} // namespace dalate::traceability
