// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace dalate::picture {

/// From here on this process may read and write what it has open, take and give back memory, and end; any
/// other call of the system kills it. False where the kernel does not know how.
bool enterCage() noexcept;

} // namespace dalate::picture
