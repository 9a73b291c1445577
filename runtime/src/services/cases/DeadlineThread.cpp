// SPDX-License-Identifier: Apache-2.0
#include "services/cases/DeadlineThread.h"

#include "base/Log.h"
#include "services/Declared.h"
#include "services/cases/Deadlines.h"
#include "services/cases/Engine.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace dalate::services::cases {

namespace {

constexpr Micros longestSleep = 500'000;
/// Of one plugin before the others have their turn.
constexpr std::int64_t batch = 64;
/// How long other writers wait for one transaction at most, a slow side effect apart.
constexpr Micros longestTurn = 20'000;
constexpr Micros firstPause = 1'000'000, longestPause = 60'000'000;

} // namespace

DeadlineThread::DeadlineThread(storage::Pool& pool, Engine& engine) : pool_(pool), engine_(engine) {}

DeadlineThread::~DeadlineThread() {
    stop();
}

void DeadlineThread::start() {
    thread_ = std::thread([this] { run(); });
}

void DeadlineThread::stop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void DeadlineThread::wake(Micros at) noexcept {
    {
        const std::lock_guard lock(mutex_);
        told_ = std::min(told_.value_or(at), at);
    }
    changed_.notify_all();
}

void DeadlineThread::reckon() noexcept {
    {
        const std::lock_guard lock(mutex_);
        reckonAll_ = true;
    }
    wake(0);
}

DeadlineThread::Counters DeadlineThread::counters() const noexcept {
    return {fired_, putOff_};
}

void DeadlineThread::run() {
    for (;;) {
        std::optional<Micros> next;
        try {
            fireDue();
            next = this->next();
        } catch (const std::exception& fault) {
            // The database is away or full: the rows wait, and so does the thread.
            log::warning("core.case.deadlines_wait");
        }
        std::unique_lock lock(mutex_);
        for (;;) {
            if (stopping_) return;
            if (told_) next = std::min(next.value_or(*told_), *told_);
            told_.reset();
            const Micros at = engine_.parts().clock();
            const Micros pause = std::clamp<Micros>(next.value_or(at + longestSleep) - at, 0, longestSleep);
            if (pause == 0) break;
            if (changed_.wait_for(lock, std::chrono::microseconds(pause)) == std::cv_status::timeout) break;
        }
    }
}

std::uint64_t DeadlineThread::fireDue() {
    const std::uint64_t before = fired_;
    for (bool more = true; more;) {
        more = false;
        reckonWhatIsNew();
        for (const auto& declared : engine_.parts().declarations.all()) {
            std::vector<Deadlines::Due> due;
            {
                const auto lease = pool_.lease();
                storage::Tx tx(*lease, storage::Tx::Mode::read);
                due = Deadlines::due(tx, declared->plugin, engine_.parts().clock(), batch);
            }
            for (std::size_t at = 0; at < due.size();) {
                {
                    const std::lock_guard lock(mutex_);
                    if (stopping_) return fired_ - before;
                }
                at = fireSome(due, at);
            }
            if (!due.empty()) more = true;
        }
    }
    return fired_ - before;
}

void DeadlineThread::reckonWhatIsNew() {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(reckonAll_, false)) reckoned_.clear();
    }
    std::erase_if(reckoned_, [&](const auto& one) { return !engine_.parts().declarations.find(one.first); });
    for (const auto& declared : engine_.parts().declarations.all()) {
        std::shared_ptr<const Declared>& with = reckoned_[declared->plugin];
        if (with == declared) continue;
        // Some at a time: other writers wait for no more than that.
        std::int64_t moved = 0;
        for (std::optional<std::int64_t> behind = 0; behind;) {
            const auto lease = pool_.lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            behind = engine_.reckon(tx, declared->plugin, *behind, batch, moved);
            tx.commit();
        }
        with = declared;
    }
}

std::size_t DeadlineThread::fireSome(const std::vector<Deadlines::Due>& due, std::size_t from) {
    const auto lease = pool_.lease();
    AfterCommit after;
    std::uint64_t fired = 0;
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const Micros until = steadyNow() + longestTurn;
    do {
        fired += fireOne(tx, after, due[from]);
        ++from;
    } while (from < due.size() && steadyNow() < until);
    tx.commit();
    fired_ += fired;
    for (const auto& then : after)
        then();
    return from;
}

bool DeadlineThread::fireOne(storage::Tx& tx, AfterCommit& after, const Deadlines::Due& one) {
    const std::size_t kept = after.size();
    try {
        storage::Tx::Savepoint part(tx);
        const bool fired = engine_.fire(tx, after, one.id, one.rung);
        part.release();
        return fired;
    } catch (const Error& error) {
        after.resize(kept);
        log::warning("core.case.rung_put_off", Value::map([&](MapWriter& m) {
                         m.set("deadline", std::to_string(one.id)).set("rung", one.rung).set("error", error.id());
                     }));
    }
    // Where the database itself is at fault this throws too, and the whole transaction is given up.
    if (const auto row = Deadlines::find(tx, one.id)) {
        const Micros pause = std::min(longestPause, firstPause << std::min<std::int64_t>(row->tries, 6));
        Deadlines::putOff(tx, one.id, one.rung, engine_.parts().clock() + pause);
    }
    ++putOff_;
    return false;
}

std::optional<Micros> DeadlineThread::next() {
    std::optional<Micros> first;
    const auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    for (const auto& declared : engine_.parts().declarations.all())
        if (const auto at = Deadlines::next(tx, declared->plugin)) first = std::min(first.value_or(*at), *at);
    return first;
}

} // namespace dalate::services::cases
