// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/response.hpp>
#include <dalate/services.hpp>

namespace dalate::traceability {

/// The plugin's entry and its lists.
class ListPages {
public:
    /// /traceability/: type a code, and how much is recorded.
    static Response home(Request& request);
    /// What the tile shows: {count, label} of the events of this year.
    static Value eventsThisYear(ServiceCall& call);
    /// Lots, newest first: an organisation's own, or all for a regulator.
    static Response lots(Request& request);
    /// Findings, newest first, by rule.
    static Response findings(Request& request);
};

} // namespace dalate::traceability
