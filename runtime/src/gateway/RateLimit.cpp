// SPDX-License-Identifier: Apache-2.0
#include "gateway/RateLimit.h"

#include <algorithm>
#include <functional>

namespace dalate::gateway {

Micros RateLimit::take(std::string_view routeClass, std::string_view client, const Rate& rate,
                       Micros steadyTime) {
    if (rate.requests <= 0 || rate.per <= 0) return 0;
    const std::uint64_t key =
        std::hash<std::string_view>{}(routeClass)*0x9e3779b97f4a7c15u ^ std::hash<std::string_view>{}(client);
    Shard& shard = shards_[(key >> 17) % shardCount];
    const double each = static_cast<double>(rate.per) / rate.requests;
    const double most = std::max(1.0, rate.requests);

    const std::lock_guard lock(shard.mutex);
    if (shard.buckets.size() > sweepAbove)
        std::erase_if(shard.buckets,
                      [steadyTime](const auto& item) { return item.second.fullAt <= steadyTime; });
    const auto [at, fresh] = shard.buckets.try_emplace(key, Bucket{most, steadyTime, steadyTime});
    Bucket& bucket = at->second;
    if (!fresh) {
        const double refilled = static_cast<double>(std::max<Micros>(0, steadyTime - bucket.last)) / each;
        bucket.left = std::min(most, bucket.left + refilled);
        bucket.last = steadyTime;
    }
    if (bucket.left < 1.0) return std::max<Micros>(1, static_cast<Micros>((1.0 - bucket.left) * each));
    bucket.left -= 1.0;
    bucket.fullAt = steadyTime + static_cast<Micros>((most - bucket.left) * each);
    return 0;
}

} // namespace dalate::gateway
