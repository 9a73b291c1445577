// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dalate::services::forms {

/// A telephone number under which somebody can be called, in one form: a mobile's 11 digits (13912345678), a
/// landline with its area code and perhaps an extension (0477-3123456, 0477-3123456-801), 4008001234 and
/// 8008001234, anything abroad as E.164 (+441632960961). Reads them with blanks, hyphens and brackets, and
/// with +86 or 0086 in front. Nothing for a number without area code and for service numbers (110, 12345):
/// nobody can be called back there.
std::optional<std::string> parsePhone(std::string_view text);

/// An e-mail address as browsers take one (HTML Living Standard, 4.10.5.1.5) whose domain has a dot, at most
/// 64 octets before the @ and 254 in all (RFC 5321). Nothing for any other text.
std::optional<std::string> parseEmail(std::string_view text);

} // namespace dalate::services::forms
