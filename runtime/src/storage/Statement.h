// SPDX-License-Identifier: Apache-2.0
//
// One prepared statement. Its parameters are Slots at fixed addresses that SOCI has bound once; a run copies
// the given values into them. A slot is bound anew only when the type of its value changes.
#pragma once

#include "storage/Connection.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dalate::storage {

class Statement {
public:
    /// Prepares `text`, which was read from `sql` for `access`. Throws StorageError.
    Statement(Connection& connection, std::string_view sql, StatementText text, const PluginAccess* access);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    bool writes() const noexcept { return text_.writes(); }

    /// Binds and runs to the first row; whether there is one. Throws StorageError and, for parameters, Error.
    bool execute(Params params, const PluginAccess* access);
    /// The next row; whether there is one.
    bool fetch();
    /// Steps to the end; the number of rows inserted, updated or deleted by the run.
    std::int64_t finish(bool row);

    RowReader& reader() noexcept { return *reader_; }
    /// Ends the run; idempotent.
    void reset() noexcept;

private:
    struct Slot;
    void guardFor(const PluginAccess* access) noexcept;
    void bind(Params params, const PluginAccess* access);
    void set(Slot& slot, const Cell& value);
    [[noreturn]] void refuseParameter(std::string_view name, std::string_view reason) const;

    template <class F>
    auto guarded(bool preparing, F&& call);

    Connection& connection_;
    std::string sql_; ///< as the author wrote it
    StatementText text_;
    std::unique_ptr<soci::details::statement_backend> backend_;
    std::unique_ptr<RowReader> reader_;
    std::vector<Slot> slots_;
    std::size_t given_ = 0; ///< slots that the caller fills
};

} // namespace dalate::storage
