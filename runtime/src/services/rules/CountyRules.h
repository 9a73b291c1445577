// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity/Principal.h"
#include "services/rules/Rule.h"
#include "services/rules/Standing.h"

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Pool;
class Tx;
} // namespace dalate::storage

namespace dalate::services::rules {

/// The county's own values of plugins' rules (table `rule_value`), in memory. One a process; safe from any
/// thread.
class CountyRules {
public:
    /// A value to be added.
    struct NewValue {
        std::string plugin;
        /// Of the plugin's active generation.
        const Rule* rule = nullptr;
        /// Begins a day that is still to come.
        Micros from = 0;
        /// As JSON or a form gives it.
        Value value;
        std::string source;
        bool textRead = false;
    };
    /// A row of the table.
    struct Row {
        std::int64_t id = 0;
        std::string rule;
        DatedValue value;
        std::string changedBy;
        Micros changedAt = 0;
    };

    CountyRules();

    /// The county's value of a rule with the latest first day not after `time`, or null. One atomic load; the
    /// pointer is valid as long as this lives.
    const DatedValue* find(std::string_view plugin, const Rule& rule, Micros time) const noexcept;
    /// By their first day; null for none. Only values of the rule's present type.
    const std::vector<DatedValue>* of(std::string_view plugin, const Rule& rule) const noexcept;

    /// Reads the table. Whoever changes it calls this after the commit. A row whose rule or value cannot be
    /// read is left out and logged (`core.rule.bad_row`).
    void reload(storage::Pool& pool);

    /// Adds a value and audits it (`rule.value.add`). The past never changes: throws 409 `core.rule.past`
    /// unless `from` is later than now, 409 `core.rule.taken` for a second value of one day, 422
    /// `core.rule.value`, 422 `core.rule.source` for no source or one above 400 bytes, 422 `core.rule.many`
    /// above 200 values a rule.
    static std::int64_t add(storage::Tx& tx, const identity::Principal& actor, const NewValue& value,
                            std::string_view requestId = {});
    /// Takes back a value that is not in force yet and audits it (`rule.value.withdraw`). Throws 404
    /// `core.rule.no_such_value`, 409 `core.rule.past`.
    static void withdraw(storage::Tx& tx, const identity::Principal& actor, std::string_view plugin,
                         std::int64_t id, std::string_view requestId = {});
    /// The county's rows of a plugin, by rule and first day.
    static std::vector<Row> list(storage::Tx& tx, std::string_view plugin);

private:
    struct Typed {
        RuleType type = RuleType::integer;
        std::vector<DatedValue> values;
    };
    /// By plugin, then by rule.
    using Values = std::map<std::string, std::map<std::string, Typed, std::less<>>, std::less<>>;
    std::mutex reloading_; ///< what is read later is published later
    Standing<Values> standing_;
};

} // namespace dalate::services::rules
