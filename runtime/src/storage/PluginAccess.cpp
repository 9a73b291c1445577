// SPDX-License-Identifier: Apache-2.0
#include "storage/PluginAccess.h"

#include "base/Result.h"
#include "storage/SqlTokens.h"

#include <algorithm>
#include <atomic>

namespace dalate::storage {

namespace {

bool isPlainIdentifier(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && letter(name[0]) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

[[noreturn]] void refuse(const std::string& plugin, const std::string& table, const char* reason) {
    throw Error(400, "core.storage.rules", Value::map([&](MapWriter& m) {
                    m.set("plugin", plugin).set("table", table).set("reason", reason);
                }));
}

std::atomic<std::uint64_t> nextSerial{1}; // 0 is the core's

} // namespace

TableRules::TableRules(std::string plugin, std::vector<TableRule> tables)
    : plugin_(std::move(plugin)),
      caseView_{plugin_ + "_case", true, "applicant", {"organisation", "origin"}},
      tables_(std::move(tables)),
      serial_(nextSerial++) {
    if (!isPlainIdentifier(plugin_)) refuse(plugin_, {}, "the plugin's id is no plain identifier");
    for (const TableRule& rule : tables_) {
        if (!isPlainIdentifier(rule.name)) refuse(plugin_, rule.name, "no plain identifier");
        if (!owns(rule.name)) refuse(plugin_, rule.name, "does not begin with the plugin's id");
        if (isCaseView(rule.name)) refuse(plugin_, rule.name, "the view of the plugin's cases has this name");
        if (find(rule.name) != &rule) refuse(plugin_, rule.name, "stands twice");
        if (!rule.scoped) continue;
        if (rule.selfColumn.empty() && rule.organisationColumns.empty())
            refuse(plugin_, rule.name, "scoped without a column");
        const bool plainColumns =
            (rule.selfColumn.empty() || isPlainIdentifier(rule.selfColumn)) &&
            std::all_of(rule.organisationColumns.begin(), rule.organisationColumns.end(), isPlainIdentifier);
        if (!plainColumns) refuse(plugin_, rule.name, "a scope column is no plain identifier");
    }
}

const TableRule* TableRules::find(std::string_view table) const noexcept {
    if (isCaseView(table)) return &caseView_;
    const auto found = std::find_if(tables_.begin(), tables_.end(),
                                    [&](const TableRule& rule) { return sameName(rule.name, table); });
    return found == tables_.end() ? nullptr : &*found;
}

bool TableRules::owns(std::string_view name) const noexcept {
    return name.size() > plugin_.size() + 1 && sameName(name.substr(0, plugin_.size()), plugin_) &&
           name[plugin_.size()] == '_';
}

bool TableRules::isCaseView(std::string_view name) const noexcept {
    return sameName(caseView_.name, name);
}

} // namespace dalate::storage
