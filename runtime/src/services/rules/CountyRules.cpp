// SPDX-License-Identifier: Apache-2.0
#include "services/rules/CountyRules.h"

#include "base/Ids.h"
#include "base/Json.h"
#include "base/Log.h"
#include "identity/Audit.h"
#include "services/rules/CivilDay.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::services::rules {
namespace {

constexpr std::size_t longestSource = 400;
constexpr std::int64_t mostValues = 200;

std::string objectOf(std::string_view plugin, std::string_view rule) {
    return std::string("rule/").append(plugin).append("/").append(rule);
}

Value described(Micros from, ValueView value, std::string_view source) {
    return Value::map([&](MapWriter& m) {
        m.set("from", dayText(civilDayOf(from))).set("value", value).set("source", source);
    });
}

[[noreturn]] void refuse(int status, const char* id, std::string_view rule, Micros from) {
    throw Error(status, id, Value::map([&](MapWriter& m) {
                    m.set("rule", rule).set("from", dayText(civilDayOf(from)));
                }));
}

} // namespace

CountyRules::CountyRules() : standing_(std::make_unique<const Values>()) {}

const std::vector<DatedValue>* CountyRules::of(std::string_view plugin, const Rule& rule) const noexcept {
    const Values& values = standing_.get();
    const auto ofPlugin = values.find(plugin);
    if (ofPlugin == values.end()) return nullptr;
    const auto found = ofPlugin->second.find(rule.name);
    // A version of the plugin that changed the rule's type leaves the old type's values behind.
    return found == ofPlugin->second.end() || found->second.type != rule.type ? nullptr
                                                                              : &found->second.values;
}

const DatedValue* CountyRules::find(std::string_view plugin, const Rule& rule, Micros time) const noexcept {
    const auto* values = of(plugin, rule);
    if (values == nullptr) return nullptr;
    const auto after =
        std::upper_bound(values->begin(), values->end(), time,
                         [](Micros wanted, const DatedValue& each) { return wanted < each.from; });
    return after == values->begin() ? nullptr : &*std::prev(after);
}

void CountyRules::reload(storage::Pool& pool) {
    const std::lock_guard lock(reloading_);
    auto lease = pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    auto next = std::make_unique<Values>();
    auto rows = tx.query("SELECT plugin, rule, type, from_at, value, source, text_read"
                         " FROM rule_value"
                         " ORDER BY plugin, rule, from_at");
    while (rows.next()) {
        const auto type = ruleTypeOf(rows.text(2));
        const ValueView stored(rows.text(4));
        auto value = type ? readRuleValue(*type, stored) : Result<Value>(Error(422, "core.rule.value"));
        Typed& typed = (*next)[std::string(rows.text(0))][std::string(rows.text(1))];
        if (!value) {
            log::warning("core.rule.bad_row", Value::map([&](MapWriter& m) {
                             m.set("plugin", rows.text(0)).set("rule", rows.text(1));
                         }));
            continue;
        }
        // The newest row says what the rule is now; older ones of another type are of an older rule.
        if (typed.type != *type) typed.values.clear();
        typed.type = *type;
        DatedValue dated;
        dated.from = rows.integer(3);
        dated.value = std::move(value).take();
        dated.source = rows.text(5);
        dated.textRead = rows.flag(6);
        dated.county = true;
        typed.values.push_back(std::move(dated));
    }
    standing_.publish(std::move(next));
}

std::int64_t CountyRules::add(storage::Tx& tx, const identity::Principal& actor, const NewValue& wanted,
                              std::string_view requestId) {
    const Rule& rule = *wanted.rule;
    if (wanted.from <= now()) refuse(409, "core.rule.past", rule.name, wanted.from);
    if (wanted.source.empty() || wanted.source.size() > longestSource) throw Error(422, "core.rule.source");
    const Value value = readRuleValue(rule.type, wanted.value).take();
    {
        auto rows = tx.query("SELECT COUNT(*), COALESCE(SUM(from_at = :from_at), 0)"
                             " FROM rule_value"
                             " WHERE plugin = :plugin AND rule = :rule",
                             {{"from_at", wanted.from}, {"plugin", wanted.plugin}, {"rule", rule.name}});
        rows.next();
        if (rows.integer(1) != 0) refuse(409, "core.rule.taken", rule.name, wanted.from);
        if (rows.integer(0) >= mostValues) refuse(422, "core.rule.many", rule.name, wanted.from);
    }
    const std::int64_t id = newId();
    tx.exec("INSERT INTO rule_value (id, plugin, rule, type, from_at, value, source, text_read, changed_by,"
            " changed_at)"
            " VALUES (:id, :plugin, :rule, :type, :from_at, :value, :source, :text_read, :changed_by,"
            " :changed_at)",
            {{"id", id},
             {"plugin", wanted.plugin},
             {"rule", rule.name},
             {"type", name(rule.type)},
             {"from_at", wanted.from},
             {"value", storage::Cell::blob(value.bytes())},
             {"source", wanted.source},
             {"text_read", wanted.textRead ? 1 : 0},
             {"changed_by", actor.name},
             {"changed_at", now()}});
    identity::Audit::record(tx, actor, "rule.value.add", objectOf(wanted.plugin, rule.name),
                            described(wanted.from, value, wanted.source), requestId);
    return id;
}

void CountyRules::withdraw(storage::Tx& tx, const identity::Principal& actor, std::string_view plugin,
                           std::int64_t id, std::string_view requestId) {
    std::string rule;
    Value details;
    {
        auto rows = tx.query("SELECT rule, from_at, value, source"
                             " FROM rule_value"
                             " WHERE id = :id AND plugin = :plugin",
                             {{"id", id}, {"plugin", plugin}});
        if (!rows.next()) throw Error(404, "core.rule.no_such_value");
        rule = rows.text(0);
        if (rows.integer(1) <= now()) refuse(409, "core.rule.past", rule, rows.integer(1));
        details = described(rows.integer(1), ValueView(rows.text(2)), rows.text(3));
    }
    tx.exec("DELETE FROM rule_value WHERE id = :id", {{"id", id}});
    identity::Audit::record(tx, actor, "rule.value.withdraw", objectOf(plugin, rule), details, requestId);
}

std::vector<CountyRules::Row> CountyRules::list(storage::Tx& tx, std::string_view plugin) {
    auto rows = tx.query("SELECT id, rule, from_at, value, source, text_read, changed_by, changed_at"
                         " FROM rule_value"
                         " WHERE plugin = :plugin"
                         " ORDER BY rule, from_at",
                         {{"plugin", plugin}});
    std::vector<Row> all;
    while (rows.next()) {
        Row row;
        row.id = rows.integer(0);
        row.rule = rows.text(1);
        row.value.from = rows.integer(2);
        row.value.value = Value(ValueView(rows.text(3)));
        row.value.source = rows.text(4);
        row.value.textRead = rows.flag(5);
        row.value.county = true;
        row.changedBy = rows.text(6);
        row.changedAt = rows.integer(7);
        all.push_back(std::move(row));
    }
    return all;
}

} // namespace dalate::services::rules
