// SPDX-License-Identifier: Apache-2.0
#include "identity/Throttle.h"

#include <algorithm>
#include <vector>

namespace dalate::identity {
namespace {

/// The /24 of an IPv4 address, the first four groups of an IPv6 address (a /64, as far as it is written out).
std::string network(std::string_view address) {
    if (address.find(':') == std::string_view::npos)
        return std::string(address.substr(0, address.rfind('.')));
    std::size_t end = 0;
    for (int groups = 0; groups < 4 && end != std::string_view::npos; ++groups) {
        end = address.find(':', end == 0 ? 0 : end + 1);
        if (end != std::string_view::npos && address.substr(end, 2) == "::") break;
    }
    return std::string(address.substr(0, end));
}

Micros doubled(int failures) noexcept {
    if (failures <= 0) return 0;
    if (failures > 9) return Throttle::most;
    return std::min(Throttle::most, Throttle::base << (failures - 1));
}

std::string pairKey(std::string_view login, std::string_view net) {
    std::string key = "p ";
    key.append(net).append(" ").append(login);
    return key;
}
std::string networkKey(std::string_view net) {
    return "n " + std::string(net);
}
std::string accountKey(std::string_view login) {
    return "a " + std::string(login);
}

} // namespace

Throttle::Throttle(std::size_t capacity) : capacity_(capacity) {}

Throttle::Count Throttle::at(const std::string& key, Micros time) const {
    const auto found = counts_.find(key);
    if (found == counts_.end() || time - found->second.last > memory) return {};
    return found->second;
}

void Throttle::raise(const std::string& key, Micros time) {
    if (counts_.size() >= capacity_ && counts_.find(key) == counts_.end()) {
        // One sweep frees a tenth at least: whatever is older than the median of a sample would need a sort;
        // the oldest tenth by time is enough and runs once in capacity/10 failures.
        std::vector<Micros> ages;
        ages.reserve(counts_.size());
        for (const auto& [name, count] : counts_)
            ages.push_back(count.last);
        const auto tenth = ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 10);
        std::nth_element(ages.begin(), tenth, ages.end());
        const Micros limit = *tenth;
        std::erase_if(counts_, [limit](const auto& item) { return item.second.last <= limit; });
    }
    Count& count = counts_[key];
    if (time - count.last > memory) count.failures = 0;
    ++count.failures;
    count.last = time;
}

Micros Throttle::wait(std::string_view login, std::string_view address, Micros time) const {
    const std::string net = network(address);
    const std::lock_guard lock(mutex_);
    const Count pair = at(pairKey(login, net), time);
    const Count whole = at(networkKey(net), time);
    Micros until = 0;
    if (pair.failures > 0) {
        const int spread = at(accountKey(login), time).failures / 10;
        until = pair.last + doubled(pair.failures + spread);
    }
    if (whole.failures > networkGrace)
        until = std::max(until, whole.last + doubled(whole.failures - networkGrace));
    return std::max<Micros>(0, until - time);
}

void Throttle::failed(std::string_view login, std::string_view address, Micros time) {
    const std::string net = network(address);
    const std::lock_guard lock(mutex_);
    raise(pairKey(login, net), time);
    raise(networkKey(net), time);
    raise(accountKey(login), time);
}

void Throttle::succeeded(std::string_view login, std::string_view address) {
    const std::string net = network(address);
    const std::lock_guard lock(mutex_);
    counts_.erase(pairKey(login, net));
    counts_.erase(accountKey(login));
}

} // namespace dalate::identity
