// SPDX-License-Identifier: Apache-2.0
// A spool is a string until it outgrows its memory limit, then a file without a name: a crash leaves nothing
// behind. All spools of a front draw on one quota.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace dalate::http {

/// An open file descriptor with one owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() { reset(); }

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    void reset() noexcept;
    /// Gives the descriptor to the caller.
    int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_ = -1;
};

/// The quota of all spools is used up; a request is answered with 507.
class SpoolFull : public std::runtime_error {
public:
    SpoolFull() : std::runtime_error("the spool's quota is used up") {}
};

/// Where spools lie and how much they may hold together. Shared by all threads.
class SpoolSpace {
public:
    /// `used` counts the octets held; it must outlive the space.
    SpoolSpace(std::filesystem::path directory, std::uint64_t quota, std::atomic<std::int64_t>& used);

    /// Throws `SpoolFull`.
    void reserve(std::uint64_t bytes);
    void release(std::uint64_t bytes) noexcept;
    /// A new file without a name, read and write. Throws `std::system_error`.
    Descriptor makeFile() const;

private:
    std::filesystem::path directory_;
    std::int64_t quota_;
    std::atomic<std::int64_t>& used_;
};

/// Octets collected in order. One owner at a time.
class BodySpool {
public:
    BodySpool(SpoolSpace& space, std::size_t memoryLimit) : space_(&space), memoryLimit_(memoryLimit) {}
    BodySpool(BodySpool&& other) noexcept;
    BodySpool& operator=(BodySpool&& other) noexcept;
    ~BodySpool();

    /// Throws `SpoolFull`, or `std::system_error` when the disk fails; the spool is then as before or shorter
    /// than asked, and fit only to be destroyed.
    void append(std::string_view bytes);
    /// Takes over a whole body; the spool must be empty. Stays in memory whatever its size.
    void adopt(std::string bytes);
    void clear() noexcept;

    std::uint64_t size() const noexcept { return size_; }
    /// The whole content; maps the file if there is one. Valid until the next change.
    std::string_view bytes() const;
    /// The descriptor when the content lies in a file.
    std::optional<int> file() const noexcept {
        return file_ ? std::optional<int>(file_.get()) : std::nullopt;
    }

private:
    void spill();
    void unmap() const noexcept;

    SpoolSpace* space_;
    std::size_t memoryLimit_;
    std::string memory_;
    Descriptor file_;
    std::uint64_t size_ = 0;
    mutable void* map_ = nullptr;
};

} // namespace dalate::http
