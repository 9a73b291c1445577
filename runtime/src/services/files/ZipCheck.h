// SPDX-License-Identifier: Apache-2.0
// An archive is a promise of files; a bomb promises little and delivers terabytes. The central directory
// (APPNOTE 6.3.10, 4.3.12) is read for names and places, and every entry is then really inflated and counted,
// because sizes in the directory may lie. Entries must not overlap, which is how 46 MB become 4.5 PB (Fifield
// 2019). Nothing is ever written, and an archive inside an archive is one entry.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dalate::services::files {

struct ZipLimits {
    std::size_t entries = 10'000;
    /// Octets of all entries together, inflated.
    std::uint64_t inflated = std::uint64_t{1} << 30;
    /// Inflated to stored, counted above 1 MiB inflated. Text in an office document reaches 30.
    std::uint64_t ratio = 200;
};

/// What is wrong with an archive: a word for the message, empty when nothing is: `damaged`, `too_large`,
/// `entry_name`, `encrypted`, `method`, `missing` (the entry that the format needs), `macros`.
std::string zipFault(std::string_view archive, std::string_view neededEntry, const ZipLimits& limits);

} // namespace dalate::services::files
