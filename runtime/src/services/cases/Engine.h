// SPDX-License-Identifier: Apache-2.0
// The engine moves cases, and nothing else does. One move is a handful of statements in the caller's transaction:
//
//     read the row -> is the transition in the table? -> may she? -> version -> answers, reason -> guard
//     -> UPDATE ... WHERE version AND head are those read -> history row -> side effects -> deadlines, to-do, notices
//
// Every refusal comes before the UPDATE or undoes it, so a case is never half moved. Its parts each keep one table:
// CaseStore, History, Deadlines, Todo, Relations, Notes, Numbers.
#pragma once

#include "services/cases/AnswerCheck.h"
#include "services/cases/Case.h"
#include "services/cases/History.h"
#include "services/cases/Machine.h"
#include "services/cases/NoticeSink.h"

#include <functional>
#include <optional>
#include <vector>

namespace dalate::services {
class Declarations;
class PluginCalls;
namespace rules {
class Calendar;
}
} // namespace dalate::services

namespace dalate::services::cases {

class Rights;

/// The case engine. Holds no case in memory; safe from any thread, each with its own transaction. Write transactions
/// run for the core. Callers: the host's own pages of cases (desk), and plugins' code through cases/1 (CaseService).
class Engine {
public:
    struct Parts {
        Declarations& declarations;
        PluginCalls& pluginCalls;
        AnswerCheck& answers;
        NoticeSink& notices;
        /// The working days in force.
        std::function<const rules::Calendar&()> calendar;
        /// The wall clock.
        std::function<Micros()> clock;
        /// Told after a commit that something falls due at that moment.
        std::function<void(Micros)> wake;
    };
    explicit Engine(Parts parts);

    struct NewCase {
        ValueView answers;
        std::string_view subject;
        std::int64_t parent = 0;
        /// For whom, where somebody inside opens the case for another; 0: whoever opens it. Only staff, tokens
        /// and the system may name another: 403 `core.case.may_not_open`.
        std::int64_t applicant = 0;
        /// Who handles it; 0: as the machine says. Same rule as for `applicant`.
        std::int64_t organisation = 0;
        /// The key of the form that was sent, the same whenever it is sent again; empty: none. Whoever has opened a
        /// case with it gets that case, and nothing is done.
        std::string_view once = {};
    };
    /// Opens a case. Throws `Error`: 503 `core.plugin.away`, 404 `core.case.no_machine`, 403 `core.case.may_not_open`,
    /// 422 `core.case.answers`, and what guard and side effects throw.
    Case open(storage::Tx& tx, const Who& who, std::string_view plugin, std::string_view machine,
              const NewCase& what);
    /// The case that she has opened with a form of that key; nothing: none.
    std::optional<Case> opened(storage::Tx& tx, const Who& who, std::string_view plugin, std::string_view machine,
                               std::string_view once) const;

    struct Move {
        std::string_view transition;
        /// The version that whoever moves has seen.
        std::int64_t version = 0;
        ValueView answers;
        std::string_view reason;
    };
    /// Moves a case along a transition of its machine. Throws `Error`:
    ///   404 `core.case.unknown`        there is none that she may see
    ///   409 `core.case.no_such_move`   the table has no such transition out of the state (details: number, state,
    ///                                  transition)
    ///   403 `core.case.not_yours`      she is none of those who may; `core.case.same_person` (details: transition)
    ///   409 `core.case.version_unknown` no such version has ever been (details: number, version)
    ///   409 `core.case.version`        it has moved since (details: number, version, expected, changes: [{version,
    ///                                  transition, label, from, to, who, organisation, at, reason}], fields:
    ///                                  [{field, before, after, masked}]: personal answers masked unless she
    ///                                  reads them, see `readsPersonal`)
    ///   422 `core.case.reason`, `core.case.reason_long`, `core.case.answers`, `core.case.person` (details: field)
    /// and what guard and side effects throw.
    Case move(storage::Tx& tx, const Who& who, std::int64_t id, const Move& move);

    /// A case that she may see; throws 404 `core.case.unknown`.
    Case find(storage::Tx& tx, const Who& who, std::int64_t id);
    /// Whether she may: as applicant, assignee, in a relation, or as somebody whom the machine lets act on it.
    bool mayRead(storage::Tx& tx, const Who& who, const Case& subject);

    /// Whether she reads the personal answers of a case, and its internal remarks; see `Rights`.
    bool readsPersonal(storage::Tx& tx, const Who& who, const Case& subject);
    bool readsInternal(storage::Tx& tx, const Who& who, const Case& subject);

    /// The transitions that the table and her rights let her try now. Guards are asked when she does.
    struct Allowed {
        const Transition* transition = nullptr;
        const State* to = nullptr;
        /// What lets her: `role:agent`.
        std::string by;
        std::int64_t onBehalf = 0;
        std::string onBehalfName;
    };
    /// Holds the machine that the transitions are in.
    struct Moves {
        std::shared_ptr<const Declared> declared;
        std::vector<Allowed> all;
    };
    Moves allowed(storage::Tx& tx, const Who& who, const Case& subject);

    /// What people may add to one case beside moving it: each of them, and all together.
    static constexpr std::int64_t mostCommentsOfOne = 100, mostComments = 500;
    static constexpr std::int64_t mostFilesOfOne = 50, mostFiles = 200;
    /// Whether she may still comment and attach: on a case that has ended only those who read internal remarks.
    bool mayAdd(storage::Tx& tx, const Who& who, const Case& subject);
    /// Puts a comment on a case (`internal`: only for whoever reads internal remarks, and from nobody else); its id.
    /// Throws 404 `core.case.unknown`, 422 `core.case.comment` for none or one above 4,000 bytes, 403
    /// `core.case.not_yours`, 409 `core.case.ended`, 409 `core.case.comments_full` (details: number, most).
    std::int64_t comment(storage::Tx& tx, const Who& who, std::int64_t id, std::string_view text, bool internal);
    /// Ties a kept file to a case; no error where it is already. Throws 404 `core.case.unknown`, and unless the file
    /// answers a question of the case's forms 409 `core.case.ended` and 409 `core.case.files_full` (details: number,
    /// most).
    void attach(storage::Tx& tx, const Who& who, std::int64_t id, std::int64_t file, std::string_view name);
    /// Sets or takes a relation of a person to a case. The engine asks no more than that the caller may read it: no
    /// page leads here, only the plugin's own code, which answers for whom it relates. Throws 404 `core.case.unknown`,
    /// 422 `core.case.relation` for a name that the machine does not declare, 422 `core.case.person` for nobody.
    void relate(storage::Tx& tx, const Who& who, std::int64_t id, std::string_view relation, std::int64_t account);
    void unrelate(storage::Tx& tx, const Who& who, std::int64_t id, std::string_view relation,
                  std::int64_t account);

    /// The history of a case that she may see, oldest first; throws 404 `core.case.unknown`.
    std::vector<Entry> history(storage::Tx& tx, const Who& who, std::int64_t id);

    /// Fires one rung of one deadline if it is due and unfired at `at`; true when it did. The rung is marked, its
    /// transition, notices and history row written in `tx`: all or nothing. What the transition refuses is kept in
    /// the history, and the rung counts as fired. Throws `Error` 503 where the plugin is away or busy: try later.
    bool fire(storage::Tx& tx, AfterCommit& after, std::int64_t deadline, std::int64_t rung);

    /// Reckons anew the running deadlines of a plugin whose next rung is still to come, at most `limit` of them behind
    /// the deadline `behind`: the calendar has changed, or has while the plugin was away. Answers the last looked at,
    /// nothing where there was none left; `moved` counts those that have new moments.
    std::optional<std::int64_t> reckon(storage::Tx& tx, std::string_view plugin, std::int64_t behind,
                                       std::int64_t limit, std::int64_t& moved);

    const Parts& parts() const noexcept { return parts_; }

private:
    struct Doing;
    struct Found;
    /// The row, its declarations and its machine, if she may see it.
    Found look(storage::Tx& tx, const Who& who, std::int64_t id) const;
    std::shared_ptr<const Declared> declaredFor(const Who& who, std::string_view plugin) const;
    /// 409 with what whoever has seen version `seen` has missed.
    Error late(storage::Tx& tx, Rights& rights, const Declared& declared, const Machine& machine, const Case& subject,
               std::int64_t seen) const;
    void take(storage::Tx& tx, const Who& who, Doing& doing) const;
    void settle(storage::Tx& tx, const Who& who, Doing& doing);
    void ask(storage::Tx& tx, const Who& who, bool guard, std::string_view name, const Doing& doing);
    void notify(storage::Tx& tx, AfterCommit& after, const Declared& declared, const Machine& machine,
                const Case& subject, const std::vector<NoticeTo>& notices, std::string_view reason);
    Entry entryOf(const Who& who, std::string act, const Case& subject) const;
    /// Adds an entry that is no move and writes the case's row; answers the case as it then is.
    Case record(storage::Tx& tx, Case subject, Entry entry) const;
    /// Writes an entry about a relation and, since a state may wait for whoever stands in it, the to-do rows.
    void recordRelation(storage::Tx& tx, const Who& who, Found found, const char* act, std::string_view relation,
                        std::int64_t account) const;

    Parts parts_;
};

} // namespace dalate::services::cases
