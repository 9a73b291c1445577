// SPDX-License-Identifier: Apache-2.0
// Bytes that the host hands to a plugin live here until the invoke that received them returns. A thread has
// one arena for all its calls; a call marks its height when it begins and falls back to it when it ends, so a
// nested service call stacks above its caller. Blocks are kept from call to call, large single runs are not.
#pragma once

#include <dalate/value.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace dalate::host {

/// A stack of byte runs. Used by one thread.
class Arena {
public:
    /// A height to fall back to.
    struct Mark {
        std::size_t block = 0;
        std::size_t used = 0;
        std::size_t adopted = 0;
    };

    /// The calling thread's arena; lives as long as the thread.
    static Arena& ofThread();

    /// Room for `n` bytes, aligned for any scalar; valid until `release` of a mark taken before.
    char* take(std::size_t n);
    /// A copy of `bytes`.
    std::string_view copy(std::string_view bytes);
    /// Takes a whole value over without copying it: for documents and other large results.
    std::string_view adopt(Value value);
    std::string_view adopt(std::string bytes) { return adopt(Value::adopt(std::move(bytes))); }

    Mark mark() const noexcept { return {current_, used_, adopted_.size()}; }
    /// Drops everything taken since `mark`.
    void release(const Mark& mark) noexcept;

private:
    static constexpr std::size_t blockSize = 64 * 1024;
    static constexpr std::size_t keptBlocks = 8;

    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t current_ = 0;
    std::size_t used_ = 0;
    std::vector<std::variant<std::unique_ptr<char[]>, std::unique_ptr<const Value>>> adopted_;
};

} // namespace dalate::host
