// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dalate::identity {

/// SHA-256 of a high-entropy secret, as 64 hexadecimal digits: how session ids and token secrets lie at rest.
std::string sha256Hex(std::string_view bytes);

/// Equal length and content, in time that depends on the length only.
bool equalInConstantTime(std::string_view a, std::string_view b) noexcept;

} // namespace dalate::identity
