// SPDX-License-Identifier: Apache-2.0
#include "storage/LogFile.h"

#include "base/Log.h"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

namespace dalate::storage {

LogFile::~LogFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void LogFile::sync() noexcept {
    if (descriptor_ < 0) descriptor_ = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor_ >= 0 && ::fdatasync(descriptor_) == 0) return;
    log::error("core.storage.sync_failed", Value::map([](MapWriter& m) { m.set("errno", errno); }));
    std::abort();
}

} // namespace dalate::storage
