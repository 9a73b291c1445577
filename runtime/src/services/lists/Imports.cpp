// SPDX-License-Identifier: Apache-2.0
#include "services/lists/Imports.h"

#include "base/Ids.h"
#include "base/Json.h"
#include "services/Declared.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::services::lists {

namespace {

constexpr Micros week = Micros{7} * 24 * 3600 * 1'000'000;
constexpr std::int64_t mostRecent = 20;

Value faultsValue(const forms::Form& form, const forms::FormWords& words, const forms::Faults& faults) {
    return Value::list([&](ListWriter& list) {
        for (const forms::Fault& fault : faults)
            list.map(
                [&](MapWriter& m) { m.set("field", fault.field).set("text", words.fault(form, fault)); });
    });
}

/// A refusal by its id and values: the page has its words in the reader's language.
Value refusalValue(const Error& error) {
    return Value::list([&](ListWriter& list) {
        list.map(
            [&](MapWriter& m) { m.set("field", "").set("id", error.id()).set("values", error.details()); });
    });
}

Batch batchOf(const storage::Rows& rows) {
    Batch b;
    b.id = rows.integer(0);
    b.plugin = rows.text(1);
    b.list = rows.text(2);
    b.form = rows.text(3);
    b.account = rows.integer(4);
    b.organisation = rows.integer(5);
    b.fileName = rows.text(6);
    b.sha256 = rows.text(7);
    b.rulesAt = rows.integer(8);
    b.state = rows.text(9);
    b.createdAt = rows.integer(10);
    return b;
}

void count(storage::Tx& tx, Batch& batch) {
    auto rows = tx.query("SELECT state, COUNT(*) FROM import_row WHERE batch = :batch GROUP BY state",
                         {{"batch", batch.id}});
    while (rows.next()) {
        const std::string_view state = rows.text(0);
        std::int64_t& number = state == "good"     ? batch.good
                               : state == "faulty" ? batch.faulty
                               : state == "done"   ? batch.done
                               : state == "failed" ? batch.failed
                               : state == "undone" ? batch.undone
                                                   : batch.kept;
        number = rows.integer(1);
    }
}

void setState(storage::Tx& tx, std::int64_t batch, std::string_view from, std::string_view to, Micros at) {
    tx.exec("UPDATE import_batch SET state = :to, changed_at = :at WHERE id = :batch AND state = :from",
            {{"to", to}, {"at", at}, {"batch", batch}, {"from", from}});
}

[[noreturn]] void wrongState(const Batch& batch) {
    throw Error(409, "core.import.state", Value::map([&](MapWriter& m) { m.set("state", batch.state); }));
}

void dropOld(storage::Tx& tx, Micros before) {
    tx.exec("DELETE FROM import_row WHERE batch IN ("
            "SELECT id FROM import_batch WHERE state = 'read' AND changed_at < :before)",
            {{"before", before}});
    tx.exec("UPDATE import_batch SET state = 'dropped' WHERE state = 'read' AND changed_at < :before",
            {{"before", before}});
}

} // namespace

std::int64_t Imports::read(storage::Tx& tx, const Doer& doer, const List& list, const forms::FormWords& words,
                           const Sheet& sheet, std::string_view fileName, std::string_view sha256) const {
    const forms::Form* form = doer.declared->form(list.import->form);
    if (sheet.rows.size() < 2) throw Error(422, "core.import.empty");
    const SheetForm reading(*form, words, sheet.rows.front());
    const Micros now = parts_.clock();
    dropOld(tx, now - week);
    const std::int64_t id = newId();
    tx.exec("INSERT INTO import_batch (id, plugin, list, form, account, organisation, file_name, sha256, "
            "rules_at, state, "
            "created_at, changed_at) VALUES (:id, :plugin, :list, :form, :account, :organisation, :file, "
            ":sha256, "
            ":rules, 'read', :now, :now)",
            {{"id", id},
             {"plugin", doer.declared->plugin},
             {"list", list.name},
             {"form", form->name},
             {"account", doer.principal.user},
             {"organisation", doer.principal.organisation},
             {"file", fileName},
             {"sha256", sha256},
             {"rules", words.time().at},
             {"now", now}});
    for (auto row = sheet.rows.begin() + 1; row != sheet.rows.end(); ++row) {
        const forms::Judged judged = reading.judge(*row);
        const std::string faults = judged ? "[]" : json::write(faultsValue(*form, words, judged.faults));
        tx.exec("INSERT INTO import_row (batch, line, state, answers, faults) "
                "VALUES (:batch, :line, :state, :answers, :faults)",
                {{"batch", id},
                 {"line", row->line},
                 {"state", judged ? "good" : "faulty"},
                 {"answers", judged ? json::write(judged.answers) : std::string()},
                 {"faults", faults}});
    }
    return id;
}

Batch Imports::look(storage::Tx& tx, const Doer& doer, const List& list, std::int64_t id) {
    std::optional<Batch> found;
    {
        auto rows =
            tx.query("SELECT id, plugin, list, form, account, organisation, file_name, sha256, rules_at, "
                     "state, created_at "
                     "FROM import_batch WHERE id = :id AND plugin = :plugin AND list = :list "
                     "AND (account = :account OR (organisation <> 0 AND organisation = :organisation))",
                     {{"id", id},
                      {"plugin", doer.declared->plugin},
                      {"list", list.name},
                      {"account", doer.principal.user},
                      {"organisation", doer.principal.organisation}});
        if (rows.next()) found = batchOf(rows);
    }
    if (!found) throw Error(404, "core.import.unknown");
    return *std::move(found);
}

Batch Imports::find(storage::Tx& tx, const Doer& doer, const List& list, std::int64_t id) const {
    Batch batch = look(tx, doer, list, id);
    count(tx, batch);
    return batch;
}

std::vector<Batch> Imports::recent(storage::Tx& tx, const Doer& doer, const List& list) const {
    std::vector<Batch> all;
    {
        auto rows =
            tx.query("SELECT id, plugin, list, form, account, organisation, file_name, sha256, rules_at, "
                     "state, created_at "
                     "FROM import_batch WHERE plugin = :plugin AND list = :list AND account = :account "
                     "AND state <> 'dropped' ORDER BY id DESC LIMIT :limit",
                     {{"plugin", doer.declared->plugin},
                      {"list", list.name},
                      {"account", doer.principal.user},
                      {"limit", mostRecent}});
        while (rows.next())
            all.push_back(batchOf(rows));
    }
    for (Batch& batch : all)
        count(tx, batch);
    return all;
}

std::optional<Batch> Imports::sameFile(storage::Tx& tx, const Batch& batch) const {
    auto rows = tx.query(
        "SELECT id, plugin, list, form, account, organisation, file_name, sha256, rules_at, state, "
        "created_at "
        "FROM import_batch WHERE plugin = :plugin AND list = :list AND sha256 = :sha256 AND id <> :id "
        "AND state IN ('running', 'done') ORDER BY id DESC LIMIT 1",
        {{"plugin", batch.plugin}, {"list", batch.list}, {"sha256", batch.sha256}, {"id", batch.id}});
    if (!rows.next()) return std::nullopt;
    return batchOf(rows);
}

std::vector<ImportRow> Imports::rows(storage::Tx& tx, std::int64_t batch, std::string_view state,
                                     std::int64_t behind, std::int64_t limit) {
    std::vector<ImportRow> all;
    auto rows =
        tx.query("SELECT line, state, answers, faults, result FROM import_row "
                 "WHERE batch = :batch AND state = :state AND line > :behind ORDER BY line LIMIT :limit",
                 {{"batch", batch}, {"state", state}, {"behind", behind}, {"limit", limit}});
    while (rows.next()) {
        ImportRow row;
        row.line = rows.integer(0);
        row.state = rows.text(1);
        if (const std::string_view answers = rows.text(2); !answers.empty())
            row.answers = json::parse(answers).take();
        row.faults = json::parse(rows.text(3)).take();
        row.result = rows.text(4);
        all.push_back(std::move(row));
    }
    return all;
}

void Imports::begin(storage::Tx& tx, const Batch& batch) const {
    if (batch.state == "running") return;
    if (batch.state != "read" || batch.good == 0) wrongState(batch);
    setState(tx, batch.id, "read", "running", parts_.clock());
}

void Imports::beginUndo(storage::Tx& tx, const List& list, const Batch& batch) const {
    if (batch.state == "undoing") return;
    if ((batch.state != "done" && batch.state != "running") || list.import->undo.empty()) wrongState(batch);
    setState(tx, batch.id, batch.state, "undoing", parts_.clock());
}

Imports::Step Imports::one(const Doer& doer, const List& list, std::int64_t batch) const {
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const Batch subject = look(tx, doer, list, batch);
    if (!subject.isUnderWay()) return Step::nothingLeft;
    const bool bringing = subject.state == "running";
    // Taken back in the reverse order: what came later may rest on what came before.
    const std::string_view next =
        bringing ? std::string_view(
                       "SELECT line, answers, result FROM import_row WHERE batch = :batch AND state = 'good' "
                       "ORDER BY line LIMIT 1")
                 : std::string_view(
                       "SELECT line, answers, result FROM import_row WHERE batch = :batch AND state = 'done' "
                       "ORDER BY line DESC LIMIT 1");
    std::int64_t line = 0;
    std::string answers, result;
    {
        auto rows = tx.query(next, {{"batch", batch}});
        if (rows.next()) {
            line = rows.integer(0);
            answers = rows.text(1);
            result = rows.text(2);
        }
    }
    if (line == 0) {
        setState(tx, batch, subject.state, bringing ? "done" : "undone", parts_.clock());
        tx.commit();
        return Step::nothingLeft;
    }
    AfterCommit after;
    std::string state = bringing ? "done" : "undone", faults = "[]";
    try {
        storage::Tx::Savepoint part(tx);
        if (bringing)
            result =
                parts_.acts.bringIn(tx, after, doer, *list.import, json::parse(answers).take(), batch, line);
        else
            parts_.acts.takeBack(tx, after, doer, *list.import, result);
        part.release();
    } catch (const Error& error) {
        if (error.status() >= 500) throw;
        after.clear();
        state = bringing ? "failed" : "kept";
        faults = json::write(refusalValue(error));
    }
    // What the answers say is now kept where it belongs, or was refused; a second copy of it would outlive
    // both.
    tx.exec("UPDATE import_row SET state = :state, answers = '', faults = :faults, result = :result "
            "WHERE batch = :batch AND line = :line",
            {{"state", state}, {"faults", faults}, {"result", result}, {"batch", batch}, {"line", line}});
    tx.commit();
    for (const auto& act : after)
        act();
    return Step::took;
}

bool Imports::goOn(const Doer& doer, const List& list, std::int64_t batch,
                   std::chrono::milliseconds budget) const {
    const Micros end = steadyNow() + std::chrono::duration_cast<std::chrono::microseconds>(budget).count();
    while (one(doer, list, batch) == Step::took)
        if (steadyNow() >= end) return false;
    return true;
}

} // namespace dalate::services::lists
