// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace dalate {

/// A new id: 63 bits, positive, growing with time (41 bits of milliseconds since 2020, 6 bits of node, 16 bits of
/// sequence). Unique in the process, across processes by node number. Safe from any thread.
std::int64_t newId();

/// Sets the node number (0 to 63) once at start; two daemons on one database must differ.
void setIdNode(unsigned node);

/// `bytes` random bytes from the operating system as lower-case hexadecimal. Throws when the system has none.
std::string randomHex(std::size_t bytes);

} // namespace dalate
