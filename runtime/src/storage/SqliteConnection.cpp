// SPDX-License-Identifier: Apache-2.0
//
// SQLite behind the dialect seam: set-up of a connection, cells read from the prepared statement in place,
// errors told apart by SQLite's extended codes. The text of soci_error is never looked at: it may hold
// values.
#include "storage/Connection.h"

#include "base/Log.h"
#include "storage/SqliteGuard.h"

#include <mutex>

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace dalate::storage {

namespace {

using namespace sqlite_api;

/// Once, before SQLite's first use: no mutex around connections, since a session has one thread at a time,
/// and no global memory counters, whose lock all threads would share.
void configureLibrary() {
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_initialize();
        soci::register_factory_sqlite3();
    });
}

StorageError::Kind kindOf(int extended) {
    using Kind = StorageError::Kind;
    switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return Kind::unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return Kind::foreignKey;
    default:
        break;
    }
    switch (extended & 0xff) {
    case SQLITE_CONSTRAINT:
        return Kind::check;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return Kind::busy;
    case SQLITE_FULL:
    case SQLITE_IOERR:
        return Kind::full;
    case SQLITE_AUTH:
        return Kind::refused;
    default:
        return Kind::other;
    }
}

/// `UNIQUE constraint failed: account.name` → `account.name`. Schema names only.
std::string_view constraintIn(std::string_view message) {
    const std::size_t colon = message.find(": ");
    return colon == std::string_view::npos ? std::string_view() : message.substr(colon + 2);
}

/// SQLite's own handles below SOCI's. SOCI's library keeps the type information of these classes to itself,
/// which the sanitizer's check of the dynamic type could not link without.
__attribute__((no_sanitize("vptr"))) sqlite3* handleOf(soci::session& session) {
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}
__attribute__((no_sanitize("vptr"))) sqlite3_stmt* handleOf(soci::details::statement_backend& statement) {
    return static_cast<soci::sqlite3_statement_backend&>(statement).stmt_;
}

class SqliteRowReader : public RowReader {
public:
    explicit SqliteRowReader(sqlite3_stmt* statement) : statement_(statement) {}

    std::size_t columns() const noexcept override {
        return static_cast<std::size_t>(sqlite3_column_count(statement_));
    }

    std::string_view name(std::size_t column) const override {
        const char* text = sqlite3_column_name(statement_, static_cast<int>(column));
        return text ? text : "";
    }

    void read(std::vector<Cell>& cells) override {
        sqlite3_stmt* row = statement_;
        const int count = sqlite3_data_count(row);
        cells.resize(static_cast<std::size_t>(count));
        for (int c = 0; c < count; ++c) {
            Cell& cell = cells[static_cast<std::size_t>(c)];
            switch (sqlite3_column_type(row, c)) {
            case SQLITE_INTEGER:
                cell.tag = Cell::Tag::integer;
                cell.i = sqlite3_column_int64(row, c);
                break;
            case SQLITE_FLOAT:
                cell.tag = Cell::Tag::real;
                cell.r = sqlite3_column_double(row, c);
                break;
            case SQLITE_TEXT: {
                cell.tag = Cell::Tag::text;
                const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, c));
                cell.s = {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(row, c))};
                break;
            }
            case SQLITE_BLOB: {
                cell.tag = Cell::Tag::blob;
                const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, c));
                cell.s = {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(row, c))};
                break;
            }
            default:
                cell = Cell();
                break;
            }
        }
    }

    void reset() noexcept override { sqlite3_reset(statement_); }

private:
    sqlite3_stmt* statement_; ///< as long as it is prepared
};

class SqliteConnection : public Connection {
public:
    explicit SqliteConnection(const PoolOptions& options) {
        const std::string path = options.file.string();
        if (path.find('"') != std::string::npos)
            throw StorageError(StorageError::Kind::other, Value::map([&](MapWriter& m) {
                                   m.set("reason", "a quote in the database's path");
                               }));
        try {
            session_.open(*soci::factory_sqlite3(), "dbname=\"" + path + "\"");
        } catch (const soci::sqlite3_soci_error& error) {
            throw toError(error.result(), {}, "cannot open the database", {});
        }
        connection_ = handleOf(session_);
        sqlite3_busy_timeout(connection_, static_cast<int>(options.busy.count()));
        setUp(options);
    }

    soci::session& session() noexcept override { return session_; }

    std::string_view beginText(Tx::Mode mode) const noexcept override {
        // A deferred transaction that turns to writing after another's commit fails at once, whatever the
        // timeout.
        return mode == Tx::Mode::write ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED";
    }

    bool inTransaction() const noexcept override { return sqlite3_get_autocommit(connection_) == 0; }

    std::string_view namesQuery() const noexcept override {
        return "SELECT name FROM sqlite_schema WHERE substr(name, 1, 7) <> 'sqlite_'";
    }

    std::string_view referencesQuery() const noexcept override {
        return "SELECT s.name, f.\"table\" FROM sqlite_schema s JOIN pragma_foreign_key_list(s.name) f "
               "WHERE s.type = 'table'";
    }

    void readReferences() override {
        guard.mode = Guard::Mode::core;
        guard.referencing.clear();
        const auto keep = [](void* to, int, char** values, char**) {
            static_cast<Guard*>(to)->referencing.emplace(values[0]);
            return 0;
        };
        const int code = sqlite3_exec(connection_, referencesQuery().data(), keep, &guard, nullptr);
        if (code != SQLITE_OK) throw soci::sqlite3_soci_error({}, code);
    }

    std::unique_ptr<RowReader> reader(soci::details::statement_backend& statement) override {
        return std::make_unique<SqliteRowReader>(handleOf(statement));
    }

    StorageError fault(std::string_view sql, bool preparing) override {
        const int code = sqlite3_extended_errcode(connection_);
        if ((code & 0xff) == SQLITE_AUTH) return StorageError::refusal(sql, guard.reason, guard.table);
        // While a statement is prepared no value is bound yet: the message can only repeat its text.
        if (preparing && code == SQLITE_ERROR) return StorageError::refusal(sql, sqlite3_errmsg(connection_));
        const bool constraint = (code & 0xff) == SQLITE_CONSTRAINT;
        return toError(code, sql, {},
                       constraint ? constraintIn(sqlite3_errmsg(connection_)) : std::string_view());
    }

private:
    void setUp(const PoolOptions& options) {
        // Defensive: no statement writes the schema's own tables. Double quotes name columns, never texts.
        for (const auto& [option, value] :
             {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
              std::pair{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}, std::pair{SQLITE_DBCONFIG_DQS_DML, 0},
              std::pair{SQLITE_DBCONFIG_DQS_DDL, 0}, std::pair{SQLITE_DBCONFIG_ENABLE_FKEY, 1}})
            sqlite3_db_config(connection_, option, value, nullptr);
        sqlite3_limit(connection_, SQLITE_LIMIT_ATTACHED, 0);
        sqlite3_limit(connection_, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
        pragma("journal_mode = WAL", "wal");
        // COMMIT does not sync the log; CommitSync does, for several commits at once, before any is acknowledged.
        pragma("synchronous = NORMAL");
        pragma("temp_store = MEMORY");
        pragma(fmt::format("cache_size = -{}", options.cacheKiB));
        // A checkpoint syncs twice: every 16 MiB of log instead of every 4.
        pragma("wal_autocheckpoint = 4096", "4096");
        pragma("journal_size_limit = 67108864", "67108864");
        // Table functions declare themselves at their first use, which the guard would take for a CREATE
        // TABLE.
        sqlite3_exec(connection_, "SELECT 1 FROM json_each('1'), json_tree('1')", nullptr, nullptr, nullptr);
        sqlite3_set_authorizer(connection_, dalateSqliteGuard, &guard);
    }

    void pragma(const std::string& setting, std::string_view expected = {}) {
        std::string answer;
        const auto keep = [](void* to, int count, char** values, char**) {
            if (count > 0 && values[0]) *static_cast<std::string*>(to) = values[0];
            return 0;
        };
        const std::string text = "PRAGMA " + setting;
        const int code = sqlite3_exec(connection_, text.c_str(), keep, &answer, nullptr);
        if (code != SQLITE_OK) throw toError(sqlite3_extended_errcode(connection_), text, {}, {});
        if (!expected.empty() && answer != expected)
            throw toError(SQLITE_ERROR, text, "the database does not take this setting", {});
    }

    StorageError toError(int code, std::string_view sql, std::string_view reason,
                         std::string_view constraint) const {
        const StorageError::Kind kind = kindOf(code);
        Value details = Value::map([&](MapWriter& m) {
            if (!sql.empty()) m.set("statement", digestOf(sql));
            if (!constraint.empty()) m.set("constraint", constraint);
            if (!reason.empty()) m.set("reason", reason);
        });
        StorageError error(kind, std::move(details));
        if (kind == StorageError::Kind::full || kind == StorageError::Kind::other)
            log::error(error.id(), Value::map([&](MapWriter& m) {
                           m.set("code", code).set("statement", sql.empty() ? std::string() : digestOf(sql));
                       }));
        return error;
    }

    soci::session session_;
    sqlite3* connection_ = nullptr;
};

} // namespace

std::unique_ptr<Connection> openSqlite(const PoolOptions& options) {
    configureLibrary();
    return std::make_unique<SqliteConnection>(options);
}

} // namespace dalate::storage
