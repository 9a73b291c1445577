// SPDX-License-Identifier: Apache-2.0
// Failed sign-ins are counted three ways: by account and network (/24, /64) together, by network, by account.
// Each failure of the pair doubles the wait from 100 ms to 30 s; a network that fails on many accounts waits
// as a whole; an account that fails from many networks makes the pairs that have failed before wait longer.
// No count ever keeps out a first try from a network that has not failed, so an attacker cannot lock an owner
// out.
#pragma once

#include "base/Clock.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace dalate::identity {

/// Waits between failed sign-ins. In memory of this process; safe from any thread.
class Throttle {
public:
    static constexpr Micros base = 100'000;
    static constexpr Micros most = 30'000'000;
    static constexpr Micros memory = Micros{12} * 3600 * 1'000'000;
    /// Failures of one network on any accounts before it waits as a whole: an office shares one address.
    static constexpr int networkGrace = 20;

    /// `capacity` bounds the counters kept; above it the oldest go.
    explicit Throttle(std::size_t capacity = 100'000);

    /// Microseconds to wait before another try is looked at; 0: go on. A try inside the wait costs nothing.
    Micros wait(std::string_view login, std::string_view address, Micros time) const;
    void failed(std::string_view login, std::string_view address, Micros time);
    /// Forgets the pair and the account; the network's count stays.
    void succeeded(std::string_view login, std::string_view address);

private:
    struct Count {
        int failures = 0;
        Micros last = 0;
    };
    Count at(const std::string& key, Micros time) const;
    void raise(const std::string& key, Micros time);

    mutable std::mutex mutex_;
    std::unordered_map<std::string, Count> counts_;
    std::size_t capacity_;
};

} // namespace dalate::identity
