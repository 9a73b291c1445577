// SPDX-License-Identifier: Apache-2.0
// The transaction of a call. It is the call's own (a leased session and a storage transaction), or it is
// joined to that of the call which asked for a service: then a write part is a savepoint of the outer one,
// and commit releases it. The plugin knows transaction and rows by numbers that no other call of the process
// ever had.
#pragma once

#include "storage/PluginAccess.h"
#include "storage/Pool.h"
#include "storage/Rows.h"
#include "storage/Tx.h"

#include <dalate/abi.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace dalate::host {

/// One open transaction, used by its call's thread. Not committed: undone at the end of its life.
class CallTx {
public:
    /// Rows that may be open at once in one transaction.
    static constexpr std::size_t rowsLimit = 64;

    /// One query's rows with the cells of the current row in the ABI's form.
    struct OpenRows {
        std::uintptr_t number;
        storage::Rows rows;
        std::vector<dalate_cell> cells;
    };

    /// Opens a transaction of its own. Throws as `storage::Pool::lease` and `storage::Tx`.
    CallTx(storage::Pool& pool, storage::Tx::Mode mode, const storage::PluginAccess& access);
    /// Joins `outer`. Throws `Error` 400 `core.host.tx_read_only` where a write is asked of a read.
    CallTx(storage::Tx& outer, storage::Tx::Mode mode, const storage::PluginAccess& access);
    ~CallTx();
    CallTx(const CallTx&) = delete;
    CallTx& operator=(const CallTx&) = delete;

    void commit();

    storage::Tx& tx() noexcept { return *tx_; }
    storage::Tx::Mode mode() const noexcept { return mode_; }
    bool writes() const noexcept { return mode_ == storage::Tx::Mode::write; }

    dalate_tx* handle() const noexcept { return reinterpret_cast<dalate_tx*>(number_); }
    bool is(const dalate_tx* handle) const noexcept {
        return reinterpret_cast<std::uintptr_t>(handle) == number_;
    }

    /// Keeps the rows until they are freed or the transaction ends. Throws `Error` 400 `core.host.rows_many`.
    dalate_rows* keep(storage::Rows rows);
    /// The open rows behind a handle, or null.
    OpenRows* rows(const dalate_rows* handle) noexcept;
    void free(const dalate_rows* handle) noexcept;

private:
    storage::PluginAccess access_;
    storage::Tx::Mode mode_;
    std::uintptr_t number_;
    std::optional<storage::Pool::Lease> lease_;
    std::optional<storage::Tx> own_;
    storage::Tx* tx_;
    const storage::PluginAccess* before_ = nullptr;
    std::optional<storage::Tx::Savepoint> savepoint_;
    std::vector<std::unique_ptr<OpenRows>> rows_;
};

} // namespace dalate::host
