// SPDX-License-Identifier: Apache-2.0
#include "services/cases/CaseStore.h"

#include "base/Json.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::services::cases {

namespace {

/// In the order in which `read` takes them and `insert` binds them.
constexpr std::string_view columns =
    "id, plugin, machine, number, title, subject, parent, state, version, applicant, origin, organisation, desk, "
    "assignee, answers, rules_at, opened_at, changed_at, closed_at, entries, head";

} // namespace

Case CaseStore::read(const storage::Rows& rows) {
    Case c;
    c.id = rows.integer(0);
    c.plugin = rows.text(1);
    c.machine = rows.text(2);
    c.number = rows.text(3);
    c.title = rows.text(4);
    c.subject = rows.text(5);
    c.parent = rows.integer(6);
    c.state = rows.text(7);
    c.version = rows.integer(8);
    c.applicant = rows.integer(9);
    c.origin = rows.integer(10);
    c.organisation = rows.integer(11);
    c.desk = rows.text(12);
    c.assignee = rows.integer(13);
    c.answers = json::parse(rows.text(14)).take();
    c.rulesAt = rows.integer(15);
    c.openedAt = rows.integer(16);
    c.changedAt = rows.integer(17);
    c.closedAt = rows.integer(18);
    c.entries = rows.integer(19);
    c.head = rows.text(20);
    return c;
}

std::optional<Case> CaseStore::find(storage::Tx& tx, std::int64_t id) {
    static const std::string text = "SELECT " + std::string(columns) + " FROM case_record WHERE id = :id";
    auto rows = tx.query(text, {{"id", id}});
    if (!rows.next()) return std::nullopt;
    return read(rows);
}

std::optional<Case> CaseStore::findOnce(storage::Tx& tx, std::string_view once) {
    std::int64_t id = 0;
    {
        auto rows = tx.query("SELECT case_id FROM case_once WHERE once = :once", {{"once", once}});
        if (!rows.next()) return std::nullopt;
        id = rows.integer(0);
    }
    return find(tx, id);
}

void CaseStore::keepOnce(storage::Tx& tx, std::string_view once, std::int64_t id) {
    tx.exec("INSERT INTO case_once (once, case_id) VALUES (:once, :case)", {{"once", once}, {"case", id}});
}

void CaseStore::insert(storage::Tx& tx, const Case& c) {
    static const std::string text =
        "INSERT INTO case_record (" + std::string(columns) +
        ") "
        "VALUES (:id, :plugin, :machine, :number, :title, :subject, :parent, :state, :version, :applicant, :origin, "
        ":organisation, :desk, :assignee, :answers, :rules, :opened, :changed, :closed, :entries, :head)";
    tx.exec(text,
            {{"id", c.id},
             {"plugin", c.plugin},
             {"machine", c.machine},
             {"number", c.number},
             {"title", c.title},
             {"subject", c.subject},
             {"parent", c.parent},
             {"state", c.state},
             {"version", c.version},
             {"applicant", c.applicant},
             {"origin", c.origin},
             {"organisation", c.organisation},
             {"desk", c.desk},
             {"assignee", c.assignee},
             {"answers", json::write(c.answers)},
             {"rules", c.rulesAt},
             {"opened", c.openedAt},
             {"changed", c.changedAt},
             {"closed", c.closedAt},
             {"entries", c.entries},
             {"head", c.head}});
}

bool CaseStore::update(storage::Tx& tx, const Case& before, const Case& c) {
    return tx.exec("UPDATE case_record SET state = :state, version = :version, organisation = :organisation, "
                   "desk = :desk, assignee = :assignee, answers = :answers, changed_at = :changed, "
                   "closed_at = :closed, entries = :entries, head = :head "
                   "WHERE id = :id AND version = :seen AND head = :stood",
                   {{"state", c.state},
                    {"version", c.version},
                    {"organisation", c.organisation},
                    {"desk", c.desk},
                    {"assignee", c.assignee},
                    {"answers", json::write(c.answers)},
                    {"changed", c.changedAt},
                    {"closed", c.closedAt},
                    {"entries", c.entries},
                    {"head", c.head},
                    {"id", c.id},
                    {"seen", before.version},
                    {"stood", before.head}}) == 1;
}

bool CaseStore::advance(storage::Tx& tx, const Case& before, const Case& c) {
    return tx.exec("UPDATE case_record SET changed_at = :changed, entries = :entries, head = :head "
                   "WHERE id = :id AND head = :stood",
                   {{"changed", c.changedAt},
                    {"entries", c.entries},
                    {"head", c.head},
                    {"id", c.id},
                    {"stood", before.head}}) == 1;
}

std::int64_t CaseStore::nextNumber(storage::Tx& tx, std::string_view plugin, std::string_view machine,
                                   std::string_view period) {
    const std::int64_t taken = tx.exec("UPDATE case_number SET next = next + 1 "
                                       "WHERE plugin = :plugin AND machine = :machine AND period = :period",
                                       {{"plugin", plugin}, {"machine", machine}, {"period", period}});
    if (taken == 0) {
        tx.exec("INSERT INTO case_number (plugin, machine, period, next) VALUES (:plugin, :machine, :period, 2)",
                {{"plugin", plugin}, {"machine", machine}, {"period", period}});
        return 1;
    }
    auto rows = tx.query("SELECT next - 1 FROM case_number "
                         "WHERE plugin = :plugin AND machine = :machine AND period = :period",
                         {{"plugin", plugin}, {"machine", machine}, {"period", period}});
    rows.next();
    return rows.integer(0);
}

void CaseStore::makeView(storage::Tx& tx, std::string_view plugin) {
    const bool plain = !plugin.empty() && std::all_of(plugin.begin(), plugin.end(), [](char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
    if (!plain) throw Error(500, "core.storage.rules");
    const std::string name = std::string(plugin) + "_case";
    const std::string columns =
        "SELECT id, machine, number, title, subject, parent, state, version, applicant, "
        "origin, organisation, desk, assignee, opened_at, changed_at, closed_at FROM ";
    try {
        tx.check(columns + name);
        return;
    } catch (const storage::StorageError&) {
        // There is none, or one that lacks a column.
    }
    tx.exec("DROP VIEW IF EXISTS " + name);
    tx.exec("CREATE VIEW " + name + " AS " + columns + "case_record WHERE plugin = '" + std::string(plugin) +
            "'");
}

} // namespace dalate::services::cases
