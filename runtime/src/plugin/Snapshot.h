// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/RouteTable.h"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace dalate::plugin {

/// All that is active at one moment. Immutable.
class Snapshot {
public:
    Snapshot(std::uint64_t epoch, std::vector<Lease> active);

    std::uint64_t epoch() const noexcept { return epoch_; }
    const RouteTable& routes() const noexcept { return routes_; }
    /// Active generations by id.
    const std::vector<Lease>& active() const noexcept { return active_; }
    /// The active generation of a plugin, or null.
    Lease find(std::string_view plugin) const noexcept;
    /// The active generation that provides a service ("people/1"), or null.
    Lease provider(std::string_view nameMajor) const noexcept;

private:
    std::uint64_t epoch_;
    std::vector<Lease> active_;
    RouteTable routes_;
};

/// The snapshot in force. `get` costs one uncontended lock: every thread reads its own slot, and each slot
/// has a reference count of its own, so workers share no cache line. (std::atomic<shared_ptr> of libstdc++ 12
/// turns the thread sanitizer red.) `publish` fills every slot, so an idle thread never keeps an old
/// snapshot, and with it a plugin that should end, alive.
class Current {
public:
    Current();

    /// Hold it no longer than it takes to find and lease what is called. Safe from any thread.
    std::shared_ptr<const Snapshot> get() const;

    /// From the reconciler only. When it returns no slot has the old one.
    void publish(const std::shared_ptr<const Snapshot>& next);

private:
    struct alignas(64) Slot {
        mutable std::mutex mutex;
        std::shared_ptr<const Snapshot> snapshot;
    };
    std::array<Slot, 32> slots_;
};

} // namespace dalate::plugin
