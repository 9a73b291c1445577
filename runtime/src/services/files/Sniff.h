// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dalate::services::files {

/// What content is, by libmagic's table: `application/pdf`, `text/plain`; `application/octet-stream` where
/// nothing is known. Looks at the first 64 KiB and into no archive. Throws `Error` 503 `core.file.busy` where
/// the table cannot be read. Any thread.
std::string sniffed(std::string_view bytes);

} // namespace dalate::services::files
