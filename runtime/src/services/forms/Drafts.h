// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::forms {

/// Which draft: one a person, form and subject.
struct DraftKey {
    std::int64_t account = 0;
    std::string_view plugin;
    std::string_view form;
    /// What it is about beside the form: "open/call" a new case of that machine, "case/715…/handle" a step
    /// of one; empty: nothing. At most 200 bytes.
    std::string_view subject;
};

/// An unfinished form (草稿).
struct Draft {
    /// As posted: a map of lists of texts, good or not, since somebody is still at it.
    Value raw;
    /// Grows with each save.
    std::int64_t version = 0;
    Micros savedAt = 0;
    Micros expiresAt = 0;
};

/// The drafts of one person as a list shows them.
struct DraftEntry {
    std::string plugin;
    std::string form;
    std::string subject;
    Micros savedAt = 0;
    Micros expiresAt = 0;
};

/// Table `form_draft`. A draft belongs to an account, so it outlives the session; it ends when the form is
/// accepted, when its person throws it away, or after `keep`.
class Drafts {
public:
    static constexpr Micros keep = Micros{30} * 24 * 3600 * 1'000'000;
    /// JSON octets of one draft, and drafts of one account; the oldest goes.
    static constexpr std::size_t mostBytes = 256 * 1024;
    static constexpr std::int64_t mostDrafts = 50;

    /// Saves and gives the new version. `seen` is the version that the page had when it was opened, 0 for
    /// none; a newer one in the table, saved on another device, is not written over: 409
    /// `core.form.draft_newer` (details: version, savedAt). 413 `core.form.size` above `mostBytes`. Nothing
    /// is given to save it by force: `remove` first.
    static std::int64_t save(storage::Tx& tx, const DraftKey& key, ValueView raw, std::int64_t seen,
                             Micros now);
    static std::optional<Draft> find(storage::Tx& tx, const DraftKey& key, Micros now);
    /// Whether somebody has one about that, of any form.
    static bool any(storage::Tx& tx, std::int64_t account, std::string_view plugin, std::string_view subject,
                    Micros now);
    /// Whether there was one.
    static bool remove(storage::Tx& tx, const DraftKey& key);
    /// Newest first.
    static std::vector<DraftEntry> of(storage::Tx& tx, std::int64_t account, Micros now);
    /// Deletes those past their time; how many. For the housekeeper.
    static std::int64_t expire(storage::Tx& tx, Micros now);
};

} // namespace dalate::services::forms
