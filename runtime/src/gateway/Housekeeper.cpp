// SPDX-License-Identifier: Apache-2.0
#include "gateway/Housekeeper.h"

#include "base/Log.h"
#include "identity/Sessions.h"
#include "services/forms/DraftFiles.h"
#include "services/forms/Drafts.h"
#include "storage/Session.h"
#include "storage/Tx.h"

namespace dalate::gateway {
namespace {

// Sessions and drafts that are over are refused anyway; deleting them only keeps the tables small.
constexpr int roundsBetweenPurges = 120;

} // namespace

Housekeeper::Housekeeper(storage::Pool& pool, identity::Uses& uses, std::chrono::milliseconds every)
    : pool_(pool), uses_(uses), every_(every), thread_([this] { run(); }) {}

Housekeeper::~Housekeeper() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_all();
    thread_.join();
    keep(Round::uses);
}

void Housekeeper::run() {
    int rounds = 0;
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, every_, [this] { return ending_; })) {
        lock.unlock();
        const bool purge = ++rounds % roundsBetweenPurges == 0;
        keep(purge ? Round::usesAndPurge : Round::uses);
        lock.lock();
    }
}

void Housekeeper::keep(Round round) noexcept {
    if (uses_.empty() && round == Round::uses) return;
    try {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        uses_.write(tx);
        if (round == Round::usesAndPurge) {
            identity::Sessions::purge(tx, now());
            services::forms::Drafts::expire(tx, now());
            services::forms::expireDraftFiles(tx, now());
        }
        tx.commit();
    } catch (const Error& e) {
        log::warning("core.gateway.uses_lost", Value::map([&](MapWriter& m) { m.set("error", e.id()); }));
    } catch (const std::exception&) {
        log::warning("core.gateway.uses_lost");
    }
}

} // namespace dalate::gateway
