// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/value.hpp>

#include <string>

namespace dalate::simulator {

/// What people brought to the bureau, through the pages on which they do it: a buyer, not signed in, complains of the lot
/// at `complained`, and an inspector accepts it; another lot, `held`, is held by two people and released by two. Both are
/// paths as printed on labels. `access`: the demo's access file. Throws when a page refuses.
void seedMatters(ValueView access, const std::string& complained, const std::string& held);

} // namespace dalate::simulator
