// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Context.h"
#include "epcis/Problem.h"

#include <dalate/value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dalate::traceability::epcis {

/// What can be captured: an EPCISDocument, an EPCISQueryDocument (an answer of another repository) or one
/// bare event. Borrows the parsed JSON.
struct Document {
    enum class Form { document, queryDocument, event };

    Form form = Form::event;
    Context context;               ///< the document's own; a bare event brings its own with it
    std::vector<ValueView> events; ///< not yet looked into

    /// The JSON path of an event: `$.epcisBody.eventList[3]`, `$` for a bare event.
    std::string eventPath(std::size_t index) const;
};

/// Reads the frame around the events (EPCIS-JSON-Schema.json: epcisDocument, epcisQueryDocument). Nothing and
/// at least one problem where the frame is not as it must be; then no event may be captured, whatever the
/// client asked for. Codes: document_type, context_missing, context_invalid, field_missing, field_type,
/// field_unknown, time_format, version_format, uri.
std::optional<Document> readDocument(ValueView root, std::vector<Problem>& problems);

} // namespace dalate::traceability::epcis
