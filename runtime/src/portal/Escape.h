// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dalate::portal {

/// Appends `text` so that it is text in an HTML element and in a quoted attribute. Control characters that
/// HTML does not allow (all of C0 but tab, line feed, carriage return, and DEL) become U+FFFD.
void escapeHtml(std::string_view text, std::string& out);

/// Appends `text` as one component of a URI: all but the unreserved characters of RFC 3986 percent-encoded.
void escapeUrlPart(std::string_view text, std::string& out);

/// Whether a whole URL that comes from data may stand in `href`, `src` or `action`: a path on this site,
/// `?…`, `#…`, `https:`, `http:` below `baseUrl`, `tel:`, `mailto:`, or nothing. Never with a backslash or a
/// control character, which browsers drop or turn round before they look for the scheme.
bool isSafeUrl(std::string_view url, std::string_view baseUrl);

} // namespace dalate::portal
