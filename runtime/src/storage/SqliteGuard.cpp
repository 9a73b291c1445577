// SPDX-License-Identifier: Apache-2.0
#include "storage/SqliteGuard.h"

#include "storage/SqlTokens.h"

#include <algorithm>
#include <array>

#include <soci/sqlite3/soci-sqlite3.h>

namespace dalate::storage {

namespace {

template <std::size_t N>
bool isOneOf(std::string_view name, const std::array<std::string_view, N>& names) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view n) { return sameName(n, name); });
}

constexpr std::array<std::string_view, 2> tableFunctions{"json_each", "json_tree"};
constexpr std::array<std::string_view, 3> forbiddenFunctions{"load_extension", "fts3_tokenizer",
                                                             "sqlite_offset"};

int deny(Guard& guard, const char* reason, std::string_view table = {}) {
    guard.reason = reason;
    guard.table = table;
    return SQLITE_DENY;
}

bool isDataAction(int action) {
    return action == SQLITE_READ || action == SQLITE_INSERT || action == SQLITE_UPDATE ||
           action == SQLITE_DELETE;
}

/// A plugin's own statement touches `table`; `inner` names the view or trigger that brought it in.
int touch(Guard& guard, int action, std::string_view table, std::string_view inner) {
    const TableRules& rules = *guard.rules;
    if (action == SQLITE_READ && isOneOf(table, tableFunctions)) return SQLITE_OK;
    // What the view of the plugin's cases reads; migrations cannot make anything else of that name.
    if (action == SQLITE_READ && rules.isCaseView(inner) && table == "case_record") return SQLITE_OK;
    if (!rules.owns(table)) return deny(guard, "not a table of this plugin", table);
    if (action != SQLITE_READ && rules.isCaseView(table)) return deny(guard, "only the case engine moves cases", table);
    const TableRule* rule = rules.find(table);
    if (!inner.empty()) {
        const TableRule* view = rules.find(inner);
        if (view && !view->scoped && rule && rule->scoped)
            return deny(guard, "a view without scope over a scoped table", table);
        return SQLITE_OK;
    }
    if (!rule) return deny(guard, "a table that the manifest does not declare", table);
    if (!rule->scoped || action != SQLITE_READ) return SQLITE_OK;
    const auto& named = guard.text->scoped;
    if (std::find(named.begin(), named.end(), rule->name) != named.end()) return SQLITE_OK;
    // A change of a row makes SQLite look for those that reference it.
    const bool reference =
        guard.text->kind == StatementText::Kind::change && guard.referencing.contains(rule->name);
    return reference ? SQLITE_OK : deny(guard, "scoped table without {scope:alias}", table);
}

int checkStatement(Guard& guard, int action, std::string_view first, std::string_view second,
                   std::string_view inner) {
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_READ:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return touch(guard, action, first, inner);
    case SQLITE_FUNCTION:
        if (isOneOf(second, forbiddenFunctions) || second.substr(0, 7) == "sqlite_")
            return deny(guard, "a function that plugins may not call");
        return SQLITE_OK;
    default:
        return deny(guard, "only SELECT, INSERT, UPDATE and DELETE", first);
    }
}

bool isSqliteOwn(std::string_view table) {
    return table.substr(0, 7) == "sqlite_" || table == "pragma_quick_check";
}

int checkMigration(Guard& guard, int action, std::string_view first, std::string_view second) {
    const auto owned = [&](std::string_view name) {
        if (guard.rules->isCaseView(name))
            return deny(guard, "a name that the view of the plugin's cases has", name);
        return guard.rules->owns(name) ? SQLITE_OK
                                       : deny(guard, "a name that does not begin with the plugin's id", name);
    };
    switch (action) {
    case SQLITE_CREATE_TABLE:
        return first.substr(0, 11) == "sqlite_stat" ? SQLITE_OK : owned(first); // ANALYZE's
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_VIEW:
    case SQLITE_ANALYZE:
    case SQLITE_REINDEX:
        return owned(first);
    case SQLITE_CREATE_INDEX:
    case SQLITE_DROP_INDEX:
        // The index of a PRIMARY KEY or UNIQUE goes with its table.
        return first.substr(0, 17) == "sqlite_autoindex_" || owned(first) == SQLITE_OK ? owned(second)
                                                                                       : SQLITE_DENY;
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_DROP_TRIGGER:
        return owned(first) == SQLITE_OK ? owned(second) : SQLITE_DENY;
    case SQLITE_ALTER_TABLE:
        return owned(second);
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return isOneOf(second, forbiddenFunctions) ? deny(guard, "a function that plugins may not call")
                                                   : SQLITE_OK;
    case SQLITE_PRAGMA:
        // ALTER TABLE ADD COLUMN checks the rows that are there by it.
        return first == "quick_check" ? SQLITE_OK : deny(guard, "PRAGMA");
    default:
        break;
    }
    if (!isDataAction(action))
        return deny(guard, "a kind of statement that migrations of plugins may not use", first);
    // SQLite's own tables: schema changes write them; a statement that names them is stopped by defensive
    // mode.
    if (isSqliteOwn(first) || isOneOf(first, tableFunctions)) return SQLITE_OK;
    return owned(first);
}

std::string_view view(const char* text) {
    return text ? std::string_view(text) : std::string_view();
}

} // namespace

extern "C" int dalateSqliteGuard(void* data, int action, const char* first, const char* second,
                                 const char* schema, const char* inner) {
    Guard& guard = *static_cast<Guard*>(data);
    if (guard.mode == Guard::Mode::core) return SQLITE_OK;
    // Of ALTER TABLE the schema comes first, and a column where it stands for the others.
    if (action == SQLITE_ALTER_TABLE) schema = first;
    if (schema && view(schema) != "main") {
        const bool bookkeeping = guard.mode == Guard::Mode::migration && isSqliteOwn(view(first));
        if (!bookkeeping) return deny(guard, "temporary and attached tables", view(first));
    }
    return guard.mode == Guard::Mode::plugin
               ? checkStatement(guard, action, view(first), view(second), view(inner))
               : checkMigration(guard, action, view(first), view(second));
}

} // namespace dalate::storage
