// SPDX-License-Identifier: Apache-2.0
#include "services/events/EventThread.h"

#include "base/Log.h"
#include "services/Declared.h"
#include "services/events/Outbox.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <chrono>

namespace dalate::services::events {

namespace {

constexpr std::chrono::milliseconds longestSleep{500};
/// Of one subscriber before the others have their turn.
constexpr int batch = 32;
constexpr Micros purgeEvery = 3'600'000'000;
constexpr std::int64_t purgeBatch = 1000;

} // namespace

EventThread::EventThread(storage::Pool& pool, const Declarations& declarations, PluginCalls& calls,
                         std::function<Micros()> clock)
    : pool_(pool), declarations_(declarations), clock_(clock), delivery_(pool, calls, std::move(clock)) {}

EventThread::~EventThread() {
    stop();
}

void EventThread::start() {
    thread_ = std::thread([this] { run(); });
}

void EventThread::stop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    told_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void EventThread::wake() noexcept {
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    told_.notify_all();
}

void EventThread::changed() noexcept {
    changed_ = true;
    wake();
}

EventThread::Counters EventThread::counters() const noexcept {
    return {delivered_, failed_, dead_};
}

bool EventThread::stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void EventThread::run() {
    while (!stopping()) {
        try {
            deliverDue();
            if (steadyNow() >= nextPurge_) {
                purge();
                nextPurge_ = steadyNow() + purgeEvery;
            }
        } catch (const std::exception&) {
            // The database is away or full: the rows wait, and so does the thread.
            log::warning("core.event.wait");
        }
        std::unique_lock lock(mutex_);
        told_.wait_for(lock, longestSleep, [this] { return stopping_ || woken_; });
        woken_ = false;
    }
}

void EventThread::follow() {
    if (!changed_.exchange(false)) return;
    try {
        const auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        for (const auto& declared : declarations_.all()) Cursors::follow(tx, *declared);
        tx.commit();
    } catch (...) {
        changed_ = true;
        throw;
    }
}

std::uint64_t EventThread::deliverDue() {
    const std::uint64_t before = delivered_;
    follow();
    for (bool more = true; more;) {
        more = false;
        for (const auto& declared : declarations_.all()) {
            if (declared->subscribes.empty()) continue;
            if (deliverSome(declared->plugin)) more = true;
            if (stopping()) return delivered_ - before;
        }
    }
    return delivered_ - before;
}

bool EventThread::deliverSome(std::string_view plugin) {
    const bool replayed = count(delivery_.replay(plugin));
    for (int at = 0; at < batch; ++at)
        if (stopping() || !count(delivery_.next(plugin))) return replayed;
    return true;
}

bool EventThread::count(Delivery::Outcome outcome) {
    if (outcome == Delivery::Outcome::delivered) ++delivered_;
    if (outcome == Delivery::Outcome::failed) ++failed_;
    if (outcome == Delivery::Outcome::dead) ++dead_;
    return outcome == Delivery::Outcome::delivered || outcome == Delivery::Outcome::dead;
}

std::int64_t EventThread::purge() {
    std::int64_t gone = 0;
    for (std::int64_t some = purgeBatch; some == purgeBatch && !stopping();) {
        const auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        some = Outbox::purge(tx, clock_() - keep, purgeBatch);
        tx.commit();
        gone += some;
    }
    return gone;
}

} // namespace dalate::services::events
