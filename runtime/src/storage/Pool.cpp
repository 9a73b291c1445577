// SPDX-License-Identifier: Apache-2.0
#include "storage/Pool.h"

#include "storage/LogFile.h"
#include "storage/SessionImpl.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace dalate::storage {

struct Pool::Impl {
    explicit Impl(PoolOptions given) : options(std::move(given)), log(options.file) {}

    const PoolOptions options;
    WriterGate gate;
    LogFile log;
    CommitSync sync{[this] { log.sync(); }};
    mutable std::mutex mutex;
    std::condition_variable freed;
    std::vector<std::unique_ptr<Session>> sessions;
    std::size_t opening = 0; ///< room kept for connections that are being made outside the lock
    std::uint64_t leases = 0;
    std::uint64_t leaseTimeouts = 0;
    PoolCounters past; ///< of sessions that are gone

    /// A free one, by preference the one this thread had last.
    Session* idle() const {
        Session* any = nullptr;
        for (const auto& session : sessions) {
            Session::Impl& s = session->impl();
            if (s.leased) continue;
            if (s.lastThread == std::this_thread::get_id()) return session.get();
            // One that no thread had yet is better than another thread's.
            if (!any || s.lastThread == std::thread::id()) any = session.get();
        }
        return any;
    }

    static void addTo(PoolCounters& sum, Session& session) {
        const Session::Impl& s = session.impl();
        sum.statementsRun += s.statementsRun.read();
        sum.transactions += s.transactions.read();
        sum.commits += s.commits.read();
        sum.rollbacks += s.rollbacks.read();
        sum.writerTimeouts += s.writerTimeouts.read();
        sum.statementsPrepared += s.cache.prepared();
    }
};

Pool::Pool(PoolOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {
    impl_->sessions.emplace_back(new Session(std::make_unique<Session::Impl>(impl_->options, impl_->gate, impl_->sync)));
}

Pool::~Pool() = default;

const PoolOptions& Pool::options() const noexcept {
    return impl_->options;
}

Pool::Lease Pool::lease(std::chrono::milliseconds timeout) {
    Impl& p = *impl_;
    std::unique_lock lock(p.mutex);
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    const auto take = [&](Session& session) {
        session.impl().leased = true;
        session.impl().lastThread = std::this_thread::get_id();
        ++p.leases;
        return Lease(*this, session);
    };
    for (;;) {
        Session* session = p.idle();
        const bool mayOpen = p.sessions.size() + p.opening < p.options.sessions;
        // A thread that comes the first time gets a connection of its own while there is room, and keeps its
        // statements.
        if (session && (!mayOpen || session->impl().lastThread == std::this_thread::get_id() ||
                        session->impl().lastThread == std::thread::id()))
            return take(*session);
        if (mayOpen) {
            ++p.opening;
            lock.unlock();
            std::unique_ptr<Session> made;
            try {
                made.reset(new Session(std::make_unique<Session::Impl>(p.options, p.gate, p.sync)));
            } catch (...) {
                lock.lock();
                --p.opening;
                throw;
            }
            lock.lock();
            --p.opening;
            p.sessions.push_back(std::move(made));
            return take(*p.sessions.back());
        }
        if (p.freed.wait_until(lock, deadline) == std::cv_status::timeout && !p.idle()) {
            ++p.leaseTimeouts;
            throw StorageError(StorageError::Kind::busy);
        }
    }
}

void Pool::giveBack(Session& session) noexcept {
    Session::Impl& s = session.impl();
    if (s.open) s.rollback();
    std::unique_ptr<Session> gone; // closed outside the lock
    {
        const std::lock_guard lock(impl_->mutex);
        s.leased = false;
        if (s.broken) {
            const auto it = std::find_if(impl_->sessions.begin(), impl_->sessions.end(),
                                         [&](const auto& each) { return each.get() == &session; });
            Impl::addTo(impl_->past, session);
            gone = std::move(*it);
            impl_->sessions.erase(it);
        }
    }
    impl_->freed.notify_one();
}

PoolCounters Pool::counters() const {
    const std::lock_guard lock(impl_->mutex);
    PoolCounters sum = impl_->past;
    for (const auto& session : impl_->sessions) {
        Impl::addTo(sum, *session);
        sum.sessionsLeased += session->impl().leased ? 1 : 0;
    }
    sum.sessionsOpen = impl_->sessions.size();
    sum.leases = impl_->leases;
    sum.leaseTimeouts = impl_->leaseTimeouts;
    sum.syncs = impl_->sync.syncs();
    return sum;
}

Pool::Lease::Lease(Lease&& other) noexcept
    : pool_(other.pool_), session_(std::exchange(other.session_, nullptr)) {}

Pool::Lease::~Lease() {
    if (session_) pool_->giveBack(*session_);
}

} // namespace dalate::storage
