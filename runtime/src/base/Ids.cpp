// SPDX-License-Identifier: Apache-2.0
#include "base/Ids.h"

#include "base/Clock.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <openssl/rand.h>

namespace dalate {

namespace {

constexpr Micros epoch = 1'577'836'800'000'000; // 2020-01-01, so that 41 bits last until 2089
constexpr int sequenceBits = 16;
constexpr int nodeBits = 6;

std::atomic<std::int64_t> last{0}; // milliseconds << sequenceBits | sequence
std::atomic<std::int64_t> node{0};

} // namespace

std::int64_t newId() {
    const std::int64_t clock = (dalate::now() - epoch) / 1000 << sequenceBits;
    std::int64_t before = last.load(std::memory_order_relaxed);
    std::int64_t next = 0;
    do {
        // A clock that stands still or steps back only makes the sequence run on.
        next = clock > before ? clock : before + 1;
    } while (!last.compare_exchange_weak(before, next, std::memory_order_relaxed));
    const std::int64_t millis = next >> sequenceBits;
    const std::int64_t sequence = next & ((1 << sequenceBits) - 1);
    return millis << (nodeBits + sequenceBits) | node.load(std::memory_order_relaxed) << sequenceBits | sequence;
}

void setIdNode(unsigned number) {
    if (number >= 1u << nodeBits) throw std::out_of_range("id node must be below 64");
    node = number;
}

std::string randomHex(std::size_t bytes) {
    std::vector<unsigned char> raw(bytes);
    if (RAND_bytes(raw.data(), static_cast<int>(bytes)) != 1) throw std::runtime_error("no random bytes");
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes * 2);
    for (const unsigned char b : raw) {
        text += digits[b >> 4];
        text += digits[b & 15];
    }
    return text;
}

} // namespace dalate
