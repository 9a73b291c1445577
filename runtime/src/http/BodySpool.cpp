// SPDX-License-Identifier: Apache-2.0
#include "http/BodySpool.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace dalate::http {

void Descriptor::reset() noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

SpoolSpace::SpoolSpace(std::filesystem::path directory, std::uint64_t quota, std::atomic<std::int64_t>& used)
    : directory_(std::move(directory)), quota_(static_cast<std::int64_t>(quota)), used_(used) {}

void SpoolSpace::reserve(std::uint64_t bytes) {
    const auto wanted = static_cast<std::int64_t>(bytes);
    if (used_.fetch_add(wanted, std::memory_order_relaxed) + wanted <= quota_) return;
    used_.fetch_sub(wanted, std::memory_order_relaxed);
    throw SpoolFull();
}

void SpoolSpace::release(std::uint64_t bytes) noexcept {
    used_.fetch_sub(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
}

Descriptor SpoolSpace::makeFile() const {
    Descriptor file(::open(directory_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file) return file;
    // Not every file system knows O_TMPFILE (overlay, some network ones).
    std::string name = (directory_ / "dalate-spool-XXXXXX").string();
    file = Descriptor(::mkostemp(name.data(), O_CLOEXEC));
    if (!file)
        throw std::system_error(errno, std::generic_category(), "spool file in " + directory_.string());
    ::unlink(name.c_str());
    return file;
}

BodySpool::BodySpool(BodySpool&& other) noexcept
    : space_(other.space_), memoryLimit_(other.memoryLimit_), memory_(std::move(other.memory_)),
      file_(std::move(other.file_)), size_(std::exchange(other.size_, 0)),
      map_(std::exchange(other.map_, nullptr)) {
    other.memory_.clear();
}

BodySpool& BodySpool::operator=(BodySpool&& other) noexcept {
    clear();
    space_ = other.space_;
    memoryLimit_ = other.memoryLimit_;
    memory_ = std::move(other.memory_);
    other.memory_.clear();
    file_ = std::move(other.file_);
    size_ = std::exchange(other.size_, 0);
    map_ = std::exchange(other.map_, nullptr);
    return *this;
}

BodySpool::~BodySpool() {
    clear();
}

void BodySpool::append(std::string_view bytes) {
    if (bytes.empty()) return;
    unmap();
    space_->reserve(bytes.size());
    size_ += bytes.size();
    if (!file_) {
        if (size_ <= memoryLimit_) {
            memory_.append(bytes);
            return;
        }
        spill();
    }
    while (!bytes.empty()) {
        const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw std::system_error(errno, std::generic_category(), "writing to a spool file");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void BodySpool::spill() {
    file_ = space_->makeFile();
    std::string_view rest = memory_;
    while (!rest.empty()) {
        const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw std::system_error(errno, std::generic_category(), "writing to a spool file");
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    memory_ = std::string();
}

void BodySpool::adopt(std::string bytes) {
    space_->reserve(bytes.size());
    size_ = bytes.size();
    memory_ = std::move(bytes);
}

void BodySpool::clear() noexcept {
    unmap();
    if (size_ > 0) space_->release(size_);
    size_ = 0;
    memory_.clear();
    file_.reset();
}

std::string_view BodySpool::bytes() const {
    if (!file_) return memory_;
    if (!map_) {
        void* map = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file_.get(), 0);
        if (map == MAP_FAILED)
            throw std::system_error(errno, std::generic_category(), "mapping a spool file");
        map_ = map;
    }
    return {static_cast<const char*>(map_), size_};
}

void BodySpool::unmap() const noexcept {
    if (map_) ::munmap(map_, size_);
    map_ = nullptr;
}

} // namespace dalate::http
