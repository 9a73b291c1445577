// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"

#include <string>
#include <string_view>

namespace dalate::services::files {

/// A sender's file name as it is kept and shown: NFC, blanks at its ends taken away. It is only ever a text,
/// never a path: blobs are named by their content. Error: 422 `core.file.name` for one that is empty, above
/// 200 octets, not UTF-8, that holds a control or direction character (which would show `gpj.exe` as
/// `exe.jpg`), a slash or backslash, `%00`, one of `<>:"|?*`, or that is dots alone.
Result<std::string> fileName(std::string_view sent);

/// The field Content-Disposition of a download (RFC 6266, 8187): an ASCII name for old readers, the real one
/// beside.
std::string attachmentNamed(std::string_view name);

} // namespace dalate::services::files
