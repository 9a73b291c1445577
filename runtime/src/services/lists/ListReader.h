// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Problem.h"
#include "services/lists/List.h"

#include <dalate/value.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Pool;
class TableRules;
} // namespace dalate::storage

namespace dalate::services {
struct Declared;
}

namespace dalate::services::lists {

/// Reads one `lists/<name>.json` of plugin `plugin` against `schema` (sdk/schema/list.schema.json) and the
/// rules between its keys, and puts its statements together. Every fault becomes a problem whose place is
/// "lists/tickets.json:9 $.columns[3].sql"; nothing is returned where there is one. Ids: those of
/// `plugin::checkAgainst` and `core.list_file.*`.
std::optional<List> readList(ValueView schema, std::string_view plugin, std::string_view text,
                             std::string_view file, plugin::Problems& problems);

/// What one file cannot know: that form, machine and transition are declared (`core.list_file.unknown`), and
/// that `permissions` holds the one it is for.
void checkNames(const List& list, const Declared& declared, const std::vector<std::string>& permissions,
                plugin::Problems& problems);

/// Prepares every statement of the list as the plugin's own, for every reach that a reader may have: a faulty
/// one, a table of somebody else and a scoped table without its alias become problems
/// (`core.list_file.statement`). After the plugin's migrations. Runs nothing.
void checkStatements(storage::Pool& pool, const List& list, const storage::TableRules& rules,
                     plugin::Problems& problems);

} // namespace dalate::services::lists
