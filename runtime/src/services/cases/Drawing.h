// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/Machine.h"

#include <dalate/value.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::cases {

/// A machine drawn, with the place of one case in it.
struct Drawing {
    /// One `<svg>` that `portal::isPlainSvg` takes, in its natural size; put it into a box that scrolls. Classes:
    /// case-drawing, case-state (--here, --done, --stopped, --past), case-way (--back), case-way-label.
    std::string svg;
    /// The same for those who do not see it: {states: [{state, label, kind, here, past, moves: [{label, to}]}]}.
    Value words;
};

/// `state`: where the case is; empty: nowhere, the machine alone. `past`: states that it has been in. `text` gives the
/// reader's text for a text id; `title` is what the picture is called.
Drawing draw(const Machine& machine, std::string_view state, const std::vector<std::string>& past,
             std::string_view title, const std::function<std::string(std::string_view)>& text);

} // namespace dalate::services::cases
