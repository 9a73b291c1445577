// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/files/FileStore.h"
#include "storage/Pool.h"

#include <cstdint>
#include <functional>
#include <string>

namespace dalate::services::files {

/// What was found by comparing rows and disk.
struct Verified {
    std::size_t whole = 0;    ///< blobs that a row names and whose bytes are what their name says
    std::size_t missing = 0;  ///< named by a row, not on disk
    std::size_t altered = 0;  ///< on disk with other bytes than the name says
    std::size_t orphaned = 0; ///< on disk, named by no row; the collector's work
    bool sound() const noexcept { return missing == 0 && altered == 0; }
};

/// Reads every blob once. `tell` hears of each fault: `missing`, `altered` or `orphaned`, and its SHA-256
/// (`-`: an unfinished one). The daemon may run meanwhile. Throws StorageError.
Verified verifyFiles(Blobs& blobs, storage::Pool& pool,
                     const std::function<void(std::string_view fault, std::string_view sha256)>& tell);

} // namespace dalate::services::files
