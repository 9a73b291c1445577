// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace dalate::identity {

/// Equal length and content, in time that depends on the length only.
bool equalInConstantTime(std::string_view a, std::string_view b) noexcept;

} // namespace dalate::identity
