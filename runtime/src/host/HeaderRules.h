// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace dalate::host {

/// Judges a header that a plugin wants on its answer (RFC 9110, 5). Throws `Error` 400 `core.host.header`
/// (details: header, reason) for a name that is no token, a value with CR, LF, NUL, any other control
/// character or a byte beyond ASCII, a value above 4 KiB, a name that belongs to the host (message framing,
/// cookies, content type, the security and cross-origin headers), and a Location that leads away from
/// `baseUrl`.
void checkHeader(std::string_view name, std::string_view value, std::string_view baseUrl);

/// A media type as a reply may carry it; empty for none. Throws `Error` 400 `core.host.content_type`.
void checkContentType(std::string_view type);

} // namespace dalate::host
