// SPDX-License-Identifier: Apache-2.0
// A machine is two tables, as a plugin's cases/<name>.json declares them: states and transitions, the latter with
// who may do what on the way. A state is known by its index in `states`; a transition holds the indices of the
// states that it may leave. Whatever is not in the table cannot be done.
#pragma once

#include "services/cases/NumberForm.h"
#include "services/rules/Term.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::cases {

/// Somebody whom a machine names: who may do a thing, who is told of it.
struct Actor {
    enum class Kind {
        anyone,    ///< whoever reaches the page, signed in or not; only for opening
        applicant, ///< 申请人: the person for whom the case was opened
        assignee,  ///< 经办人: the person to whom it is assigned
        role,      ///< whoever holds the role `name`, her own or given
        relation,  ///< whoever stands in the relation `name` to the case
        desk,      ///< members of the desk `name` of the case's organisation
        rule,      ///< whoever holds a role of the rule `name` (type roles) at the case's `rulesAt`
        token,     ///< a machine token of the plugin with the scope `name`
        system     ///< deadlines, and the plugin's own code where it says so
    };
    /// In which organisation a role counts.
    enum class Where {
        here,   ///< the one that handles the case
        origin, ///< the one that opened it
        any     ///< any
    };

    Kind kind = Kind::role;
    std::string name;
    Where where = Where::here;

    /// Reads `applicant`, `role:agent`, `role:review@origin`, `rule:approvers@any`; nothing for another form.
    static std::optional<Actor> read(std::string_view text);
    /// The form that `read` reads.
    std::string text() const;

    friend bool operator==(const Actor&, const Actor&) = default;
};

/// Where a person or an organisation is taken from when a case moves.
struct Source {
    enum class Kind {
        none,  ///< nobody: takes the present one away
        self,  ///< whoever moves
        field, ///< the id in an answer
        origin ///< organisations only: the one that opened the case
    };
    Kind kind = Kind::none;
    std::string field;
};

/// A notice of the plugin and to whom it goes.
struct NoticeTo {
    Actor to;
    std::string notice;
};

struct Relate {
    std::string relation;
    Source who;
};

enum class StateKind {
    waiting, ///< for somebody outside: the applicant, another office
    working, ///< somebody inside has it to do
    done,    ///< ended as it should
    stopped  ///< ended otherwise: withdrawn, refused, expired
};
std::string_view name(StateKind kind) noexcept;

struct State {
    std::string name;
    /// Text id.
    std::string label;
    StateKind kind = StateKind::working;
    /// The desk at which the case then lies; empty: none.
    std::string desk;
    /// For whom it waits in this state; empty: as `Todo` reckons.
    std::vector<Actor> todo;

    bool isLive() const noexcept { return kind == StateKind::waiting || kind == StateKind::working; }
};

/// What happens on any way into a state, opening included.
struct Step {
    std::vector<Actor> by;
    /// Bound names of the plugin's code; guard empty: none.
    std::string guard;
    std::vector<std::string> effects;
    std::vector<NoticeTo> notices;
    std::optional<Source> assign;
    /// Which organisation handles the case from here on; nothing: stays. At opening: the plugin's owner.
    std::optional<Source> organisation;
    std::vector<Relate> relate;
    std::size_t to = 0;
};

struct Transition : Step {
    enum class Reason { none, optional, required };
    enum class Tone { primary, plain, danger };

    std::string name;
    /// Text id.
    std::string label;
    /// Ascending.
    std::vector<std::size_t> from;
    /// Members of this desk only; empty: no such limit.
    std::string desk;
    /// The form with the required fields of this step; empty: none.
    std::string form;
    Reason reason = Reason::none;
    Tone tone = Tone::plain;
    /// Whether it leads out of an ended state.
    bool reopens = false;
    /// Transitions (or `open`): who has done one of these in the case may not do this one (经办与审核分离).
    std::vector<std::string> notBy;

    bool leaves(std::size_t state) const noexcept;
};

struct Rung {
    /// Counted from the end of the deadline's term.
    rules::Term after;
    /// Done by the system; empty: none.
    std::string transition;
    std::vector<NoticeTo> notices;
};

/// A term that runs while a case is in some states (办理时限), and what happens when it is over.
struct Deadline {
    enum class From {
        entered, ///< runs from when the case came into one of the states from outside them
        opened   ///< runs from when the case was opened
    };
    std::string name;
    /// Text id; empty: the name.
    std::string label;
    /// Ascending.
    std::vector<std::size_t> in;
    rules::Term term;
    /// A rule of type term in place of `term`; empty: `term` stands.
    std::string rule;
    From from = From::entered;
    /// At least one.
    std::vector<Rung> ladder;

    bool runsIn(std::size_t state) const noexcept;
};

/// One machine. Immutable; safe from any thread. Made by `readMachine` only from a file without problems.
struct Machine {
    std::string name;
    /// Text id.
    std::string title;
    NumberForm number;
    /// The form that opens a case; empty: none.
    std::string form;
    /// The answer of that form which becomes the case's title; empty: none.
    std::string titledBy;
    std::vector<std::string> relations;
    /// Who may read a case besides those whom the machine lets act on it.
    std::vector<Actor> readers;
    Step opening;
    std::vector<State> states;
    std::vector<Transition> transitions;
    std::vector<Deadline> deadlines;
    /// Whoever may read a case: `readers`, all who may act on it, whose to-do it can be, at whose desk it can lie, and
    /// who is told of it. Each once.
    std::vector<Actor> audience;
    /// `cases/ticket.json`.
    std::string file;

    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    /// `none` where there is none of that name.
    std::size_t stateIndex(std::string_view state) const noexcept;
    /// Null where there is none of that name.
    const State* state(std::string_view state) const noexcept;
    const Transition* transition(std::string_view transition) const noexcept;
    /// The transition if the table has it out of that state; null otherwise.
    const Transition* transition(std::string_view state, std::string_view transition) const noexcept;
    const Deadline* deadline(std::string_view deadline) const noexcept;

    /// Every guard and side effect that the machine asks for, each once, with where it does.
    struct Bound {
        bool guard = false;
        std::string name;
        /// `cases/ticket.json:12 $.transitions[3].guard`.
        std::string where;
    };
    std::vector<Bound> bound;
};

} // namespace dalate::services::cases
