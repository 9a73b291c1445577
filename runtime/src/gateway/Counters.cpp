// SPDX-License-Identifier: Apache-2.0
#include "gateway/Counters.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace dalate::gateway {
namespace {

std::uint64_t load(const std::atomic<std::uint64_t>& counter) {
    return counter.load(std::memory_order_relaxed);
}

void appendFront(std::string& out, const http::Metrics& front) {
    const auto one = [&out](std::string_view name, std::string_view type, auto value) {
        fmt::format_to(std::back_inserter(out), "# TYPE dalate_http_{0} {1}\ndalate_http_{0} {2}\n", name,
                       type, value);
    };
    one("connections_accepted_total", "counter", load(front.accepted));
    one("connections_open", "gauge", front.open.load(std::memory_order_relaxed));
    one("connections_turned_away_total", "counter", load(front.turnedAway));
    one("requests_whole_total", "counter", load(front.requests));
    one("requests_queued", "gauge", front.queued.load(std::memory_order_relaxed));
    one("requests_working", "gauge", front.working.load(std::memory_order_relaxed));
    one("bytes_in_total", "counter", load(front.bytesIn));
    one("bytes_out_total", "counter", load(front.bytesOut));
    one("connections_too_slow_total", "counter", load(front.tooSlow));
    one("spooled_bytes", "gauge", front.spooled.load(std::memory_order_relaxed));
    out += "# TYPE dalate_http_refused_total counter\n";
    for (int status = 400; status < 600; ++status)
        if (const auto refused = front.refused(status); refused != 0)
            fmt::format_to(std::back_inserter(out), "dalate_http_refused_total{{status=\"{}\"}} {}\n", status,
                           refused);
}

} // namespace

Counters::OfClass& Counters::of(std::string_view routeClass) {
    {
        const std::shared_lock lock(mutex_);
        if (const auto found = classes_.find(routeClass); found != classes_.end()) return *found->second;
    }
    const std::unique_lock lock(mutex_);
    auto& made = classes_[std::string(routeClass)];
    if (!made) made = std::make_unique<OfClass>();
    return *made;
}

void Counters::count(std::string_view routeClass, int status, Micros took) {
    OfClass& counters = of(routeClass);
    const auto family = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
    counters.statuses[family].fetch_add(1, std::memory_order_relaxed);
    const auto bucket =
        static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), took) - bounds.begin());
    counters.buckets[bucket].fetch_add(1, std::memory_order_relaxed);
    counters.sum.fetch_add(static_cast<std::uint64_t>(std::max<Micros>(0, took)), std::memory_order_relaxed);
}

std::string Counters::prometheus(const http::Metrics* front) const {
    std::string out;
    const std::shared_lock lock(mutex_);
    out += "# TYPE dalate_requests_total counter\n";
    for (const auto& [name, counters] : classes_)
        for (std::size_t family = 0; family < counters->statuses.size(); ++family)
            fmt::format_to(std::back_inserter(out),
                           "dalate_requests_total{{class=\"{}\",status=\"{}xx\"}} {}\n", name, family + 1,
                           load(counters->statuses[family]));
    out += "# TYPE dalate_request_seconds histogram\n";
    for (const auto& [name, counters] : classes_) {
        std::uint64_t total = 0;
        for (std::size_t i = 0; i < bounds.size(); ++i) {
            total += load(counters->buckets[i]);
            fmt::format_to(std::back_inserter(out),
                           "dalate_request_seconds_bucket{{class=\"{}\",le=\"{:g}\"}} {}\n", name,
                           static_cast<double>(bounds[i]) / 1e6, total);
        }
        total += load(counters->buckets[bounds.size()]);
        fmt::format_to(std::back_inserter(out),
                       "dalate_request_seconds_bucket{{class=\"{0}\",le=\"+Inf\"}} {1}\n"
                       "dalate_request_seconds_sum{{class=\"{0}\"}} {2:.6f}\n"
                       "dalate_request_seconds_count{{class=\"{0}\"}} {1}\n",
                       name, total, static_cast<double>(load(counters->sum)) / 1e6);
    }
    if (front != nullptr) appendFront(out, *front);
    return out;
}

} // namespace dalate::gateway
