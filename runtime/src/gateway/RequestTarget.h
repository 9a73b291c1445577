// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dalate::gateway {

/// Whether routes may be matched against `path` as it is. Refused: what does not begin with one slash, empty
/// segments,
/// `.` and `..` (also percent-encoded), backslashes, bad percent-encoding, NUL, text that is not UTF-8. So no
/// two spellings that a proxy in front may take for one reach different routes. `%2F` within a segment is
/// data.
bool isPlainPath(std::string_view path);

/// `back` when it is a path (with query) of this site that a redirect may lead to, else `/`. Refused: other
/// hosts in any spelling (`//evil`, `/\evil`, `https:evil`), control characters, whatever `isPlainPath`
/// refuses, above 2,048 octets.
std::string localPathOr(std::string_view back, std::string_view otherwise = "/");

/// Whether `host` is a name or an address with an optional port and nothing else: it goes into the policy
/// header and into absolute addresses.
bool isPlainHost(std::string_view host) noexcept;

} // namespace dalate::gateway
