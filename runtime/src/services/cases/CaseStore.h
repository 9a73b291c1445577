// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/Case.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::storage {
class Rows;
class Tx;
} // namespace dalate::storage

namespace dalate::services::cases {

/// The table `case_record`: the engine's own rows. No rules here but one: a row changes only from the version and the
/// history head that were read, so two who move one case at once never both do.
class CaseStore {
public:
    static std::optional<Case> find(storage::Tx& tx, std::int64_t id);
    static void insert(storage::Tx& tx, const Case& fresh);
    /// Writes what a move changes; `before` is the row as it was read. False: it has changed meanwhile.
    static bool update(storage::Tx& tx, const Case& before, const Case& after);
    /// Sets the head alone: something was added to the history that is no move. False as above.
    static bool advance(storage::Tx& tx, const Case& before, const Case& after);

    /// The case that was opened with a key of `Engine::NewCase::once`; nothing: none was.
    static std::optional<Case> findOnce(storage::Tx& tx, std::string_view once);
    static void keepOnce(storage::Tx& tx, std::string_view once, std::int64_t id);

    /// The next number of a sequence, 1 at first.
    static std::int64_t nextNumber(storage::Tx& tx, std::string_view plugin, std::string_view machine,
                                   std::string_view period);

    /// Sees to it that the view `<plugin>_case` is there in its present form: what the plugin's own queries may
    /// read of its cases (columns: id, machine, number, title, subject, parent, state, version, applicant, origin,
    /// organisation, desk, assignee, opened_at, changed_at, closed_at). Run by the host at install, for the core.
    static void makeView(storage::Tx& tx, std::string_view plugin);

private:
    static Case read(const storage::Rows& rows);
};

} // namespace dalate::services::cases
