// SPDX-License-Identifier: Apache-2.0
// A class of routes is the core's pages, the static files, or one plugin. Each has plain atomics; classes are
// made on first use and never go, so a reader needs the lock only to find one.
#pragma once

#include "base/Clock.h"
#include "http/Metrics.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>

namespace dalate::gateway {

/// What was answered, how often and how fast. Safe from any thread.
class Counters {
public:
    /// Upper bounds in microseconds of the histogram's buckets; one more is open.
    static constexpr std::array<Micros, 12> bounds{
        500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000, 1'000'000, 2'500'000, 10'000'000};

    void count(std::string_view routeClass, int status, Micros took);
    /// The Prometheus text format 0.0.4 of everything counted here, and of the front's counters when given.
    std::string prometheus(const http::Metrics* front) const;

private:
    struct OfClass {
        std::array<std::atomic<std::uint64_t>, 5> statuses{};
        std::array<std::atomic<std::uint64_t>, bounds.size() + 1> buckets{};
        std::atomic<std::uint64_t> sum{0};
    };
    OfClass& of(std::string_view routeClass);

    mutable std::shared_mutex mutex_;
    std::map<std::string, std::unique_ptr<OfClass>, std::less<>> classes_;
};

} // namespace dalate::gateway
