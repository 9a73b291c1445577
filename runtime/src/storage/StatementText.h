// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/PluginAccess.h"

#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {

/// Names of the parameters that `{scope:alias}` expands to; no statement may use them itself.
inline constexpr std::string_view scopeUserParameter = "_scope_user";
inline constexpr std::string_view scopeOrganisationParameter = "_scope_org";

/// A statement as it goes to the database, and what was read in it.
struct StatementText {
    std::string sql;                     ///< scope tokens expanded
    std::vector<std::string> parameters; ///< each once, in the order of first use, scope parameters included
    std::vector<std::string> scoped;     ///< the scoped tables that the statement names
    enum class Kind { query, change, other };
    Kind kind = Kind::query; ///< change: INSERT, UPDATE or DELETE

    bool writes() const noexcept { return kind != Kind::query; }
};

/// Reads one statement; `access` null is the core. Throws StorageError refused: several statements,
/// transaction control (`BEGIN`, `ATTACH` …), and for a plugin what `Tx::as` refuses.
StatementText readStatement(std::string_view sql, const PluginAccess* access);

} // namespace dalate::storage
