// SPDX-License-Identifier: Apache-2.0
// What is done to a case without moving it, and what is read of it.
#include "base/Ids.h"
#include "base/Json.h"
#include "services/Declared.h"
#include "services/cases/CaseStore.h"
#include "services/cases/Deadlines.h"
#include "services/cases/EngineParts.h"
#include "services/cases/Notes.h"
#include "services/cases/Relations.h"
#include "services/cases/Todo.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::services::cases {

namespace {

constexpr std::size_t longestComment = 4000;

template <class Fill>
std::string details(Fill&& fill) {
    return json::write(Value::map(std::forward<Fill>(fill)));
}

/// Refuses what would be more than one person, or all of them, may add to a case.
void demandRoom(const char* id, const Case& c, const Notes::Amount& there, const Who& who, std::int64_t mostOfOne,
                std::int64_t mostOfAll) {
    const bool hers = !who.isSystem() && there.hers >= mostOfOne;
    if (!hers && there.all < mostOfAll) return;
    throw Error(409, id, Value::map([&](MapWriter& m) {
                    m.set("number", c.number).set("most", hers ? mostOfOne : mostOfAll);
                }));
}

/// Whether a question of the case's forms was answered with the file.
bool isAnswer(ValueView answers, std::int64_t file) {
    const std::string id = std::to_string(file);
    for (const ValueView answer : answers)
        if (answer.isText() && answer.text() == id) return true;
    return false;
}

void demandDeclared(const Machine& machine, std::string_view relation) {
    if (std::find(machine.relations.begin(), machine.relations.end(), relation) == machine.relations.end())
        throw Error(422, "core.case.relation", Value::map([&](MapWriter& m) { m.set("relation", relation); }));
}

} // namespace

Case Engine::find(storage::Tx& tx, const Who& who, std::int64_t id) {
    return look(tx, who, id).row;
}

bool Engine::mayRead(storage::Tx& tx, const Who& who, const Case& subject) {
    const auto declared = declaredFor(who, subject.plugin);
    const Machine* machine = declared->machine(subject.machine);
    return machine && Rights(tx, who, *declared, subject).mayRead(*machine);
}

bool Engine::readsPersonal(storage::Tx& tx, const Who& who, const Case& subject) {
    const auto declared = declaredFor(who, subject.plugin);
    const Machine* machine = declared->machine(subject.machine);
    return machine && Rights(tx, who, *declared, subject).readsPersonal(*machine);
}

bool Engine::readsInternal(storage::Tx& tx, const Who& who, const Case& subject) {
    const auto declared = declaredFor(who, subject.plugin);
    const Machine* machine = declared->machine(subject.machine);
    return machine && Rights(tx, who, *declared, subject).readsInternal(*machine);
}

bool Engine::mayAdd(storage::Tx& tx, const Who& who, const Case& subject) {
    return subject.closedAt == 0 || readsInternal(tx, who, subject);
}

Engine::Moves Engine::allowed(storage::Tx& tx, const Who& who, const Case& subject) {
    Moves moves{declaredFor(who, subject.plugin), {}};
    const Machine* machine = moves.declared->machine(subject.machine);
    if (!machine) return moves;
    Rights rights(tx, who, *moves.declared, subject);
    const std::size_t at = machine->stateIndex(subject.state);
    for (const Transition& t : machine->transitions) {
        if (at == Machine::none || !t.leaves(at)) continue;
        auto right = rights.among(t.by);
        if (!right || (!t.desk.empty() && !rights.sitsAt(t.desk))) continue;
        const bool person = !who.isSystem() && who.principal->isPerson();
        const bool barred = person && std::any_of(t.notBy.begin(), t.notBy.end(), [&](const std::string& done) {
                                return History::hasDone(tx, subject.id, who.principal->user, done) ||
                                       (right->onBehalf != 0 && History::hasDone(tx, subject.id, right->onBehalf, done));
                            });
        if (barred) continue;
        moves.all.push_back({&t, &machine->states[t.to], std::move(right->by), right->onBehalf, std::move(right->onBehalfName)});
    }
    return moves;
}

Case Engine::record(storage::Tx& tx, Case subject, Entry entry) const {
    const Case before = subject;
    History::append(tx, subject, std::move(entry));
    if (!CaseStore::advance(tx, before, subject)) throw caseError(409, "core.case.busy", before);
    return subject;
}

void Engine::recordRelation(storage::Tx& tx, const Who& who, Found found, const char* act,
                            std::string_view relation, std::int64_t account) const {
    found.row.changedAt = std::max(parts_.clock(), found.row.changedAt);
    Entry entry = entryOf(who, act, found.row);
    entry.details = details(
        [&](MapWriter& m) { m.set("relation", relation).set("account", std::to_string(account)); });
    const Case after = record(tx, std::move(found.row), std::move(entry));
    Todo::write(tx, *found.declared, *found.machine, after, Deadlines::soonest(tx, after.id));
}

std::int64_t Engine::comment(storage::Tx& tx, const Who& who, std::int64_t id, std::string_view text,
                             bool internal) {
    Found found = look(tx, who, id);
    const bool blank = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (blank || text.size() > longestComment) throw caseError(422, "core.case.comment", found.row);
    const bool inside = Rights(tx, who, *found.declared, found.row).readsInternal(*found.machine);
    if (internal && !inside) throw caseError(403, "core.case.not_yours", found.row);
    if (found.row.closedAt != 0 && !inside) throw caseError(409, "core.case.ended", found.row);
    found.row.changedAt = std::max(parts_.clock(), found.row.changedAt);
    Entry entry = entryOf(who, "comment", found.row);
    demandRoom("core.case.comments_full", found.row, Notes::commentsBy(tx, id, entry.actor), who, mostCommentsOfOne,
               mostComments);
    Notes::Comment comment{newId(), entry.at, entry.actor, entry.actorName, entry.organisationName, internal,
                           std::string(text)};
    Notes::add(tx, id, comment);
    // The chain covers what was said without showing an internal word in the trail.
    Entry hidden;
    hidden.reason = comment.text;
    entry.details = details([&](MapWriter& m) {
        m.set("comment", std::to_string(comment.id)).set("internal", internal);
        m.set("text", internal ? History::hash({}, id, hidden) : comment.text);
    });
    record(tx, std::move(found.row), std::move(entry));
    return comment.id;
}

void Engine::attach(storage::Tx& tx, const Who& who, std::int64_t id, std::int64_t file, std::string_view name) {
    Found found = look(tx, who, id);
    found.row.changedAt = std::max(parts_.clock(), found.row.changedAt);
    Entry entry = entryOf(who, "attach", found.row);
    if (Notes::hasFile(tx, id, file)) return;
    // What a step has asked for is limited by its form, and the step may have ended the case.
    if (!isAnswer(found.row.answers, file)) {
        if (found.row.closedAt != 0 && !Rights(tx, who, *found.declared, found.row).readsInternal(*found.machine))
            throw caseError(409, "core.case.ended", found.row);
        demandRoom("core.case.files_full", found.row, Notes::attachmentsBy(tx, id, entry.actor), who, mostFilesOfOne,
                   mostFiles);
    }
    Notes::add(tx, id, Notes::Attachment{file, entry.at, entry.actor, std::string(name.substr(0, 400))});
    entry.details = details([&](MapWriter& m) { m.set("file", std::to_string(file)).set("name", name.substr(0, 400)); });
    record(tx, std::move(found.row), std::move(entry));
}

void Engine::relate(storage::Tx& tx, const Who& who, std::int64_t id, std::string_view relation,
                    std::int64_t account) {
    Found found = look(tx, who, id);
    demandDeclared(*found.machine, relation);
    if (!isLive(tx, account))
        throw Error(422, "core.case.person", Value::map([&](MapWriter& m) { m.set("field", relation); }));
    if (Relations::add(tx, id, relation, account, parts_.clock()))
        recordRelation(tx, who, std::move(found), "relate", relation, account);
}

void Engine::unrelate(storage::Tx& tx, const Who& who, std::int64_t id, std::string_view relation,
                      std::int64_t account) {
    Found found = look(tx, who, id);
    demandDeclared(*found.machine, relation);
    if (Relations::remove(tx, id, relation, account))
        recordRelation(tx, who, std::move(found), "unrelate", relation, account);
}

std::vector<Entry> Engine::history(storage::Tx& tx, const Who& who, std::int64_t id) {
    const Found found = look(tx, who, id);
    return History::of(tx, found.row.id);
}

} // namespace dalate::services::cases
