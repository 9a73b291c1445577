// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace dalate::http {

/// Counters of one front; read from any thread at any time, each for itself (no common instant).
struct Metrics {
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::int64_t> open{0};
    /// Connections turned away at once: too many in all, or from one address.
    std::atomic<std::uint64_t> turnedAway{0};
    /// Whole requests handed to workers.
    std::atomic<std::uint64_t> requests{0};
    /// Whole requests waiting for a worker, and inside handlers.
    std::atomic<std::int64_t> queued{0};
    std::atomic<std::int64_t> working{0};
    std::atomic<std::uint64_t> bytesIn{0};
    std::atomic<std::uint64_t> bytesOut{0};
    /// Connections closed because a peer was too slow or silent in the middle of a request or an answer.
    std::atomic<std::uint64_t> tooSlow{0};
    /// Octets held by request and answer spools now.
    std::atomic<std::int64_t> spooled{0};

    /// Answers given by the front itself, by status 400 to 599.
    std::uint64_t refused(int status) const noexcept {
        return inRange(status)
                   ? refusals_[static_cast<std::size_t>(status - 400)].load(std::memory_order_relaxed)
                   : 0;
    }
    void countRefusal(int status) noexcept {
        if (inRange(status))
            refusals_[static_cast<std::size_t>(status - 400)].fetch_add(1, std::memory_order_relaxed);
    }

private:
    static bool inRange(int status) noexcept { return status >= 400 && status < 600; }
    std::array<std::atomic<std::uint64_t>, 200> refusals_{};
};

} // namespace dalate::http
