// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dalate::traceability::gs1 {

/// `text` with each %XX replaced by its byte; nothing where a percent sign is not followed by two hex digits.
std::optional<std::string> decodeValue(std::string_view text);

/// A value as GS1 Digital Link writes it into a path segment: unreserved characters and ' ; = stay, every
/// other byte becomes %XX in capitals.
std::string encodeValue(std::string_view value);

} // namespace dalate::traceability::gs1
