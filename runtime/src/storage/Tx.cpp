// SPDX-License-Identifier: Apache-2.0
#include "storage/Tx.h"

#include "storage/Cursor.h"
#include "storage/SessionImpl.h"

#include <string>
#include <utility>

namespace dalate::storage {

namespace {

thread_local int openHere = 0;

Error misuse(const char* id) {
    return Error(500, id);
}

} // namespace

Tx::Tx(Session& session, Mode mode) : session_(session), mode_(mode) {
    Session::Impl& s = session.impl();
    if (s.open) throw misuse("core.storage.nested");
    if (mode == Mode::write) {
        if (!s.gate.enter(s.options.busy)) {
            s.writerTimeouts.add();
            throw StorageError(StorageError::Kind::busy);
        }
        s.holdsGate = true;
    }
    try {
        s.control(s.connection->beginText(mode));
    } catch (...) {
        s.leaveTransaction();
        throw;
    }
    s.open = true;
    s.transactions.add();
    ++openHere;
}

Tx::~Tx() {
    rollback();
}

void Tx::finish() noexcept {
    --openHere;
}

void Tx::commit() {
    demandOpen();
    Session::Impl& s = session_.impl();
    if (s.cursors > 0) throw misuse("core.storage.rows_open");
    try {
        s.control("COMMIT");
    } catch (...) {
        rollback();
        throw;
    }
    s.commits.add();
    s.leaveTransaction();
    state_ = State::committed;
    finish();
    if (mode_ == Mode::write) s.sync.await();
}

void Tx::rollback() noexcept {
    if (state_ != State::open) return;
    session_.impl().rollback();
    state_ = State::ended;
    finish();
}

void Tx::demandOpen() const {
    if (state_ != State::open) throw misuse("core.storage.ended");
    // A full disk or a failing one makes the database roll back by itself; what came after would be committed
    // alone.
    if (!session_.impl().connection->inTransaction()) throw misuse("core.storage.ended");
}

Rows Tx::query(std::string_view sql, Params params) {
    demandOpen();
    Session::Impl& s = session_.impl();
    StatementCache::Use use = s.cache.take(sql, access_);
    if (mode_ == Mode::read && use->writes())
        throw StorageError::refusal(sql, "writes in a read transaction");
    s.statementsRun.add();
    const bool row = use->execute(params, access_);
    return Rows(std::make_unique<Cursor>(s, std::move(use), row));
}

std::int64_t Tx::exec(std::string_view sql, Params params) {
    demandOpen();
    Session::Impl& s = session_.impl();
    StatementCache::Use use = s.cache.take(sql, access_);
    if (mode_ == Mode::read && use->writes())
        throw StorageError::refusal(sql, "writes in a read transaction");
    s.statementsRun.add();
    return use->finish(use->execute(params, access_));
}

void Tx::check(std::string_view sql) {
    demandOpen();
    session_.impl().cache.take(sql, access_);
}

const PluginAccess* Tx::as(const PluginAccess* access) noexcept {
    return std::exchange(access_, access);
}

bool Tx::openOnThisThread() noexcept {
    return openHere > 0;
}

Tx::Savepoint::Savepoint(Tx& tx) : tx_(tx), depth_(tx.savepoints_ + 1) {
    tx.demandOpen();
    if (tx.mode_ != Mode::write) throw misuse("core.storage.savepoint");
    tx.session_.impl().control("SAVEPOINT part" + std::to_string(depth_));
    tx.savepoints_ = depth_;
}

void Tx::Savepoint::release() {
    tx_.demandOpen();
    if (!open_ || tx_.savepoints_ != depth_) throw misuse("core.storage.savepoint");
    tx_.session_.impl().control("RELEASE part" + std::to_string(depth_));
    open_ = false;
    tx_.savepoints_ = depth_ - 1;
}

Tx::Savepoint::~Savepoint() {
    if (!open_) return;
    tx_.savepoints_ = depth_ - 1;
    Session::Impl& s = tx_.session_.impl();
    if (tx_.state_ != State::open || !s.connection->inTransaction()) return;
    try {
        const std::string name = std::to_string(depth_);
        s.control("ROLLBACK TO part" + name);
        s.control("RELEASE part" + name);
    } catch (const std::exception&) {
        // What was to be undone must not be committed with the rest.
        tx_.rollback();
    }
}

} // namespace dalate::storage
