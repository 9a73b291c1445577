// SPDX-License-Identifier: Apache-2.0
// Token buckets, one for each (class, client) seen lately, in sixteen independently locked tables. A bucket
// that is full again says nothing and is swept when its table has grown.
#pragma once

#include "base/Clock.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace dalate::gateway {

/// So many requests in so much time, evenly refilled.
struct Rate {
    double requests = 0;
    Micros per = 60'000'000;
};

/// Limits requests by class and client. In memory of this process; safe from any thread.
class RateLimit {
public:
    /// Takes one from the bucket; 0, or microseconds until the next may come.
    Micros take(std::string_view routeClass, std::string_view client, const Rate& rate, Micros steadyTime);

private:
    static constexpr std::size_t shardCount = 16;
    static constexpr std::size_t sweepAbove = 20'000;

    struct Bucket {
        double left = 0;
        Micros last = 0;
        Micros fullAt = 0;
    };
    struct Shard {
        std::mutex mutex;
        std::unordered_map<std::uint64_t, Bucket> buckets;
    };
    std::array<Shard, shardCount> shards_;
};

} // namespace dalate::gateway
