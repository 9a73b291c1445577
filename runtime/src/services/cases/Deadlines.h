// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/Case.h"
#include "services/cases/Machine.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Rows;
class Tx;
} // namespace dalate::storage

namespace dalate::services {
namespace rules {
class Calendar;
}
} // namespace dalate::services

namespace dalate::services::cases {

/// The table `case_deadline`: every deadline that runs or has run in a case, and which rung of its ladder is next. Only
/// rows count: no timer lives in memory, so none is lost with the process.
class Deadlines {
public:
    struct Row {
        std::int64_t id = 0;
        std::int64_t caseId = 0;
        std::string plugin, machine, name;
        Micros startsAt = 0;
        rules::Term term;
        /// The end of the term.
        Micros baseAt = 0;
        /// Reckoned through a year whose holidays are not known yet.
        bool provisional = false;
        /// The next rung, from 0; as many as the ladder has: none is left.
        std::int64_t rung = 0;
        Micros dueAt = 0;
        std::int64_t tries = 0;
        Micros firedAt = 0;
        /// 0 while it runs.
        Micros endedAt = 0;
    };

    /// Starts and ends the deadlines of a case that has come from `from` (`Machine::none`: it was opened). Answers
    /// when the first rung of those begun is due.
    static std::optional<Micros> follow(storage::Tx& tx, const rules::Calendar& calendar, const Declared& declared,
                                        const Machine& machine, const Case& subject, std::size_t from);
    /// When the first of the running ones ends; 0: none runs.
    static Micros soonest(storage::Tx& tx, std::int64_t caseId);

    /// What is due at `at` in a plugin's cases, the longest overdue first.
    struct Due {
        std::int64_t id = 0;
        std::int64_t rung = 0;
    };
    static std::vector<Due> due(storage::Tx& tx, std::string_view plugin, Micros at, std::int64_t limit);
    /// When the next of a plugin is to be looked at.
    static std::optional<Micros> next(storage::Tx& tx, std::string_view plugin);

    static std::optional<Row> find(storage::Tx& tx, std::int64_t id);
    /// Of a case, oldest first.
    static std::vector<Row> of(storage::Tx& tx, std::int64_t caseId);
    /// Those of a plugin that run with a rung left, by id: at most `limit` of those behind the id `behind`.
    static std::vector<Row> running(storage::Tx& tx, std::string_view plugin, std::int64_t behind, std::int64_t limit);

    /// Marks the rung as fired if it is still the next, runs and is due at `at`: exactly one caller gets true. `nextDue`
    /// is that of the rung behind it; nothing: it was the last.
    static bool claim(storage::Tx& tx, const Row& row, Micros at, std::optional<Micros> nextDue);
    /// Looks at the rung again only from `until` on.
    static void putOff(storage::Tx& tx, std::int64_t id, std::int64_t rung, Micros until);
    /// Ends one whose machine no longer declares it.
    static void end(storage::Tx& tx, std::int64_t id, Micros at);
    /// New moments for a running one; false where they are those it has.
    static bool reckon(storage::Tx& tx, const rules::Calendar& calendar, const Deadline& deadline, const Row& row);

private:
    static Row read(const storage::Rows& rows);
};

} // namespace dalate::services::cases
