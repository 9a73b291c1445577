// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace dalate::storage {

/// SQLite's write-ahead log as a file to be synced. It exists from the first write and keeps its inode while the
/// database is open. One thread at a time.
class LogFile {
public:
    explicit LogFile(const std::filesystem::path& database) : path_(database.string() + "-wal") {}
    ~LogFile();
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;

    /// Brings what was written to the disk. A disk that refuses that leaves nobody who could say what is stored: then the
    /// process ends (`core.storage.sync_failed`), and the next start reads the log for what it holds.
    void sync() noexcept;

private:
    std::filesystem::path path_;
    int descriptor_ = -1;
};

} // namespace dalate::storage
