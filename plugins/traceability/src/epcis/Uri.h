// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace dalate::traceability::epcis {

/// True when `text` is an absolute URI (RFC 3986): a scheme, a colon and at least one character, all of them
/// allowed, percent signs followed by two hex digits. What JSON Schema asserts by `format: uri`; a bare word
/// such as `shipping` is none, a compact IRI such as `example:inspecting` is one.
bool isUri(std::string_view text) noexcept;

/// True when `key` may name an extension field: as `isUri`, but letters of any script may stand behind the
/// colon (RFC 3987).
bool isExtensionKey(std::string_view key) noexcept;

} // namespace dalate::traceability::epcis
