// SPDX-License-Identifier: Apache-2.0
#include "plugin/Snapshot.h"

#include <algorithm>
#include <atomic>

namespace dalate::plugin {
namespace {

/// Threads take slots in turn; with more threads than slots some share one, which costs speed and nothing
/// else.
std::size_t slotOfThisThread() noexcept {
    static std::atomic<std::size_t> next{0};
    thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed);
    return mine;
}

} // namespace

Snapshot::Snapshot(std::uint64_t epoch, std::vector<Lease> active)
    : epoch_(epoch), active_(std::move(active)) {
    std::sort(active_.begin(), active_.end(),
              [](const Lease& a, const Lease& b) { return a->id() < b->id(); });
    for (const Lease& generation : active_)
        routes_.add(generation);
}

Lease Snapshot::find(std::string_view plugin) const noexcept {
    const auto at = std::lower_bound(active_.begin(), active_.end(), plugin,
                                     [](const Lease& g, std::string_view id) { return g->id() < id; });
    return at != active_.end() && (*at)->id() == plugin ? *at : nullptr;
}

Lease Snapshot::provider(std::string_view nameMajor) const noexcept {
    const Lease found = find(nameMajor.substr(0, nameMajor.find('/')));
    if (!found) return nullptr;
    for (const Provided& p : found->manifest().provides)
        if (p.service == nameMajor) return found;
    return nullptr;
}

Current::Current() {
    publish(std::make_shared<const Snapshot>(0, std::vector<Lease>()));
}

std::shared_ptr<const Snapshot> Current::get() const {
    const Slot& slot = slots_[slotOfThisThread() % slots_.size()];
    const std::lock_guard lock(slot.mutex);
    return slot.snapshot;
}

void Current::publish(const std::shared_ptr<const Snapshot>& next) {
    for (Slot& slot : slots_) {
        // A control block of its own a slot; the one it stands for lives as long as it does.
        std::shared_ptr<const Snapshot> own(next.get(),
                                            [keep = next](const Snapshot*) mutable { keep.reset(); });
        {
            const std::lock_guard lock(slot.mutex);
            slot.snapshot.swap(own);
        }
        // `own` holds the old one now; it goes outside the lock, since ending a snapshot may end generations.
    }
}

} // namespace dalate::plugin
