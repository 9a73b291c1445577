// SPDX-License-Identifier: Apache-2.0
#include "storage/Migrator.h"

#include "storage/MigrationFolder.h"
#include "storage/SessionImpl.h"
#include "storage/SqlTokens.h"
#include "storage/Tx.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace dalate::storage {

namespace {

using State = MigrationState::State;

constexpr std::string_view journal = "schema_migration";

[[noreturn]] void fail(const char* id, std::string_view owner, std::string_view file, std::string_view reason,
                       std::size_t statement = 0) {
    throw Error(500, id, Value::map([&](MapWriter& m) {
                    m.set("owner", owner).set("file", file).set("reason", reason);
                    if (statement > 0) m.set("statement", statement);
                }));
}

std::set<std::string, std::less<>> namesIn(Tx& tx, Connection& connection) {
    std::set<std::string, std::less<>> names;
    for (auto rows = tx.query(connection.namesQuery()); rows.next();)
        names.emplace(rows.text(0));
    return names;
}

MigrationState pendingState(std::string_view owner, const MigrationFile& file) {
    MigrationState state;
    state.owner = owner;
    state.version = file.version;
    state.name = file.name;
    state.checksum = file.checksum;
    state.statements = file.statements;
    return state;
}

/// Every migration of the folder and of the journal, by version; versions of the files run without a gap.
std::vector<MigrationState> compare(Tx& tx, Connection& connection, std::string_view owner,
                                    const std::vector<MigrationFile>& files) {
    std::vector<MigrationState> states;
    for (const MigrationFile& file : files)
        states.push_back(pendingState(owner, file));
    if (!namesIn(tx, connection).contains(journal)) return states;

    auto rows = tx.query("SELECT version, name, checksum, dirty, applied_at FROM schema_migration "
                         "WHERE owner = :owner ORDER BY version",
                         {{"owner", owner}});
    while (rows.next()) {
        const auto version = static_cast<int>(rows.integer(0));
        const bool known = version >= 1 && static_cast<std::size_t>(version) <= files.size();
        MigrationState& state = known ? states[static_cast<std::size_t>(version) - 1] : states.emplace_back();
        if (!known) {
            state.owner = owner;
            state.version = version;
            state.name = rows.text(1);
            state.checksum = rows.text(2);
        }
        state.statements.clear();
        state.appliedAt = rows.integer(4);
        if (rows.flag(3))
            state.state = State::dirty;
        else if (!known)
            state.state = State::missing;
        else
            state.state = state.checksum == rows.text(2) ? State::applied : State::changed;
    }
    return states;
}

/// Refuses what makes going on unsafe.
void demandSound(const std::vector<MigrationState>& states) {
    bool pending = false;
    for (const MigrationState& s : states) {
        if (s.state == State::dirty)
            fail("core.migration.dirty", s.owner, s.name, "began and did not end; look at the schema first");
        if (s.state == State::missing)
            fail("core.migration.newer", s.owner, s.name, "the database is newer than the program");
        if (s.state == State::changed)
            fail("core.migration.changed", s.owner, s.name, "was changed after it was applied");
        if (s.state == State::pending)
            pending = true;
        else if (pending)
            fail("core.migration.newer", s.owner, s.name, "applied before one with a lower version");
    }
}

/// Runs one file's statements under its owner's rules.
class Application {
public:
    Application(Tx& tx, Session::Impl& session, const MigrationState& migration)
        : tx_(tx), session_(session), migration_(migration) {
        if (migration.owner != "core") rules_.emplace(migration.owner, std::vector<TableRule>());
    }

    void run() {
        const auto before = namesIn(tx_, *session_.connection);
        std::size_t number = 0;
        for (const std::string& sql : migration_.statements)
            run(sql, ++number);
        if (rules_) demandOwnNames(before);
    }

private:
    /// Restores the core's rules however the statement ends.
    struct Guarded {
        Guarded(Guard& guard, const TableRules* rules) : guard_(guard) {
            guard_.mode = rules ? Guard::Mode::migration : Guard::Mode::core;
            guard_.rules = rules;
            guard_.reason.clear();
            guard_.table.clear();
        }
        ~Guarded() { guard_.mode = Guard::Mode::core; }
        Guard& guard_;
    };

    void run(const std::string& sql, std::size_t number) {
        const Guarded guarded(session_.connection->guard, rules_ ? &*rules_ : nullptr);
        try {
            Statement statement(*session_.connection, sql, readStatement(sql, nullptr), nullptr);
            statement.finish(statement.execute({}, nullptr));
            statement.reset();
        } catch (const StorageError& error) {
            const ValueView details = error.details();
            std::string reason(details["reason"].text());
            if (details.has("table")) reason.append(": ").append(details["table"].text());
            if (reason.empty()) reason = error.id() + " " + std::string(error.constraint());
            const bool refused = !guarded.guard_.reason.empty();
            fail(refused ? "core.migration.refused" : "core.migration.failed", migration_.owner,
                 migration_.name, reason, number);
        }
    }

    /// What the check at prepare cannot see: the new name of RENAME, and where foreign keys point.
    void demandOwnNames(const std::set<std::string, std::less<>>& before) {
        const auto refuse = [&](std::string_view reason, std::string_view name) {
            fail("core.migration.refused", migration_.owner, migration_.name,
                 std::string(reason).append(": ").append(name));
        };
        for (const std::string& name : namesIn(tx_, *session_.connection))
            if (!before.contains(name) && (!rules_->owns(name) || rules_->isCaseView(name)))
                refuse("a name that does not begin with the plugin's id, or is that of its cases' view", name);
        for (auto rows = tx_.query(session_.connection->referencesQuery()); rows.next();)
            if (rules_->owns(rows.text(0)) && !rules_->owns(rows.text(1)))
                refuse("a foreign key to a table of another", rows.text(1));
    }

    Tx& tx_;
    Session::Impl& session_;
    const MigrationState& migration_;
    std::optional<TableRules> rules_;
};

} // namespace

std::vector<MigrationState> Migrator::status(std::string_view owner, const std::filesystem::path& folder) {
    const std::vector<MigrationFile> files = readMigrations(owner, folder);
    const Pool::Lease lease = pool_.lease();
    Tx tx(*lease, Tx::Mode::read);
    return compare(tx, *lease->impl().connection, owner, files);
}

std::vector<MigrationState> Migrator::plan(std::string_view owner, const std::filesystem::path& folder) {
    std::vector<MigrationState> states = status(owner, folder);
    demandSound(states);
    std::erase_if(states, [](const MigrationState& s) { return s.state != State::pending; });
    return states;
}

std::vector<MigrationState> Migrator::run(std::string_view owner, const std::filesystem::path& folder) {
    std::vector<MigrationState> applied;
    for (const MigrationState& planned : plan(owner, folder)) {
        const Pool::Lease lease = pool_.lease();
        Session::Impl& session = lease->impl();
        Tx tx(*lease, Tx::Mode::write);
        tx.exec("CREATE TABLE IF NOT EXISTS schema_migration ("
                "owner TEXT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL, "
                "dirty BIGINT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (owner, version))");
        // Another process may have been faster: look again under the lock.
        const auto states = compare(tx, *session.connection, owner, readMigrations(owner, folder));
        demandSound(states);
        const auto now = std::find_if(states.begin(), states.end(),
                                      [&](const MigrationState& s) { return s.version == planned.version; });
        if (now == states.end() || now->state != State::pending) continue;

        MigrationState done = *now;
        done.appliedAt = dalate::now();
        tx.exec("INSERT INTO schema_migration (owner, version, name, checksum, dirty, applied_at) "
                "VALUES (:owner, :version, :name, :checksum, 1, :at)",
                {{"owner", owner},
                 {"version", done.version},
                 {"name", done.name},
                 {"checksum", done.checksum},
                 {"at", done.appliedAt}});
        Application(tx, session, done).run();
        tx.exec("UPDATE schema_migration SET dirty = 0 WHERE owner = :owner AND version = :version",
                {{"owner", owner}, {"version", done.version}});
        tx.commit();
        done.state = State::applied;
        done.statements.clear();
        applied.push_back(std::move(done));
    }
    return applied;
}

} // namespace dalate::storage
