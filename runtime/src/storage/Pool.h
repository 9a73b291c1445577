// SPDX-License-Identifier: Apache-2.0
//
// One Pool stands for one database. It keeps up to `sessions` connections, each with its statement cache, and
// one gate through which writers pass one at a time in the order they came: SQLite has a single writer, and
// waiting in the gate is fair and burns no processor, where waiting inside SQLite polls.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace dalate::storage {

class Session;

struct PoolOptions {
    std::filesystem::path file; ///< the SQLite database; made when it is missing
    std::size_t sessions = 16;
    std::size_t statements = 512;         ///< prepared statements kept a session
    std::chrono::milliseconds busy{5000}; ///< how long a writer waits for its turn
    std::size_t cacheKiB = 8192;          ///< page cache a session
};

/// Counters since start; each is exact, together they are no snapshot.
struct PoolCounters {
    std::uint64_t leases = 0;
    std::uint64_t leaseTimeouts = 0;
    std::uint64_t writerTimeouts = 0;
    std::uint64_t transactions = 0;
    std::uint64_t commits = 0;
    std::uint64_t rollbacks = 0;
    std::uint64_t syncs = 0; ///< of the log; commits that come together share one
    std::uint64_t statementsRun = 0;
    std::uint64_t statementsPrepared = 0;
    std::uint64_t sessionsOpen = 0;
    std::uint64_t sessionsLeased = 0;
};

class Pool {
public:
    /// Opens the first connection and sets the database up (write-ahead log). Throws StorageError.
    explicit Pool(PoolOptions options);

    /// Every lease must have ended.
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// A session for this thread alone until the lease ends. On its end an open transaction is rolled back.
    class Lease {
    public:
        Lease(Lease&& other) noexcept;
        Lease& operator=(Lease&&) = delete;
        ~Lease();
        Session& operator*() const noexcept { return *session_; }
        Session* operator->() const noexcept { return session_; }

    private:
        friend class Pool;
        Lease(Pool& pool, Session& session) noexcept : pool_(&pool), session_(&session) {}
        Pool* pool_;
        Session* session_;
    };

    /// Leases a session, by preference the one that this thread had last, since its statements are prepared.
    /// Throws StorageError busy when none is free within `timeout`. Safe from any thread.
    Lease lease(std::chrono::milliseconds timeout = std::chrono::milliseconds(2000));

    PoolCounters counters() const;
    const PoolOptions& options() const noexcept;

    struct Impl;

private:
    friend class Session;
    void giveBack(Session& session) noexcept;
    std::unique_ptr<Impl> impl_;
};

} // namespace dalate::storage
