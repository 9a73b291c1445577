// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace dalate::services::lists {

/// The entries of a ZIP archive in memory (APPNOTE 6.3.10), found by its central directory. For archives that
/// `files::zipFault` has passed; whatever it meets nonetheless is refused, not trusted. Borrows the bytes.
class ZipEntries {
public:
    explicit ZipEntries(std::string_view archive) noexcept : archive_(archive) {}

    /// Inflates one entry piece by piece; false where there is none of the name. Throws `Error` 422
    /// `core.import.unreadable` (details: fault `archive`), 413 `core.import.size` above `most` octets.
    bool read(std::string_view name, std::uint64_t most,
              const std::function<void(std::string_view)>& take) const;

private:
    std::string_view archive_;
};

} // namespace dalate::services::lists
