// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace dalate::testing {

/// A folder that is gone with the object.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// The real daemon as a child process on a free loopback port, with a demo county of its own. Its log goes to
/// `<data>/dalate.log` and is printed when a start fails.
class Daemon {
public:
    struct Options {
        std::filesystem::path binary;  ///< build/…/runtime/dalate
        std::filesystem::path share;   ///< the source tree
        std::filesystem::path plugins; ///< build/…/plugins
        std::vector<std::string> settings; ///< `key=value`
        std::string command = "demo";
    };

    /// Starts on `data` and waits until /readyz answers. Throws with the log's end where it does not within 30 s.
    Daemon(Options options, std::filesystem::path data);
    /// SIGKILL if still running.
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    const std::string& url() const noexcept { return url_; }
    const std::string& operatorUrl() const noexcept { return operatorUrl_; }
    pid_t pid() const noexcept { return pid_; }
    /// `demo-access.json`.
    Value access() const;
    std::string log() const;

    /// SIGKILL, and waits.
    void kill();
    /// SIGTERM; the exit code, or -1 after 40 s.
    int stop();

    /// The daemon of this build, as the tests start it.
    static Options built();

private:
    Options options_;
    std::filesystem::path data_;
    std::string url_;
    std::string operatorUrl_;
    pid_t pid_ = -1;
};

} // namespace dalate::testing
