// SPDX-License-Identifier: Apache-2.0
// Transactions, statements and rows. The plugin's handles are numbers; they are looked up in the call on top
// of this thread's stack, and what is not found there is stale.
#include "host/Entries.h"

#include "host/FlatCheck.h"

#include <cstring>
#include <vector>

namespace dalate::host::entry {

namespace {

constexpr std::size_t sqlLimit = 64 * 1024;
constexpr std::size_t paramsLimit = 4096;
constexpr dalate_status noRow = 404;

storage::Cell fromAbi(const dalate_cell& cell) {
    switch (cell.tag) {
    case DALATE_CELL_NULL:
        return {};
    case DALATE_CELL_INTEGER:
        return cell.i;
    case DALATE_CELL_REAL:
        return cell.r;
    case DALATE_CELL_TEXT:
        return checkedText(cell.s);
    case DALATE_CELL_BLOB:
        return storage::Cell::blob(checkedBytes(cell.s));
    default:
        throw Error(400, "core.host.cell");
    }
}

dalate_cell toAbi(const storage::Cell& cell) noexcept {
    return {static_cast<int32_t>(cell.tag), 0, cell.i, cell.r, toStr(cell.s)};
}

/// The parameters, read at the plugin's stride: a later contract may have made the struct longer.
std::vector<storage::Param> readParams(const dalate_param* params, std::size_t count, std::size_t stride) {
    std::vector<storage::Param> list;
    if (count == 0) return list;
    if (!params || count > paramsLimit || stride < sizeof(dalate_param)) throw Error(400, "core.host.params");
    list.reserve(count);
    const auto* at = reinterpret_cast<const char*>(params);
    for (std::size_t i = 0; i < count; ++i, at += stride) {
        dalate_param param;
        std::memcpy(&param, at, sizeof param);
        list.push_back({checkedText(param.name), fromAbi(param.value)});
    }
    return list;
}

Call* owning(const dalate_tx* tx) noexcept {
    Call* call = Call::current();
    return call && call->tx() && call->tx()->is(tx) ? call : nullptr;
}

dalate_status run(CallTx& tx, std::string_view sql, const std::vector<storage::Param>& params,
                  dalate_rows** rows, int64_t* affected) {
    if (rows) {
        *rows = nullptr;
        *rows = tx.keep(tx.tx().query(sql, storage::Params(params)));
        if (affected) *affected = 0;
        return DALATE_OK;
    }
    const std::int64_t changed = tx.tx().exec(sql, storage::Params(params));
    if (affected) *affected = changed;
    return DALATE_OK;
}

} // namespace

dalate_status dbBegin(dalate_call* handle, int32_t mode, dalate_tx** out) {
    return guarded("db_begin", handle, [&](Call& call) {
        demand(out) = nullptr;
        if (mode != DALATE_TX_READ && mode != DALATE_TX_WRITE) throw Error(400, "core.host.tx_mode");
        if (call.tx()) throw Error(400, "core.host.tx_second");
        // Work that is over its time must not take the writer's turn from others.
        if (call.request().deadline && steadyNow() > *call.request().deadline)
            throw Error(504, "core.host.deadline");
        call.begin(mode == DALATE_TX_WRITE ? storage::Tx::Mode::write : storage::Tx::Mode::read);
        *out = call.tx()->handle();
        return DALATE_OK;
    });
}

dalate_status dbEnd(dalate_tx* tx, int32_t commit) {
    Call* owner = owning(tx);
    if (!owner) return staleHandle("db_end");
    return guarded("db_end", owner->handle(), [&](Call& call) {
        if (commit)
            call.commit();
        else
            call.rollback();
        return DALATE_OK;
    });
}

dalate_status dbRun(dalate_tx* tx, dalate_str sql, const dalate_param* params, size_t count, size_t stride,
                    dalate_rows** rows, int64_t* affected) {
    Call* owner = owning(tx);
    if (!owner) return staleHandle("db_run");
    return guarded("db_run", owner->handle(), [&](Call& call) {
        const std::string_view text = checkedText(sql);
        if (text.size() > sqlLimit) throw Error(400, "core.host.sql_size");
        return run(*call.tx(), text, readParams(params, count, stride), rows, affected);
    });
}

dalate_status rowsNext(dalate_rows* handle, const dalate_cell** cells, size_t* count, size_t* stride) {
    Call* owner = Call::current();
    CallTx::OpenRows* open = owner && owner->tx() ? owner->tx()->rows(handle) : nullptr;
    if (!open) return staleHandle("rows_next");
    return guarded("rows_next", owner->handle(), [&](Call&) {
        demand(cells) = nullptr;
        demand(count) = 0;
        demand(stride) = sizeof(dalate_cell);
        if (!open->rows.next()) return noRow;
        open->cells.clear();
        for (const storage::Cell& cell : open->rows.cells())
            open->cells.push_back(toAbi(cell));
        *cells = open->cells.data();
        *count = open->cells.size();
        return DALATE_OK;
    });
}

void rowsFree(dalate_rows* handle) {
    Call* owner = Call::current();
    // Rows that went with their transaction are freed already: that is no mistake of the plugin's.
    if (owner && owner->tx()) owner->tx()->free(handle);
}

} // namespace dalate::host::entry
