// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/Multipart.h"

#include <string_view>

namespace dalate::http {

/// Reads the head of a part: its lines, each ended by CRLF, without the empty one. What is refused and why
/// stands in the error's `reason` (400 `core.form.multipart`): a bare CR or LF, a folded line, a field that
/// is no token or value, a doubled or missing Content-Disposition, a disposition other than form-data, `name`
/// missing, doubled or empty, `filename*` (which RFC 7578, 4.2 forbids), a backslash or a bare quote in a
/// quoted text, text that is not UTF-8, control characters, a transfer encoding that changes the content.
/// Other fields are passed over, as RFC 7578, 4.8 asks.
Result<PartHead> readPartHead(std::string_view lines, const MultipartLimits& limits);

/// A parameter's value at the front of `text`, token or quoted string, which is taken away; nothing where
/// there is none. The quoted form holds no backslash: browsers write `"` as %22, and an escape would be read
/// in two ways.
std::optional<std::string_view> takeParameterValue(std::string_view& text);

} // namespace dalate::http
