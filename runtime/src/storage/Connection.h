// SPDX-License-Identifier: Apache-2.0
//
// The dialect seam. One Connection is one SOCI session; what differs between databases is answered here, and
// all else is written once, over SOCI's backend interface (prepare, bind by name, execute, fetch). That
// interface, and not the statement class above it, because the class puts bound values into its errors and
// reads typed columns only where their types are known beforehand.
#pragma once

#include "storage/Cell.h"
#include "storage/PluginAccess.h"
#include "storage/Pool.h"
#include "storage/StatementText.h"
#include "storage/StorageError.h"
#include "storage/Tx.h"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <soci/soci.h>

namespace dalate::storage {

/// Against which rules the database checks the statement that is being prepared or run.
struct Guard {
    enum class Mode { core, plugin, migration };
    Mode mode = Mode::core;
    const TableRules* rules = nullptr;   ///< unless core
    const StatementText* text = nullptr; ///< in plugin mode
    std::set<std::string, std::less<>>
        referencing;    ///< tables with a foreign key, see Connection::readReferences
    std::string reason; ///< set by the check that refused
    std::string table;
};

/// Reads the row that a statement stands on, in place.
class RowReader {
public:
    virtual ~RowReader() = default;
    virtual std::size_t columns() const noexcept = 0;
    virtual std::string_view name(std::size_t column) const = 0;
    /// Cells of the row; their text is valid until the statement moves.
    virtual void read(std::vector<Cell>& cells) = 0;
    /// Ends the statement's run, so that it holds no lock and no snapshot.
    virtual void reset() noexcept = 0;
};

class Connection {
public:
    virtual ~Connection() = default;

    virtual soci::session& session() noexcept = 0;
    virtual std::string_view beginText(Tx::Mode mode) const noexcept = 0;
    /// What the database itself says: it may have given a transaction up on its own.
    virtual bool inTransaction() const noexcept = 0;
    /// One column: the names of all tables, indices, views and triggers.
    virtual std::string_view namesQuery() const noexcept = 0;
    /// Two columns: a table, and one that a foreign key of it references.
    virtual std::string_view referencesQuery() const noexcept = 0;
    /// Fills guard.referencing from the schema. Throws soci_error.
    virtual void readReferences() = 0;
    /// For a statement that is prepared, and not beyond its life.
    virtual std::unique_ptr<RowReader> reader(soci::details::statement_backend& statement) = 0;
    /// The failure of the call that just threw soci_error. `preparing`: its text is at fault, not its values.
    virtual StorageError fault(std::string_view sql, bool preparing) = 0;

    Guard guard;
};

std::unique_ptr<Connection> openSqlite(const PoolOptions& options);

} // namespace dalate::storage
