// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/Case.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::cases {

/// The table `case_history` (办理过程): one row for each thing done to a case, never changed, never taken away; the
/// database's triggers refuse both. Each row's hash covers the row and the hash before it, and the case's row holds
/// the last: a row that was changed, left out or put in beneath the engine shows.
class History {
public:
    /// What the chain of a case begins with.
    static std::string root(const Case& subject);
    /// The hash of `entry` behind `previous`, 64 hexadecimal digits.
    static std::string hash(const std::string& previous, std::int64_t caseId, const Entry& entry);

    /// Adds `entry` behind what `subject` has: gives it its number and hash, and sets `subject.entries` and
    /// `subject.head`. The caller writes the case's row.
    static void append(storage::Tx& tx, Case& subject, Entry entry);

    static constexpr std::int64_t every = std::numeric_limits<std::int64_t>::max();
    /// Oldest first: at most `limit` of those behind the entry `behind`.
    static std::vector<Entry> of(storage::Tx& tx, std::int64_t caseId, std::int64_t behind = 0,
                                 std::int64_t limit = every);
    /// The moves, oldest first, opening included.
    static std::vector<Entry> moves(storage::Tx& tx, std::int64_t caseId);
    /// Whether a person has done a transition (or `open`) in the case.
    static bool hasDone(storage::Tx& tx, std::int64_t caseId, std::int64_t actor, std::string_view transition);

    struct Verdict {
        std::int64_t entries = 0;
        /// The first entry that is not what it was; nothing: the chain is whole.
        std::optional<std::int64_t> brokenAt;
        /// `missing`, `changed`, `head` (the case's row does not fit its history), or empty.
        std::string fault;

        bool whole() const noexcept { return !brokenAt; }
    };
    /// Reckons the whole chain of a case again.
    static Verdict verify(storage::Tx& tx, const Case& subject);
    /// Reckons every case's, or those of a plugin (empty: all), and tells those that are not whole; how many cases it
    /// has looked at.
    static std::int64_t verifyAll(storage::Tx& tx, std::string_view plugin,
                                  const std::function<void(const Case&, const Verdict&)>& broken);
};

} // namespace dalate::services::cases
