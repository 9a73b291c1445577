// SPDX-License-Identifier: Apache-2.0
#include "services/files/Blobs.h"

#include "base/Ids.h"
#include "base/Result.h"
#include "base/Sha256.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <mutex>

namespace dalate::services::files {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t piece = 1 << 20;
constexpr std::string_view unfinished = "tmp";

[[noreturn]] void fail(int code, std::string_view act) {
    // A limit on a file's size is a full disk to whoever hits it.
    const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
    throw Error(full ? 507 : 500, full ? "core.file.no_space" : "core.file.io",
                Value::map([&](MapWriter& m) { m.set("act", act).set("errno", code); }));
}

bool isSha256(std::string_view text) noexcept {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void syncFolder(const fs::path& folder) {
    const http::Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened || ::fsync(opened.get()) != 0) fail(errno, "fsync of a folder");
}

/// Makes a folder and its name durable; somebody else may have made it a moment ago.
void makeFolder(const fs::path& folder) {
    if (::mkdir(folder.c_str(), 0750) != 0 && errno != EEXIST) fail(errno, "mkdir");
    syncFolder(folder.parent_path());
}

/// A file below tmp that is deleted again unless it got its name.
class Unfinished {
public:
    explicit Unfinished(const fs::path& folder)
        : path_((folder / randomHex(16)).string()),
          file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0440)) {
        if (!file_) fail(errno, "creating a file");
    }
    ~Unfinished() {
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail(errno, "writing a file");
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    void finish(const fs::path& name) {
        if (::fsync(file_.get()) != 0) fail(errno, "fsync of a file");
        if (::rename(path_.c_str(), name.c_str()) != 0) fail(errno, "naming a file");
        path_.clear();
    }

private:
    std::string path_;
    http::Descriptor file_;
};

Micros touchedAt(const struct stat& found) {
    return Micros{found.st_mtim.tv_sec} * 1'000'000 + found.st_mtim.tv_nsec / 1000;
}

} // namespace

/// Counts who holds which blob. Outlives the blobs' owner where a request does.
struct Blobs::Pins {
    std::mutex mutex;
    std::map<std::string, std::size_t, std::less<>> held;
};

class Pin {
public:
    Pin(std::shared_ptr<Blobs::Pins> pins, std::string sha256)
        : pins_(std::move(pins)), sha256_(std::move(sha256)) {
        const std::lock_guard lock(pins_->mutex);
        ++pins_->held[sha256_];
    }
    ~Pin() {
        const std::lock_guard lock(pins_->mutex);
        const auto found = pins_->held.find(sha256_);
        if (--found->second == 0) pins_->held.erase(found);
    }
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

private:
    std::shared_ptr<Blobs::Pins> pins_;
    std::string sha256_;
};

Blobs::Blobs(fs::path folder) : folder_(std::move(folder)), pins_(std::make_shared<Pins>()) {
    fs::create_directories(folder_ / unfinished);
}

Blobs::~Blobs() = default;

fs::path Blobs::pathOf(std::string_view sha256) const {
    if (!isSha256(sha256)) throw Error(500, "core.file.lost");
    return folder_ / sha256.substr(0, 2) / sha256.substr(2, 2) / sha256;
}

Blobs::Stored Blobs::put(std::string_view bytes) {
    Unfinished file(folder_ / unfinished);
    Sha256 digest;
    for (std::string_view rest = bytes; !rest.empty();) {
        const std::string_view next = rest.substr(0, piece);
        digest.add(next);
        file.write(next);
        rest.remove_prefix(next.size());
    }
    Stored stored;
    stored.size = bytes.size();
    stored.sha256 = digest.hex();
    // Pinned before it has its name: from here on the collector passes over it.
    stored.pin = std::make_shared<const Pin>(pins_, stored.sha256);
    const fs::path name = pathOf(stored.sha256), folder = name.parent_path();
    struct stat there {};
    if (::stat(name.c_str(), &there) == 0 && static_cast<std::uint64_t>(there.st_size) == stored.size) {
        // Other daemons on the folder know nothing of our pins; to them a fresh time says that it is wanted.
        if (::utimensat(AT_FDCWD, name.c_str(), nullptr, 0) == 0) return stored;
        if (errno != ENOENT) fail(errno, "touching a file");
    }
    if (!fs::is_directory(folder)) {
        makeFolder(folder.parent_path());
        makeFolder(folder);
    }
    file.finish(name);
    syncFolder(folder);
    return stored;
}

Blobs::Opened Blobs::open(std::string_view sha256) const {
    Opened opened;
    opened.file = http::Descriptor(::open(pathOf(sha256).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat found {};
    if (!opened.file || ::fstat(opened.file.get(), &found) != 0)
        throw Error(500, "core.file.lost", Value::map([&](MapWriter& m) { m.set("sha256", sha256); }));
    opened.size = static_cast<std::uint64_t>(found.st_size);
    return opened;
}

void Blobs::each(const std::function<void(const Found&)>& visit) const {
    // Others add and delete meanwhile: what is gone is passed over.
    std::error_code gone;
    fs::recursive_directory_iterator walk(folder_, fs::directory_options::skip_permission_denied, gone), end;
    for (; !gone && walk != end; walk.increment(gone)) {
        struct stat status {};
        if (::lstat(walk->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
        Found found;
        found.path = walk->path();
        found.size = static_cast<std::uint64_t>(status.st_size);
        found.touched = touchedAt(status);
        const std::string name = found.path.filename().string();
        if (isSha256(name) && found.path == pathOf(name))
            found.sha256 = name;
        else if (found.path.parent_path() != folder_ / unfinished)
            continue;
        visit(found);
    }
}

bool Blobs::erase(const Found& found, Micros before, const std::function<bool()>& unused) {
    const std::lock_guard lock(pins_->mutex);
    if (pins_->held.contains(found.sha256)) return false;
    struct stat status {};
    if (::stat(found.path.c_str(), &status) != 0 || touchedAt(status) >= before || !unused()) return false;
    return ::unlink(found.path.c_str()) == 0;
}

std::uint64_t Blobs::freeBytes() const {
    struct statvfs disk {};
    if (::statvfs(folder_.c_str(), &disk) != 0) fail(errno, "statvfs");
    return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
}

std::string sha256Of(int descriptor) {
    Sha256 digest;
    std::string buffer(piece, '\0');
    for (off_t at = 0;;) {
        const ssize_t count = ::pread(descriptor, buffer.data(), buffer.size(), at);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(errno, "reading a file");
        if (count == 0) return digest.hex();
        digest.add({buffer.data(), static_cast<std::size_t>(count)});
        at += count;
    }
}

} // namespace dalate::services::files
