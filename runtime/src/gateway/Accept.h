// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace dalate::gateway {

/// What the client would rather read. `unsaid`: no Accept field, or one that takes anything alike.
enum class Taste { page, json, unsaid };

/// Reads Accept (RFC 9110, 12.5.1) for the one question that matters here: an HTML page or JSON.
Taste tasteOf(std::string_view accept) noexcept;

/// Whether a Content-Type (parameters apart, any case) is one of a route's types; `image/*` admits any
/// subtype.
bool typeMatches(std::string_view contentType, std::string_view admitted) noexcept;

} // namespace dalate::gateway
