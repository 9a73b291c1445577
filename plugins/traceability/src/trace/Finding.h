// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "Node.h"

#include <string_view>
#include <vector>

namespace dalate::traceability {

/// What may be wrong with a stored event when it is read together with others (疑点). A finding refuses nothing. The
/// numbers are stored: append only.
enum class Rule : int {
    neverInside = 1,     ///< a child is taken out of a parent that it was not in
    twoParents = 2,      ///< an item is inside two parents at once
    containerCycle = 3,  ///< a container is inside itself
    outputAboveInput = 4,///< a process gives more than it took
    shippedUnmade = 5,   ///< shipped before it was made
    sensorAfterEvent = 6 ///< a sensor value is younger than the event that reports it
};

inline constexpr Rule allRules[] = {Rule::neverInside,      Rule::twoParents,    Rule::containerCycle,
                                    Rule::outputAboveInput, Rule::shippedUnmade, Rule::sensorAfterEvent};

/// The end of the rule's text id: `traceability.finding.<name>`.
std::string_view nameOf(Rule rule) noexcept;

struct Finding {
    Rule rule = Rule::neverInside;
    Node subject = 0;
    Node related = 0;       ///< the parent, or 0
    Node second = 0;        ///< the other parent of `twoParents`, or 0
    std::int64_t event = 0; ///< the event to look at
    Time at = 0;
    Amount stated, allowed; ///< of `outputAboveInput`

    bool operator==(const Finding& o) const noexcept {
        return rule == o.rule && subject == o.subject && related == o.related && second == o.second &&
               event == o.event && at == o.at && stated == o.stated && allowed == o.allowed;
    }
};

} // namespace dalate::traceability
