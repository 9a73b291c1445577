// SPDX-License-Identifier: Apache-2.0
#include "services/files/Sniff.h"

#include "base/Log.h"
#include "base/Result.h"

#include <magic.h>

#include <memory>
#include <mutex>

namespace dalate::services::files {

namespace {

constexpr std::size_t looked = 64 * 1024;

/// One table for the process: it takes megabytes, and a look takes less than a millisecond.
class Table {
public:
    Table()
        : magic_(magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
                            MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_APPTYPE),
                 &magic_close) {
        if (!magic_ || magic_load(magic_.get(), nullptr) != 0) {
            log::error("core.file.magic", Value::map([&](MapWriter& m) {
                           m.set("error",
                                 magic_ && magic_error(magic_.get()) ? magic_error(magic_.get()) : "");
                       }));
            throw Error(503, "core.file.busy");
        }
    }
    std::string of(std::string_view bytes) {
        const std::lock_guard lock(mutex_);
        const char* type = magic_buffer(magic_.get(), bytes.data(), bytes.size());
        return type ? type : "application/octet-stream";
    }

private:
    std::mutex mutex_;
    std::unique_ptr<magic_set, void (*)(magic_t)> magic_;
};

} // namespace

std::string sniffed(std::string_view bytes) {
    static Table table;
    return table.of(bytes.substr(0, looked));
}

} // namespace dalate::services::files
