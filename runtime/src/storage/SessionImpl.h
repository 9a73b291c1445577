// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/CommitSync.h"
#include "storage/Connection.h"
#include "storage/Session.h"
#include "storage/StatementCache.h"
#include "storage/WriterGate.h"

#include <atomic>
#include <memory>
#include <thread>

namespace dalate::storage {

/// A counter with one writing thread at a time, read from others.
class Counter {
public:
    void add() noexcept { count_.store(read() + 1, std::memory_order_relaxed); }
    std::uint64_t read() const noexcept { return count_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> count_{0};
};

struct Session::Impl {
    Impl(const PoolOptions& poolOptions, WriterGate& writerGate, CommitSync& commitSync)
        : options(poolOptions), gate(writerGate), sync(commitSync), connection(openSqlite(poolOptions)),
          cache(*connection, poolOptions.statements) {}

    /// Runs BEGIN, COMMIT or their like.
    void control(std::string_view sql) { cache.control(sql)->execute({}, nullptr); }

    /// Ends what is open, whatever state it is in.
    void rollback() noexcept;
    /// After COMMIT or ROLLBACK: lets the next writer in.
    void leaveTransaction() noexcept;

    const PoolOptions& options;
    WriterGate& gate;
    CommitSync& sync;
    std::unique_ptr<Connection> connection;
    StatementCache cache;

    bool open = false; ///< a Tx is
    bool holdsGate = false;
    int cursors = 0;     ///< Rows that live
    bool broken = false; ///< not to be used again
    bool leased = false; ///< guarded by the pool's mutex, as lastThread
    std::thread::id lastThread;

    Counter statementsRun;
    Counter transactions;
    Counter commits;
    Counter rollbacks;
    Counter writerTimeouts;
};

} // namespace dalate::storage
