// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/Cell.h"
#include "storage/PluginAccess.h"
#include "storage/Rows.h"
#include "storage/StorageError.h"

#include <initializer_list>
#include <string_view>

namespace dalate::storage {

class Session;

/// One transaction, rolled back unless committed. A session has at most one at a time; it belongs to the
/// thread that began it and ends before the session's lease. No transaction is held over a render, an
/// outbound call or an upload.
///
/// Statements are SQL text with named parameters (`:id`), one statement a call, prepared once a session. Give
/// literal texts: text put together from input has no place here.
class Tx {
public:
    enum class Mode {
        read, ///< a snapshot as of the first query; a statement that writes is refused
        write ///< waits for its turn among the writers first
    };

    /// Throws StorageError busy where a writer's turn does not come in time; `Error` 500
    /// `core.storage.nested` where the session has a transaction already.
    Tx(Session& session, Mode mode);
    ~Tx();
    Tx(const Tx&) = delete;
    Tx& operator=(const Tx&) = delete;

    /// Durable once it returns. After an exception nothing of the transaction is kept. Rows must have ended.
    void commit();

    /// Gives the transaction up at once; the destructor does the same.
    void rollback() noexcept;

    /// Runs a query. Throws StorageError; `Error` 500 `core.storage.parameter` (details: statement, name)
    /// where a parameter of the text is not given or one given is not in the text.
    Rows query(std::string_view sql, Params params);
    Rows query(std::string_view sql, std::initializer_list<Param> params = {}) {
        return query(sql, Params(params.begin(), params.size()));
    }

    /// Runs a statement to its end; the number of rows that it inserted, updated or deleted. Throws as
    /// `query`.
    std::int64_t exec(std::string_view sql, Params params);
    std::int64_t exec(std::string_view sql, std::initializer_list<Param> params = {}) {
        return exec(sql, Params(params.begin(), params.size()));
    }

    /// Prepares without running: whether the text is sound and its author may run it. Throws as `query`.
    void check(std::string_view sql);

    /// From here on statements run for a plugin: only its declared tables, scoped ones only behind
    /// `{scope:alias}`, no schema change. Null: for the core. Answers what stood before. Borrowed until
    /// replaced or the end.
    ///
    /// `{scope:alias}` stands for the caller's predicate on the table that the statement calls `alias` and
    /// must be a conjunct of its own at the top level of that SELECT's, UPDATE's or DELETE's WHERE (or of the
    /// ON that joins the table): `WHERE {scope:c} AND (c.state = :a OR c.state = :b)`. Beside an OR, under
    /// NOT, inside CASE or in further parentheses it is refused. INSERT needs none; REPLACE into a scoped
    /// table is refused.
    const PluginAccess* as(const PluginAccess* access) noexcept;

    Mode mode() const noexcept { return mode_; }

    /// Whether commit() has returned.
    bool committed() const noexcept { return state_ == State::committed; }

    /// Whether the calling thread has a transaction open, on any session.
    static bool openOnThisThread() noexcept;

    /// A part of a write transaction that can be given up alone: undone at the end of its life unless
    /// released. They nest as their lives do.
    class Savepoint {
    public:
        explicit Savepoint(Tx& tx);
        ~Savepoint();
        Savepoint(const Savepoint&) = delete;
        Savepoint& operator=(const Savepoint&) = delete;
        void release();

    private:
        Tx& tx_;
        int depth_;
        bool open_ = true;
    };

private:
    enum class State { open, committed, ended };
    void finish() noexcept;
    void demandOpen() const;

    Session& session_;
    Mode mode_;
    State state_ = State::open;
    const PluginAccess* access_ = nullptr;
    int savepoints_ = 0;
};

} // namespace dalate::storage
