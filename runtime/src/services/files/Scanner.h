// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string_view>

namespace dalate::services::files {

/// Asks clamd whether bytes are a known attack (clamd(8), INSTREAM over a Unix socket). Any thread.
class Scanner {
public:
    struct Options {
        /// clamd's socket; empty: nothing is scanned.
        std::filesystem::path socket;
        /// For the whole conversation about one file.
        std::chrono::milliseconds patience{30000};
    };
    explicit Scanner(Options options) : options_(std::move(options)) {}

    /// Returns when the bytes are clean, or when no scanner is configured. Throws `Error` 422
    /// `core.file.infected` (details: signature), 503 `core.file.no_scanner` whenever clamd cannot be asked,
    /// does not answer in time, or says anything else: what could not be scanned is not taken.
    void scan(std::string_view bytes) const;

private:
    Options options_;
};

} // namespace dalate::services::files
