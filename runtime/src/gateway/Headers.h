// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Visitor.h"
#include "http/Message.h"

#include <string>
#include <string_view>

namespace dalate::gateway {

/// The fields that every answer of the gateway carries (security.md, 14.x): the content policy by path,
/// nosniff, the referrer, permission and cross-origin policies, the request id, and HSTS where the client
/// speaks TLS.
void setSecurityHeaders(http::Response& response, const Visitor& who);

/// How long an answer may be kept, by whom it was made for.
enum class Keeping {
    /// Behind a session, or with a form: `no-store`, no validator.
    never,
    /// For one machine: kept privately, asked again each time by its validator.
    privately,
    /// The same for everybody: kept, asked again each time by its validator.
    publicly
};

/// Sends a body with status 200 under its validator: 304 when the client has it. `ignored` is left out of the
/// validator where it stands in the body (the request id, which differs in each answer). A body above 1 MiB
/// gets none.
void sendKept(http::Response& response, const Visitor& who, std::string_view ifNoneMatch, Keeping keeping,
              const std::string& contentType, std::string body, std::string_view ignored);

/// Whether a list of entity tags names `etag` (weak comparison, RFC 9110, 8.8.3.2) or is `*`.
bool namesTag(std::string_view list, std::string_view etag) noexcept;

/// 303 to a path of this site.
void redirect(http::Response& response, const std::string& localPath);

} // namespace dalate::gateway
