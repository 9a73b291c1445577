// SPDX-License-Identifier: Apache-2.0
#include "plugin/LibraryCache.h"

#include "base/Log.h"
#include "base/Sha256.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dalate::plugin {
namespace {

/// A descriptor that closes itself.
class File {
public:
    File(const std::filesystem::path& path, int flags) : fd_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
    ~File() {
        if (fd_ >= 0) close(fd_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int fd() const noexcept { return fd_; }

private:
    int fd_;
};

Error fault(std::string_view id, const std::filesystem::path& file) {
    const std::string what = std::strerror(errno);
    return Error(500, std::string(id),
                 Value::map([&](MapWriter& m) { m.set("file", file.string()).set("what", what); }));
}

void writeAll(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    const File file(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
    if (file.fd() < 0) throw fault("core.plugin.cache", path);
    while (!bytes.empty()) {
        const ssize_t n = write(file.fd(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) throw fault("core.plugin.cache", path);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    if (fsync(file.fd()) != 0) throw fault("core.plugin.cache", path);
}

} // namespace

std::string readFile(const std::filesystem::path& path, std::size_t most) {
    const File file(path, O_RDONLY);
    struct stat about {};
    if (file.fd() < 0 || fstat(file.fd(), &about) != 0) throw fault("core.plugin.unreadable", path);
    if (!S_ISREG(about.st_mode) || static_cast<std::uint64_t>(about.st_size) > most) {
        errno = S_ISREG(about.st_mode) ? EFBIG : EISDIR;
        throw fault("core.plugin.unreadable", path);
    }
    std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
    std::size_t have = 0;
    while (have < bytes.size()) {
        const ssize_t n = read(file.fd(), bytes.data() + have, bytes.size() - have);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw fault("core.plugin.unreadable", path);
        if (n == 0) break;
        have += static_cast<std::size_t>(n);
    }
    bytes.resize(have);
    return bytes;
}

std::filesystem::path LibraryCache::keep(std::string_view plugin, std::string_view sha256,
                                         std::span<const std::byte> bytes) {
    const std::filesystem::path home = std::filesystem::absolute(folder_ / plugin / sha256);
    const std::filesystem::path place = home / "plugin.so";
    std::error_code failed;
    std::filesystem::create_directories(home, failed);
    if (failed) {
        errno = failed.value();
        throw fault("core.plugin.cache", home);
    }
    const bool present = std::filesystem::exists(place);
    if (present && sha256Hex(readFile(place, std::size_t{1} << 30)) == sha256) return place;
    if (present)
        log::warning("core.plugin.cache_repaired",
                     Value::map([&](MapWriter& m) { m.set("plugin", plugin).set("sha256", sha256); }));
    const std::filesystem::path beside = home / ("plugin.so." + std::to_string(getpid()));
    writeAll(beside, bytes);
    if (rename(beside.c_str(), place.c_str()) != 0) throw fault("core.plugin.cache", place);
    const File folder(home, O_RDONLY | O_DIRECTORY);
    if (folder.fd() < 0 || fsync(folder.fd()) != 0) throw fault("core.plugin.cache", home);
    return place;
}

} // namespace dalate::plugin
