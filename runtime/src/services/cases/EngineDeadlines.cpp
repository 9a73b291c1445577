// SPDX-License-Identifier: Apache-2.0
#include "base/Json.h"
#include "base/Log.h"
#include "services/Declared.h"
#include "services/PluginCalls.h"
#include "services/cases/CaseStore.h"
#include "services/cases/Deadlines.h"
#include "services/cases/EngineParts.h"
#include "services/rules/Calendar.h"
#include "storage/Tx.h"

namespace dalate::services::cases {

bool Engine::fire(storage::Tx& tx, AfterCommit& after, std::int64_t id, std::int64_t rung) {
    const auto row = Deadlines::find(tx, id);
    if (!row || row->rung != rung || row->endedAt != 0) return false;
    const std::string request = "deadline/" + std::to_string(id) + "/" + std::to_string(rung);
    const Who system{
        nullptr, after, "zh-CN", request, {}, {}, 0, nullptr, steadyNow() + PluginCalls::onWriter};
    const auto declared = declaredFor(system, row->plugin);
    const Machine* machine = declared->machine(row->machine);
    const Deadline* deadline = machine ? machine->deadline(row->name) : nullptr;
    const Micros at = parts_.clock();
    // A new version of the plugin has a shorter ladder or none.
    if (!deadline || rung >= static_cast<std::int64_t>(deadline->ladder.size())) {
        Deadlines::end(tx, id, at);
        return false;
    }
    const Rung& due = deadline->ladder[static_cast<std::size_t>(rung)];
    std::optional<Micros> nextDue;
    if (static_cast<std::size_t>(rung) + 1 < deadline->ladder.size())
        nextDue = parts_.calendar().due(row->baseAt, deadline->ladder[static_cast<std::size_t>(rung) + 1].after).at;
    if (!Deadlines::claim(tx, *row, at, nextDue)) return false;

    Case c = *CaseStore::find(tx, row->caseId);
    c.changedAt = std::max(at, c.changedAt);
    const auto entry = [&](std::string_view refused) {
        Entry e = entryOf(system, "deadline", c);
        e.details = json::write(Value::map([&](MapWriter& m) {
            m.set("deadline", row->name).set("label", deadline->label).set("rung", rung).set("dueAt", row->dueAt);
            m.set("endedAt", row->baseAt).set("transition", due.transition);
            if (!refused.empty()) m.set("refused", refused);
        }));
        return e;
    };
    const std::int64_t seen = c.version;
    record(tx, c, entry({}));
    if (!due.transition.empty()) {
        const std::size_t kept = after.size();
        try {
            storage::Tx::Savepoint part(tx);
            move(tx, system, c.id, {due.transition, seen, {}, {}});
            part.release();
        } catch (const Error& refusal) {
            // Away and busy pass: the whole rung is tried again. A guard's no, or a fault, does not: it is kept,
            // and the rungs behind it still come.
            if (refusal.status() == 503) throw;
            // Nor is anybody told of what was undone.
            after.resize(kept);
            c = *CaseStore::find(tx, c.id);
            record(tx, c, entry(refusal.id()));
            log::warning("core.case.rung_refused", Value::map([&](MapWriter& m) {
                             m.set("case", std::to_string(c.id)).set("deadline", row->name).set("rung", rung);
                             m.set("transition", due.transition).set("error", refusal.id());
                         }));
        }
    }
    if (!due.notices.empty())
        notify(tx, after, *declared, *machine, *CaseStore::find(tx, c.id), due.notices, {});
    return true;
}

std::optional<std::int64_t> Engine::reckon(storage::Tx& tx, std::string_view plugin, std::int64_t behind,
                                           std::int64_t limit, std::int64_t& moved) {
    const auto declared = parts_.declarations.find(plugin);
    if (!declared) return std::nullopt;
    std::optional<std::int64_t> last;
    for (const Deadlines::Row& row : Deadlines::running(tx, plugin, behind, limit)) {
        last = row.id;
        const Machine* machine = declared->machine(row.machine);
        const Deadline* deadline = machine ? machine->deadline(row.name) : nullptr;
        if (deadline && Deadlines::reckon(tx, parts_.calendar(), *deadline, row)) ++moved;
    }
    return last;
}

} // namespace dalate::services::cases
