// SPDX-License-Identifier: Apache-2.0
// The bytes of all files, named by their SHA-256: <folder>/ab/cd/abcd…; equal bytes lie there once. A blob is
// written below <folder>/tmp, fsynced, renamed to its name, and its folders are fsynced; only then does
// anybody learn the name, so a row never names bytes that are not on disk. Blobs are never changed and are
// deleted by the collector alone, which passes over whatever is young or pinned by a request that is under
// way.
#pragma once

#include "base/Clock.h"
#include "http/BodySpool.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace dalate::services::files {

/// Keeps a blob from the collector while it lives.
class Pin;

/// A folder of blobs. Safe from any thread; several daemons may share the folder.
class Blobs {
public:
    /// Makes the folder where it is missing. Throws `std::filesystem::filesystem_error`.
    explicit Blobs(std::filesystem::path folder);
    ~Blobs();
    Blobs(const Blobs&) = delete;
    Blobs& operator=(const Blobs&) = delete;

    struct Stored {
        /// 64 lower-case hexadecimal digits.
        std::string sha256;
        std::uint64_t size = 0;
        std::shared_ptr<const Pin> pin;
    };
    /// On disk, names and all, when it returns. Throws `Error` 507 `core.file.no_space` when the disk or a
    /// quota of it is full, 500 `core.file.io` otherwise; then nothing is left behind.
    Stored put(std::string_view bytes);

    struct Opened {
        http::Descriptor file;
        std::uint64_t size = 0;
    };
    /// For reading. Throws `Error` 500 `core.file.lost` (details: sha256) where the bytes are gone.
    Opened open(std::string_view sha256) const;

    std::filesystem::path pathOf(std::string_view sha256) const;

    /// What lies in the folder: each blob with size and the time it was last put, and each unfinished one.
    struct Found {
        std::string sha256; ///< empty: unfinished
        std::filesystem::path path;
        std::uint64_t size = 0;
        Micros touched = 0;
    };
    void each(const std::function<void(const Found&)>& visit) const;

    /// Deletes one that `each` showed unless it is pinned or has been put since `before`; whether it is gone.
    /// `unused` is asked last, while nobody can pin it.
    bool erase(const Found& found, Micros before, const std::function<bool()>& unused);

    /// Octets that may still be written on the disk that holds the folder.
    std::uint64_t freeBytes() const;

private:
    friend class Pin;
    struct Pins;
    std::filesystem::path folder_;
    std::shared_ptr<Pins> pins_;
};

/// SHA-256 of an open file from its start, as 64 hexadecimal digits. Throws `Error` 500 `core.file.io`.
std::string sha256Of(int descriptor);

} // namespace dalate::services::files
