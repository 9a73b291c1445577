// SPDX-License-Identifier: Apache-2.0
//
// Reads which tables a plugin's statement names and whether each scoped one stands behind its
// `{scope:alias}`.
//
// Every SELECT, UPDATE, DELETE and INSERT of the statement is a Unit with the tables its FROM (or INTO)
// names. A token filters its table only as a conjunct of its own in that unit's WHERE, or in the ON that
// joins the table; whatever else it could stand in is refused rather than understood, so the reader may be
// simple: an author can always write the plain form. SQLite's authorizer checks the outcome a second time
// with the tables as SQLite saw them.
#pragma once

#include "storage/PluginAccess.h"
#include "storage/SqlTokens.h"

#include <string_view>
#include <vector>

namespace dalate::storage {

struct ScopeUse {
    const SqlToken* token;
    const TableRule* rule;
};

struct ScopeReading {
    std::vector<ScopeUse> uses; ///< the tokens in their order, each with the rule of the table it filters
    std::vector<const TableRule*> scoped; ///< every scoped table that the statement names
};

/// Throws StorageError refused.
ScopeReading readScopes(std::string_view sql, const std::vector<SqlToken>& tokens, const TableRules& rules);

} // namespace dalate::storage
