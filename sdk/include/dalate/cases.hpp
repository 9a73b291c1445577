// SPDX-License-Identifier: Apache-2.0
//
// Cases: a plugin declares machines (`cases/<name>.json`, see docs/cases.md), and the host moves cases along them.
// Here is what a plugin's code has of them: what it is asked when a case moves (guards refuse, side effects write the
// plugin's own rows, both in the transaction of the move), and the service cases/1, typed. Callers: traceability
// (holds, complaints), samples/helpdesk.
//
//     Tx tx = request.begin(TxMode::write);
//     const cases::Case ticket = cases::open(request, tx, {"ticket", answers});
//     tx.exec("INSERT INTO helpdesk_ticket (kase, room) VALUES (:kase, :room)", {{"kase", ticket.id()}, ...});
//     tx.commit();
//
// The plugin's own lists join its rows with the view `<plugin>_case` (id, machine, number, title, subject, parent, state,
// version, applicant, origin, organisation, desk, assignee, opened_at, changed_at, closed_at) and `{scope:alias}`.
#pragma once

#include <dalate/call.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dalate {

/// A case that is about to move, given to a guard or a side effect:
///
///     void mayClose(CaseMove& move) { if (...) throw Error(409, "helpdesk.not_answered"); }
///     void writeTicket(CaseMove& move) { move.write("INSERT INTO helpdesk_ticket ...", {...}); }
///
/// The engine has judged role, relation, version and required fields before. Whatever the handler throws undoes
/// the whole move and is told to the person. A transaction begun here joins that of the move: what it commits is
/// durable exactly when the move is. A guard may only read.
class CaseMove : public Call {
public:
    using Call::Call;

    /// The name under which the machine's file asks for the handler.
    std::string_view name() const { return text(DALATE_FIELD_SUBJECT).value_or(""); }
    /// Everything that the engine tells, a map: {case, machine, number, title, subject, parent, transition, from, to,
    /// answers, all, reason, version, applicant, origin, organisation, assignee, rulesAt, at}; as the case will be once
    /// it has moved. Borrowed as every view of a call.
    ValueView record() const { return part(DALATE_PART_ARGUMENTS); }

    /// The case's id.
    std::int64_t caseId() const { return record()["case"].integer().value_or(0); }
    std::string_view machine() const { return record()["machine"].text(); }
    /// The transition's name; "open" where the case is being opened.
    std::string_view transition() const { return record()["transition"].text(); }
    /// The state that it leaves; empty where it is being opened.
    std::string_view from() const { return record()["from"].text(); }
    std::string_view to() const { return record()["to"].text(); }
    /// The answers of the transition's form, by field.
    ValueView answers() const { return record()["answers"]; }
    std::string_view reason() const { return record()["reason"].text(); }
    /// The plugin's own key, as it was given when the case was opened.
    std::string_view subject() const { return record()["subject"].text(); }
    /// Answers of every form so far, this step's included.
    ValueView allAnswers() const { return record()["all"]; }
    /// Accounts and organisations; 0: none.
    std::int64_t applicant() const { return record()["applicant"].integer().value_or(0); }
    std::int64_t organisation() const { return record()["organisation"].integer().value_or(0); }
    std::int64_t assignee() const { return record()["assignee"].integer().value_or(0); }
    /// Microseconds since 1970: whose rules hold for the case, and when it moves.
    std::int64_t rulesAt() const { return record()["rulesAt"].integer().value_or(0); }
    std::int64_t at() const { return record()["at"].integer().value_or(0); }
};

namespace cases {

/// A case of this plugin. A look at the call's arena.
class Case {
public:
    explicit Case(ValueView record) noexcept : record_(record) {}
    std::int64_t id() const noexcept { return record_["case"].integer().value_or(0); }
    std::string_view machine() const noexcept { return record_["machine"].text(); }
    std::string_view number() const noexcept { return record_["number"].text(); }
    std::string_view title() const noexcept { return record_["title"].text(); }
    std::string_view subject() const noexcept { return record_["subject"].text(); }
    std::string_view state() const noexcept { return record_["state"].text(); }
    /// What a move must name: it is refused where the case has moved since.
    std::int64_t version() const noexcept { return record_["version"].integer().value_or(0); }
    std::int64_t applicant() const noexcept { return record_["applicant"].integer().value_or(0); }
    std::int64_t organisation() const noexcept { return record_["organisation"].integer().value_or(0); }
    std::int64_t assignee() const noexcept { return record_["assignee"].integer().value_or(0); }
    std::string_view desk() const noexcept { return record_["desk"].text(); }
    ValueView answers() const noexcept { return record_["answers"]; }
    bool ended() const noexcept { return record_["closedAt"].integer().value_or(0) != 0; }
    /// All of it, for a page's model; sdk/docs/cases.md has the keys.
    ValueView record() const noexcept { return record_; }

private:
    ValueView record_;
};

/// Where people find a case of this plugin, for links and notices.
inline std::string href(const Call& call, std::string_view machine, std::int64_t kase) {
    return "/cases" + std::string(call.pluginPath()) + "/" + std::string(machine) + "/" + std::to_string(kase);
}

/// For whom a call acts: the person behind it, or the plugin's own code, which a machine lets do only what it lets
/// `system` do.
enum class As { caller, system };

namespace detail {
inline void put(MapWriter& m, As as) {
    if (as == As::system) m.set("as", "system");
}
} // namespace detail

struct NewCase {
    std::string_view machine;
    /// By the fields of the machine's form.
    ValueView answers = {};
    /// The plugin's own key of what it is about; at most 200 bytes.
    std::string_view subject = {};
    /// A case that this one comes out of; 0: none.
    std::int64_t parent = 0;
    /// For whom, where staff open it for another; 0: whoever calls.
    std::int64_t applicant = 0;
    /// Who handles it; 0: as the machine says.
    std::int64_t organisation = 0;
    As as = As::caller;
};

/// Opens a case; it exists once `tx` commits. Throws 404 `core.case.no_machine`, 403 `core.case.may_not_open`, 422
/// `core.case.answers` (details: fields), and what the machine's guard and side effects throw.
/// Service form: cases/1.open {machine, answers, subject, parent, applicant, organisation, as} -> the case.
inline Case open(const Call& call, Tx& tx, const NewCase& fresh) {
    return Case(call.service(tx, "cases/1", "open", Value::map([&](MapWriter& m) {
                                 m.set("machine", fresh.machine).set("answers", fresh.answers);
                                 m.set("subject", fresh.subject).set("parent", fresh.parent);
                                 m.set("applicant", fresh.applicant).set("organisation", fresh.organisation);
                                 detail::put(m, fresh.as);
                             })));
}

struct Move {
    std::int64_t kase = 0;
    std::string_view transition;
    std::int64_t version = 0;
    ValueView answers = {};
    std::string_view reason = {};
    As as = As::caller;
};

/// Moves a case. Throws 404 `core.case.unknown`, 409 `core.case.no_such_move`, 409 `core.case.version` (details: what
/// has changed, who and when), 403 `core.case.not_yours`, 403 `core.case.same_person`, 422 `core.case.reason`, 422
/// `core.case.answers`, and what guard and side effects throw.
/// Service form: cases/1.move {case, transition, version, answers, reason, as} -> the case.
inline Case move(const Call& call, Tx& tx, const Move& step) {
    return Case(call.service(tx, "cases/1", "move", Value::map([&](MapWriter& m) {
                                 m.set("case", step.kase).set("transition", step.transition);
                                 m.set("version", step.version).set("answers", step.answers);
                                 m.set("reason", step.reason);
                                 detail::put(m, step.as);
                             })));
}

/// A case that the caller may see; throws 404 `core.case.unknown`.
/// Service form: cases/1.get {case} -> the case.
inline Case get(const Call& call, std::int64_t kase) {
    return Case(call.service("cases/1", "get", Value::map([&](MapWriter& m) { m.set("case", kase); })));
}
inline Case get(const Call& call, Tx& tx, std::int64_t kase) {
    return Case(call.service(tx, "cases/1", "get", Value::map([&](MapWriter& m) { m.set("case", kase); })));
}

/// The moves that the caller may try now, for a page's buttons.
/// Service form: cases/1.allowed {case} -> {moves: [{transition, label, to, toLabel, tone, reason, form, by, onBehalf}]}.
inline ValueView allowed(const Call& call, std::int64_t kase) {
    return call.service("cases/1", "allowed", Value::map([&](MapWriter& m) { m.set("case", kase); }))["moves"];
}

/// The whole trail: entries, comments, attachments, deadlines, relations, and whether the chain of hashes is whole.
/// Service form: cases/1.history {case} -> as sdk/docs/cases.md says.
inline ValueView history(const Call& call, std::int64_t kase) {
    return call.service("cases/1", "history", Value::map([&](MapWriter& m) { m.set("case", kase); }));
}

enum class CommentFor { everybody, staff };

/// Adds a comment, at most 4,000 bytes. Throws 404 `core.case.unknown`, 422 `core.case.comment`.
/// Service form: cases/1.comment {case, text, internal} -> {comment}.
inline void comment(const Call& call, Tx& tx, std::int64_t kase, std::string_view text,
                    CommentFor reader = CommentFor::everybody) {
    call.service(tx, "cases/1", "comment", Value::map([&](MapWriter& m) {
                     m.set("case", kase).set("text", text).set("internal", reader == CommentFor::staff);
                 }));
}

/// Ties a kept file (files.hpp, object `case/<id>`) to a case.
/// Service form: cases/1.attach {case, file, name} -> null.
inline void attach(const Call& call, Tx& tx, std::int64_t kase, std::string_view file, std::string_view name) {
    call.service(tx, "cases/1", "attach", Value::map([&](MapWriter& m) {
                     m.set("case", kase).set("file", file).set("name", name);
                 }));
}

/// Puts a person into a relation that the machine declares, or out of it.
/// Service form: cases/1.relate {case, relation, account, end, as} -> null.
inline void relate(const Call& call, Tx& tx, std::int64_t kase, std::string_view relation, std::int64_t account) {
    call.service(tx, "cases/1", "relate", Value::map([&](MapWriter& m) {
                     m.set("case", kase).set("relation", relation).set("account", account);
                 }));
}
inline void unrelate(const Call& call, Tx& tx, std::int64_t kase, std::string_view relation, std::int64_t account) {
    call.service(tx, "cases/1", "relate", Value::map([&](MapWriter& m) {
                     m.set("case", kase).set("relation", relation).set("account", account).set("end", true);
                 }));
}

/// What waits for the caller of this plugin's cases, soonest due first.
/// Service form: cases/1.todo {limit} -> {items: [{case, machine, number, title, state, kind, name, since, dueAt}]}.
inline ValueView todo(const Call& call, std::int64_t limit = 100) {
    return call.service("cases/1", "todo", Value::map([&](MapWriter& m) { m.set("limit", limit); }))["items"];
}

/// Empty and 0: any.
struct Filter {
    std::string_view machine = {}, state = {}, desk = {};
    /// In number or title.
    std::string_view words = {};
    /// `live`, `ended` or empty.
    std::string_view life = {};
    std::int64_t assignee = 0, applicant = 0;
    std::int64_t limit = 50;
    /// `next` of the page before.
    ValueView after = {};
};

/// Cases as far as the call sees, newest change first.
/// Service form: cases/1.list {machine, state, desk, words, life, assignee, applicant, limit, after} -> {cases, next}.
inline ValueView list(const Call& call, const Filter& filter) {
    return call.service("cases/1", "list", Value::map([&](MapWriter& m) {
                            m.set("machine", filter.machine).set("state", filter.state).set("desk", filter.desk);
                            m.set("words", filter.words).set("life", filter.life);
                            m.set("assignee", filter.assignee).set("applicant", filter.applicant);
                            m.set("limit", filter.limit).set("after", filter.after);
                        }));
}

} // namespace cases

} // namespace dalate
