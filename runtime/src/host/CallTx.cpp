// SPDX-License-Identifier: Apache-2.0
#include "host/CallTx.h"

#include "base/Result.h"

#include <atomic>

namespace dalate::host {

namespace {

/// Numbers are dealt to threads in runs, so that a hot path shares no cache line; they are odd, so no address
/// of an object is ever taken for one.
std::uintptr_t nextNumber() {
    static std::atomic<std::uintptr_t> runs{1};
    constexpr std::uintptr_t runLength = 1u << 20;
    thread_local std::uintptr_t next = 0, end = 0;
    if (next == end) {
        next = runs.fetch_add(1, std::memory_order_relaxed) * runLength;
        end = next + runLength;
    }
    return (next++ << 1) | 1;
}

} // namespace

CallTx::CallTx(storage::Pool& pool, storage::Tx::Mode mode, const storage::PluginAccess& access)
    : access_(access), mode_(mode), number_(nextNumber()) {
    lease_.emplace(pool.lease());
    own_.emplace(**lease_, mode);
    tx_ = &*own_;
    before_ = tx_->as(&access_);
}

CallTx::CallTx(storage::Tx& outer, storage::Tx::Mode mode, const storage::PluginAccess& access)
    : access_(access), mode_(mode), number_(nextNumber()), tx_(&outer) {
    if (mode == storage::Tx::Mode::write) {
        if (outer.mode() != storage::Tx::Mode::write) throw Error(400, "core.host.tx_read_only");
        savepoint_.emplace(outer);
    }
    before_ = tx_->as(&access_);
}

CallTx::~CallTx() {
    // Rows hold statements of the transaction and go first; the savepoint is undone while the plugin's rules
    // no longer stand, and the session is given back last.
    rows_.clear();
    tx_->as(before_);
}

void CallTx::commit() {
    rows_.clear();
    if (own_)
        own_->commit();
    else if (savepoint_)
        savepoint_->release();
}

dalate_rows* CallTx::keep(storage::Rows rows) {
    if (rows_.size() >= rowsLimit) throw Error(400, "core.host.rows_many");
    const std::uintptr_t number = nextNumber();
    rows_.push_back(std::make_unique<OpenRows>(OpenRows{number, std::move(rows), {}}));
    return reinterpret_cast<dalate_rows*>(number);
}

CallTx::OpenRows* CallTx::rows(const dalate_rows* handle) noexcept {
    for (const auto& open : rows_)
        if (open->number == reinterpret_cast<std::uintptr_t>(handle)) return open.get();
    return nullptr;
}

void CallTx::free(const dalate_rows* handle) noexcept {
    std::erase_if(rows_,
                  [&](const auto& open) { return open->number == reinterpret_cast<std::uintptr_t>(handle); });
}

} // namespace dalate::host
