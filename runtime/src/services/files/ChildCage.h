// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace dalate::services::files {

/// Shuts the calling process in, for good and for what it executes next: it opens files of the system's
/// programs, libraries, fonts and settings for reading, none for writing, and no socket. Between fork and
/// exec: plain system calls only. Wants PR_SET_NO_NEW_PRIVS. False where the kernel cannot do it; then
/// nothing may be run.
bool enterSystemCage() noexcept;

} // namespace dalate::services::files
