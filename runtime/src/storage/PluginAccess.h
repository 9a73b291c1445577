// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {

/// One table (or view) of a plugin's manifest. A scoped table's rows belong to a person (`selfColumn`), to
/// organisations (`organisationColumns`), or to both; the columns hold ids as integers.
struct TableRule {
    std::string name;
    bool scoped = false;
    std::string selfColumn;
    std::vector<std::string> organisationColumns;
};

/// The tables that one version of a plugin may name: those it declares, and `<plugin>_case`, the view of its own cases
/// that the case engine keeps: read-only, scoped by applicant and by the organisations `organisation` and `origin`.
/// No plugin may declare, make or change anything of that name. Immutable and safe from any thread. Its serial number is
/// new for each object, so that statements prepared under older rules are never used under newer ones.
class TableRules {
public:
    /// Throws `Error` 400 `core.storage.rules` where a name does not begin with `<plugin>_`, is no plain
    /// identifier (ASCII letters, digits, `_`), stands twice, is the view's, or a scoped table names no column.
    TableRules(std::string plugin, std::vector<TableRule> tables);

    const std::string& plugin() const noexcept { return plugin_; }
    const std::vector<TableRule>& tables() const noexcept { return tables_; }
    std::uint64_t serial() const noexcept { return serial_; }

    /// The rule of a table or of the view, without regard to ASCII case; null where the plugin did not declare it.
    const TableRule* find(std::string_view table) const noexcept;

    /// Whether a schema object's name begins with `<plugin>_`.
    bool owns(std::string_view name) const noexcept;

    /// Whether a schema object's name is that of the view of the plugin's cases.
    bool isCaseView(std::string_view name) const noexcept;

private:
    std::string plugin_;
    TableRule caseView_;
    std::vector<TableRule> tables_;
    std::uint64_t serial_;
};

/// How far a caller sees into scoped tables.
struct Scope {
    enum class Kind {
        none,         ///< no row
        self,         ///< rows whose `selfColumn` is the user
        organisation, ///< rows one of whose `organisationColumns` is the organisation
        county        ///< every row
    };
    Kind kind = Kind::none;
    std::int64_t user = 0;
    std::int64_t organisation = 0;
};

/// For whom a transaction's statements run: see `Tx::as`. Borrows the rules.
struct PluginAccess {
    const TableRules* rules = nullptr;
    Scope scope;
};

} // namespace dalate::storage
