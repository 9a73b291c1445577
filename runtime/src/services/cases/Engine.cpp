// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Engine.h"

#include "base/Ids.h"
#include "base/Json.h"
#include "base/Sha256.h"
#include "base/Utf8.h"
#include "identity/Accounts.h"
#include "identity/Organisations.h"
#include "services/Declared.h"
#include "services/PluginCalls.h"
#include "services/cases/CaseStore.h"
#include "services/cases/Deadlines.h"
#include "services/cases/Difference.h"
#include "services/cases/EngineParts.h"
#include "services/cases/Relations.h"
#include "services/cases/Todo.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::services::cases {

namespace {

Error unknown(std::int64_t id) {
    return Error(404, "core.case.unknown", Value::map([&](MapWriter& m) { m.set("case", std::to_string(id)); }));
}

Error noSuchMove(const Case& c, std::string_view transition) {
    return Error(409, "core.case.no_such_move", Value::map([&](MapWriter& m) {
                     m.set("number", c.number).set("state", c.state).set("transition", transition);
                 }));
}

Error badField(const char* id, std::string_view field) {
    return Error(422, id, Value::map([&](MapWriter& m) { m.set("field", field); }));
}

/// Whether she may open for somebody else: a citizen opens for herself alone.
bool worksForOthers(const Who& who) {
    return who.isSystem() || who.principal->isToken() || (who.principal->isPerson() && who.principal->isStaff());
}

std::int64_t ownerOf(storage::Tx& tx, std::string_view plugin) {
    auto rows = tx.query("SELECT organisation FROM plugin_owner WHERE plugin = :plugin", {{"plugin", plugin}});
    return rows.next() ? rows.integer(0) : 0;
}

void demandAccount(storage::Tx& tx, std::int64_t account, std::string_view field) {
    if (!isLive(tx, account)) throw badField("core.case.person", field);
}

/// Of somebody whom an answer names only as much is believed as the machine could have meant: a number in a form is no
/// reason to let a stranger read the case.
enum class Fits {
    assignee, ///< staff of the office that handles the case
    relation  ///< staff, or the applicant
};

std::int64_t personOf(storage::Tx& tx, const Who& who, const Source& source, Fits fits, const Case& c,
                      ValueView answers) {
    switch (source.kind) {
    case Source::Kind::self:
        return who.isSystem() ? 0 : who.principal->user;
    case Source::Kind::field: {
        const auto id = answers[source.field].integer();
        const auto account = id ? identity::Accounts::find(tx, *id) : std::nullopt;
        const bool staff = account && std::any_of(account->roles.begin(), account->roles.end(),
                                                  [](const std::string& role) { return identity::role::isStaff(role); });
        const bool fitting = fits == Fits::assignee
                                 ? staff && c.organisation != 0 && account->organisation == c.organisation
                                 : staff || (account && account->id == c.applicant);
        if (!fitting || account->disabled) throw badField("core.case.person", source.field);
        return account->id;
    }
    case Source::Kind::none:
    case Source::Kind::origin:
        break;
    }
    return 0;
}

std::int64_t organisationOf(storage::Tx& tx, const Who& who, const Source& source, const Case& c,
                            ValueView answers) {
    switch (source.kind) {
    case Source::Kind::self:
        return who.isSystem() ? c.organisation : who.principal->organisation;
    case Source::Kind::origin:
        return c.origin;
    case Source::Kind::field: {
        const auto id = answers[source.field].integer();
        if (!id || !identity::Organisations::find(tx, *id)) throw badField("core.case.organisation", source.field);
        return *id;
    }
    case Source::Kind::none:
        break;
    }
    return c.organisation;
}

/// Under which a form's key is kept: nobody meets another's.
std::string onceKey(const Who& who, std::string_view plugin, std::string_view machine, std::string_view once) {
    std::string text;
    for (const std::string& part :
         {std::string(who.isSystem() ? "system" : who.principal->kindName()),
          std::to_string(who.isSystem() ? 0 : who.principal->isToken() ? who.principal->token : who.principal->user),
          std::string(plugin), std::string(machine), std::string(once)})
        text += part + "\n";
    return sha256Hex(text);
}

Value merged(ValueView old, ValueView fresh) {
    return Value::map([&](MapWriter& m) {
        for (const ValueView answer : old)
            if (!fresh.has(answer.key())) m.set(answer.key(), answer);
        for (const ValueView answer : fresh)
            m.set(answer.key(), answer);
    });
}

} // namespace

Engine::Engine(Parts parts) : parts_(std::move(parts)) {}

std::shared_ptr<const Declared> Engine::declaredFor(const Who& who, std::string_view plugin) const {
    auto declared = who.declared && who.declared->plugin == plugin ? who.declared : parts_.declarations.find(plugin);
    if (!declared)
        throw Error(503, "core.plugin.away", Value::map([&](MapWriter& m) { m.set("plugin", plugin); }));
    return declared;
}

Engine::Found Engine::look(storage::Tx& tx, const Who& who, std::int64_t id) const {
    auto row = CaseStore::find(tx, id);
    if (!row) throw unknown(id);
    Found found{std::move(*row), {}, nullptr};
    found.declared = declaredFor(who, found.row.plugin);
    found.machine = found.declared->machine(found.row.machine);
    if (!found.machine) throw caseError(409, "core.case.machine_gone", found.row);
    if (!Rights(tx, who, *found.declared, found.row).mayRead(*found.machine)) throw unknown(id);
    return found;
}

Entry Engine::entryOf(const Who& who, std::string act, const Case& c) const {
    Entry e;
    e.at = c.changedAt;
    e.act = std::move(act);
    e.version = c.version;
    e.ip = who.ip.substr(0, 64);
    e.requestId = who.requestId.substr(0, 64);
    if (who.isSystem()) {
        e.actorKind = "system";
        return e;
    }
    const identity::Principal& p = *who.principal;
    e.actorKind = p.kindName();
    e.actor = p.isToken() ? p.token : p.user;
    e.actorName = p.name;
    e.organisation = p.organisation;
    e.organisationName = p.organisationName;
    return e;
}

std::optional<Case> Engine::opened(storage::Tx& tx, const Who& who, std::string_view plugin, std::string_view machine,
                                   std::string_view once) const {
    if (once.empty()) return std::nullopt;
    return CaseStore::findOnce(tx, onceKey(who, plugin, machine, once));
}

Error Engine::late(storage::Tx& tx, Rights& rights, const Declared& declared, const Machine& machine, const Case& c,
                   std::int64_t seen) const {
    return Error(409, "core.case.version",
                 difference(declared, machine, c, History::moves(tx, c.id), seen, rights.readsPersonal(machine)));
}

Case Engine::open(storage::Tx& tx, const Who& who, std::string_view plugin, std::string_view machineName,
                  const NewCase& what) {
    if (auto before = opened(tx, who, plugin, machineName, what.once)) return *std::move(before);
    const auto declared = declaredFor(who, plugin);
    const Machine* machine = declared->machine(machineName);
    if (!machine)
        throw Error(404, "core.case.no_machine", Value::map([&](MapWriter& m) {
                        m.set("plugin", plugin).set("machine", machineName);
                    }));
    Doing doing{*declared, *machine, machine->opening, "open", {}, {}, {}, {}, {}, {}};
    Case& c = doing.after;
    c.plugin = plugin;
    c.machine = machine->name;
    c.rulesAt = c.openedAt = c.changedAt = parts_.clock();
    c.answers = Value::map();
    c.origin = who.isSystem() ? 0 : who.principal->organisation;
    auto right = Rights(tx, who, *declared, c).toOpen(machine->opening.by);
    const bool forOthers = what.applicant != 0 || what.organisation != 0;
    if (!right || (forOthers && !worksForOthers(who)))
        throw Error(403, "core.case.may_not_open", Value::map([&](MapWriter& m) { m.set("machine", machine->name); }));
    doing.right = std::move(*right);
    c.id = newId();
    c.subject = clipped(what.subject, 200);
    c.parent = what.parent;
    c.applicant = what.applicant;
    if (c.applicant != 0)
        demandAccount(tx, c.applicant, "applicant");
    else if (!who.isSystem() && who.principal->isPerson())
        c.applicant = who.principal->user;
    if (!machine->form.empty())
        doing.answers = parts_.answers.check(tx, who, *declared, machine->form, what.answers, c.rulesAt);
    else if (what.answers.truth() && what.answers.size() > 0)
        throw caseError(422, "core.case.no_form", c);
    else
        doing.answers = Value::map();
    c.organisation = what.organisation;
    if (c.organisation == 0)
        c.organisation = machine->opening.organisation
                             ? organisationOf(tx, who, *machine->opening.organisation, c, doing.answers)
                             : ownerOf(tx, plugin);
    c.title = clipped(doing.answers[machine->titledBy].asText(), 400);
    const std::string period = machine->number.period(c.openedAt);
    c.number = machine->number.number(c.openedAt, CaseStore::nextNumber(tx, plugin, machine->name, period));
    take(tx, who, doing);
    if (!doing.step.guard.empty()) ask(tx, who, true, doing.step.guard, doing);
    // The history's rows refer to the case's, whose head is known once the first of them is written.
    CaseStore::insert(tx, c);
    if (!what.once.empty()) CaseStore::keepOnce(tx, onceKey(who, plugin, machine->name, what.once), c.id);
    settle(tx, who, doing);
    return *CaseStore::find(tx, c.id);
}

Case Engine::move(storage::Tx& tx, const Who& who, std::int64_t id, const Move& move) {
    Found found = look(tx, who, id);
    Case& c = found.row;
    const Machine& machine = *found.machine;
    const Transition* known = machine.transition(move.transition);
    if (!known) throw noSuchMove(c, move.transition);
    Rights rights(tx, who, *found.declared, c);
    auto right = rights.among(known->by);
    const bool may = right && (known->desk.empty() || rights.sitsAt(known->desk));
    if (move.version != c.version) {
        // Only whoever could have made the move is told what she has missed.
        if (!may) throw caseError(403, "core.case.not_yours", c);
        if (move.version < 1 || move.version > c.version)
            throw Error(409, "core.case.version_unknown", Value::map([&](MapWriter& m) {
                            m.set("number", c.number).set("version", move.version);
                        }));
        throw late(tx, rights, *found.declared, machine, c, move.version);
    }
    const Transition* t = machine.transition(c.state, move.transition);
    if (!t) throw noSuchMove(c, move.transition);
    if (!may) throw caseError(403, "core.case.not_yours", c);
    if (!who.isSystem() && who.principal->isPerson())
        for (const std::string& done : t->notBy)
            if (History::hasDone(tx, c.id, who.principal->user, done) ||
                (right->onBehalf != 0 && History::hasDone(tx, c.id, right->onBehalf, done)))
                throw Error(403, "core.case.same_person", Value::map([&](MapWriter& m) {
                                m.set("number", c.number).set("transition", done);
                            }));
    if (move.reason.size() > longestReason) throw caseError(422, "core.case.reason_long", c);
    const bool blank = move.reason.find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (t->reason == Transition::Reason::required && blank) throw caseError(422, "core.case.reason", c);

    Doing doing{*found.declared, machine, *t, t->name, c.state, std::move(*right), {}, {}, c, c};
    doing.reason = blank ? std::string() : std::string(move.reason);
    if (!t->form.empty())
        doing.answers = parts_.answers.check(tx, who, *found.declared, t->form, move.answers, c.rulesAt);
    else if (move.answers.truth() && move.answers.size() > 0)
        throw caseError(422, "core.case.no_form", c);
    else
        doing.answers = Value::map();
    // A clock that was set back must not put the history out of order.
    doing.after.changedAt = std::max(parts_.clock(), c.changedAt);
    take(tx, who, doing);
    if (!t->guard.empty()) ask(tx, who, true, t->guard, doing);
    settle(tx, who, doing);
    return t->effects.empty() ? std::move(doing.after) : *CaseStore::find(tx, id);
}

/// What the row will be.
void Engine::take(storage::Tx& tx, const Who& who, Doing& doing) const {
    Case& c = doing.after;
    const State& to = doing.machine.states[doing.step.to];
    c.state = to.name;
    c.version = doing.before.version + 1;
    c.answers = merged(doing.before.answers, doing.answers);
    c.desk = to.desk;
    c.closedAt = to.isLive() ? 0 : c.changedAt;
    if (doing.step.organisation && !doing.opens())
        c.organisation = organisationOf(tx, who, *doing.step.organisation, c, doing.answers);
    // Another office names its own person.
    if (c.organisation != doing.before.organisation && !doing.opens()) c.assignee = 0;
    if (doing.step.assign)
        c.assignee = personOf(tx, who, *doing.step.assign, Fits::assignee, c, doing.answers);
}

/// Writes it and all that follows. Side effects come last: what they do to this very case finds it whole.
void Engine::settle(storage::Tx& tx, const Who& who, Doing& doing) {
    Case& c = doing.after;
    Entry entry = entryOf(who, doing.opens() ? "open" : "move", c);
    entry.transition = doing.name;
    entry.from = doing.from;
    entry.to = c.state;
    entry.actorRole = doing.right.by;
    entry.onBehalf = doing.right.onBehalf;
    entry.onBehalfName = doing.right.onBehalfName;
    entry.reason = doing.reason;
    entry.answers = json::write(doing.answers);
    History::append(tx, c, std::move(entry));
    const bool written = doing.opens() ? CaseStore::advance(tx, doing.before, c) : CaseStore::update(tx, doing.before, c);
    if (!written) {
        Rights rights(tx, who, doing.declared, doing.before);
        throw late(tx, rights, doing.declared, doing.machine, c, doing.before.version);
    }
    for (const Relate& relate : doing.step.relate)
        if (const std::int64_t account = personOf(tx, who, relate.who, Fits::relation, c, doing.answers))
            Relations::add(tx, c.id, relate.relation, account, c.changedAt);
    Micros dueAt = 0;
    if (!doing.machine.deadlines.empty()) {
        const std::size_t from = doing.opens() ? Machine::none : doing.machine.stateIndex(doing.from);
        if (const auto first = Deadlines::follow(tx, parts_.calendar(), doing.declared, doing.machine, c, from))
            who.after.push_back([wake = parts_.wake, at = *first] { wake(at); });
        dueAt = Deadlines::soonest(tx, c.id);
    }
    Todo::write(tx, doing.declared, doing.machine, c, dueAt);
    notify(tx, who.after, doing.declared, doing.machine, c, doing.step.notices, doing.reason);
    for (const std::string& effect : doing.step.effects)
        ask(tx, who, false, effect, doing);
}

void Engine::ask(storage::Tx& tx, const Who& who, bool guard, std::string_view name, const Doing& doing) {
    const Case& c = doing.after;
    const Value arguments = Value::map([&](MapWriter& m) {
        m.set("case", std::to_string(c.id)).set("machine", c.machine).set("number", c.number);
        m.set("title", c.title).set("subject", c.subject).set("parent", std::to_string(c.parent));
        m.set("transition", doing.name).set("from", doing.from).set("to", c.state);
        m.set("answers", doing.answers).set("all", c.answers).set("reason", doing.reason);
        m.set("version", c.version).set("applicant", std::to_string(c.applicant));
        m.set("origin", std::to_string(c.origin)).set("organisation", std::to_string(c.organisation));
        m.set("assignee", std::to_string(c.assignee)).set("rulesAt", c.rulesAt).set("at", c.changedAt);
    });
    PluginCalls::Ask question;
    question.plugin = c.plugin;
    question.kind = guard ? PluginCalls::Kind::guard : PluginCalls::Kind::effect;
    question.name = name;
    question.arguments = arguments;
    question.principal = who.principal;
    question.language = who.language;
    question.requestId = who.requestId;
    question.deadline = who.deadline;
    question.hops = who.hops;
    parts_.pluginCalls.call(tx, who.after, question);
}

void Engine::notify(storage::Tx& tx, AfterCommit& after, const Declared& declared, const Machine& machine,
                    const Case& c, const std::vector<NoticeTo>& notices, std::string_view reason) {
    if (notices.empty()) return;
    const State* state = machine.state(c.state);
    const Value values = Value::map([&](MapWriter& m) {
        m.set("case", std::to_string(c.id)).set("number", c.number).set("title", c.title);
        m.set("machine", machine.title).set("state", c.state).set("stateLabel", state ? state->label : "");
        m.set("reason", reason).set("href", "/cases/" + std::to_string(c.id));
    });
    for (const NoticeTo& one : notices) {
        // One key for the whole audience: a person who stands in it twice is told once.
        const std::string key =
            "case/" + std::to_string(c.id) + "/" + std::to_string(c.entries) + "/" + one.notice;
        for (const Todo::Audience& to : Todo::audienceOf(tx, declared, c, {one.to})) {
            NoticeSink::Notice notice;
            notice.plugin = c.plugin;
            notice.to = to.kind == Todo::Audience::Kind::account ? NoticeSink::Notice::To::account
                        : to.kind == Todo::Audience::Kind::desk  ? NoticeSink::Notice::To::desk
                                                                 : NoticeSink::Notice::To::role;
            notice.account = to.account;
            notice.name = to.name;
            notice.organisation = to.organisation;
            notice.notice = one.notice;
            notice.values = values;
            notice.key = key;
            parts_.notices.send(tx, after, notice);
        }
    }
}

} // namespace dalate::services::cases
