// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Deadlines.h"

#include "base/Ids.h"
#include "services/Declared.h"
#include "services/rules/Calendar.h"
#include "services/rules/RuleBook.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::services::cases {

namespace {

/// In the order in which `read` takes them.
constexpr std::string_view columns = "id, case_id, plugin, machine, name, starts_at, term, base_at, provisional, rung, "
                                     "due_at, tries, fired_at, ended_at";

struct Reckoned {
    Micros base = 0;
    bool provisional = false;
    Micros due = 0;
};

Reckoned reckoned(const rules::Calendar& calendar, Micros start, const rules::Term& term, const Rung& rung) {
    const rules::Due base = calendar.due(start, term);
    const rules::Due due = calendar.due(base.at, rung.after);
    return {base.at, !base.isCertain() || !due.isCertain(), due.at};
}

} // namespace

std::optional<Micros> Deadlines::follow(storage::Tx& tx, const rules::Calendar& calendar, const Declared& declared,
                                        const Machine& machine, const Case& c, std::size_t from) {
    std::optional<Micros> first;
    const std::size_t to = machine.stateIndex(c.state);
    for (const Deadline& d : machine.deadlines) {
        const bool ran = from != Machine::none && d.runsIn(from), runs = d.runsIn(to);
        if (ran && !runs)
            tx.exec("UPDATE case_deadline SET ended_at = :at, next_at = NULL "
                    "WHERE case_id = :case AND name = :name AND ended_at = 0",
                    {{"at", c.changedAt}, {"case", c.id}, {"name", d.name}});
        if (ran || !runs) continue;
        const rules::Term term = d.rule.empty() ? d.term : declared.rules->at(c.rulesAt).term(d.rule);
        const Micros start = d.from == Deadline::From::opened ? c.openedAt : c.changedAt;
        const Reckoned r = reckoned(calendar, start, term, d.ladder.front());
        tx.exec("INSERT INTO case_deadline (id, case_id, plugin, machine, name, starts_at, term, base_at, "
                "provisional, rung, due_at, next_at) "
                "VALUES (:id, :case, :plugin, :machine, :name, :starts, :term, :base, :provisional, 0, :due, :next)",
                {{"id", newId()},
                 {"case", c.id},
                 {"plugin", c.plugin},
                 {"machine", c.machine},
                 {"name", d.name},
                 {"starts", start},
                 {"term", term.text()},
                 {"base", r.base},
                 {"provisional", r.provisional ? 1 : 0},
                 {"due", r.due},
                 {"next", r.due}});
        first = std::min(first.value_or(r.due), r.due);
    }
    return first;
}

Micros Deadlines::soonest(storage::Tx& tx, std::int64_t caseId) {
    auto rows = tx.query("SELECT base_at FROM case_deadline WHERE case_id = :case AND ended_at = 0 "
                         "ORDER BY base_at LIMIT 1",
                         {{"case", caseId}});
    return rows.next() ? rows.integer(0) : 0;
}

std::vector<Deadlines::Due> Deadlines::due(storage::Tx& tx, std::string_view plugin, Micros at,
                                           std::int64_t limit) {
    std::vector<Due> all;
    auto rows = tx.query("SELECT id, rung FROM case_deadline WHERE plugin = :plugin AND next_at <= :at "
                         "ORDER BY next_at LIMIT :limit",
                         {{"plugin", plugin}, {"at", at}, {"limit", limit}});
    while (rows.next())
        all.push_back({rows.integer(0), rows.integer(1)});
    return all;
}

std::optional<Micros> Deadlines::next(storage::Tx& tx, std::string_view plugin) {
    auto rows = tx.query("SELECT next_at FROM case_deadline WHERE plugin = :plugin AND next_at IS NOT NULL "
                         "ORDER BY next_at LIMIT 1",
                         {{"plugin", plugin}});
    if (!rows.next()) return std::nullopt;
    return rows.integer(0);
}

Deadlines::Row Deadlines::read(const storage::Rows& rows) {
    Row row;
    row.id = rows.integer(0);
    row.caseId = rows.integer(1);
    row.plugin = rows.text(2);
    row.machine = rows.text(3);
    row.name = rows.text(4);
    row.startsAt = rows.integer(5);
    row.term = rules::Term::parse(rows.text(6)).take();
    row.baseAt = rows.integer(7);
    row.provisional = rows.flag(8);
    row.rung = rows.integer(9);
    row.dueAt = rows.integer(10);
    row.tries = rows.integer(11);
    row.firedAt = rows.integer(12);
    row.endedAt = rows.integer(13);
    return row;
}

std::optional<Deadlines::Row> Deadlines::find(storage::Tx& tx, std::int64_t id) {
    static const std::string text = "SELECT " + std::string(columns) + " FROM case_deadline WHERE id = :id";
    auto rows = tx.query(text, {{"id", id}});
    if (!rows.next()) return std::nullopt;
    return read(rows);
}

std::vector<Deadlines::Row> Deadlines::of(storage::Tx& tx, std::int64_t caseId) {
    static const std::string text =
        "SELECT " + std::string(columns) + " FROM case_deadline WHERE case_id = :case ORDER BY id";
    std::vector<Row> all;
    auto rows = tx.query(text, {{"case", caseId}});
    while (rows.next())
        all.push_back(read(rows));
    return all;
}

std::vector<Deadlines::Row> Deadlines::running(storage::Tx& tx, std::string_view plugin, std::int64_t behind,
                                               std::int64_t limit) {
    static const std::string text = "SELECT " + std::string(columns) +
                                    " FROM case_deadline WHERE plugin = :plugin AND ended_at = 0 "
                                    "AND next_at IS NOT NULL AND id > :behind ORDER BY id LIMIT :limit";
    std::vector<Row> all;
    auto rows = tx.query(text, {{"plugin", plugin}, {"behind", behind}, {"limit", limit}});
    while (rows.next())
        all.push_back(read(rows));
    return all;
}

bool Deadlines::claim(storage::Tx& tx, const Row& row, Micros at, std::optional<Micros> nextDue) {
    return tx.exec("UPDATE case_deadline SET rung = rung + 1, fired_at = :at, tries = 0, due_at = :due, "
                   "next_at = :next "
                   "WHERE id = :id AND rung = :rung AND ended_at = 0 AND next_at <= :at",
                   {{"at", at},
                    {"due", nextDue.value_or(row.dueAt)},
                    {"next", storage::Cell(nextDue)},
                    {"id", row.id},
                    {"rung", row.rung}}) == 1;
}

void Deadlines::putOff(storage::Tx& tx, std::int64_t id, std::int64_t rung, Micros until) {
    tx.exec("UPDATE case_deadline SET next_at = :until, tries = tries + 1 "
            "WHERE id = :id AND rung = :rung AND ended_at = 0 AND next_at IS NOT NULL",
            {{"until", until}, {"id", id}, {"rung", rung}});
}

void Deadlines::end(storage::Tx& tx, std::int64_t id, Micros at) {
    tx.exec("UPDATE case_deadline SET ended_at = :at, next_at = NULL WHERE id = :id AND ended_at = 0",
            {{"at", at}, {"id", id}});
}

bool Deadlines::reckon(storage::Tx& tx, const rules::Calendar& calendar, const Deadline& deadline, const Row& row) {
    if (row.rung >= static_cast<std::int64_t>(deadline.ladder.size())) return false;
    const Reckoned r =
        reckoned(calendar, row.startsAt, row.term, deadline.ladder[static_cast<std::size_t>(row.rung)]);
    if (r.base == row.baseAt && r.due == row.dueAt && r.provisional == row.provisional) return false;
    tx.exec("UPDATE case_deadline SET base_at = :base, provisional = :provisional, due_at = :due, next_at = :due "
            "WHERE id = :id AND rung = :rung AND ended_at = 0",
            {{"base", r.base},
             {"provisional", r.provisional ? 1 : 0},
             {"due", r.due},
             {"id", row.id},
             {"rung", row.rung}});
    tx.exec("UPDATE case_todo SET due_at = :base WHERE case_id = :case AND due_at = :old",
            {{"base", r.base}, {"case", row.caseId}, {"old", row.baseAt}});
    return true;
}

} // namespace dalate::services::cases
