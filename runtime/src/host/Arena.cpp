// SPDX-License-Identifier: Apache-2.0
#include "host/Arena.h"

#include <cstring>

namespace dalate::host {

Arena& Arena::ofThread() {
    thread_local Arena arena;
    return arena;
}

char* Arena::take(std::size_t n) {
    n = (n + alignof(std::max_align_t) - 1) & ~(alignof(std::max_align_t) - 1);
    if (n > blockSize / 4) {
        auto run = std::make_unique<char[]>(n);
        char* const bytes = run.get();
        adopted_.emplace_back(std::move(run));
        return bytes;
    }
    if (!blocks_.empty() && used_ + n > blockSize) {
        ++current_;
        used_ = 0;
    }
    if (current_ >= blocks_.size()) blocks_.push_back(std::make_unique<char[]>(blockSize));
    char* run = blocks_[current_].get() + used_;
    used_ += n;
    return run;
}

std::string_view Arena::copy(std::string_view bytes) {
    if (bytes.empty()) return {};
    char* run = take(bytes.size());
    std::memcpy(run, bytes.data(), bytes.size());
    return {run, bytes.size()};
}

std::string_view Arena::adopt(Value value) {
    auto kept = std::make_unique<const Value>(std::move(value));
    const std::string_view bytes = kept->bytes();
    adopted_.emplace_back(std::move(kept));
    return bytes;
}

void Arena::release(const Mark& mark) noexcept {
    current_ = mark.block;
    used_ = mark.used;
    adopted_.resize(mark.adopted);
    const std::size_t keep = current_ + keptBlocks;
    if (blocks_.size() > keep) blocks_.resize(keep);
}

} // namespace dalate::host
