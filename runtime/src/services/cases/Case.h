// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "identity/Principal.h"
#include "services/Registry.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services {
struct Declared;
}

namespace dalate::services::cases {

/// For whom the engine works in one call. Borrowed for the call.
struct Who {
    /// Null: the system.
    const identity::Principal* principal = nullptr;
    AfterCommit& after;
    std::string_view language = "zh-CN";
    std::string_view requestId;
    std::string_view ip;
    /// Declarations of the calling generation; null: of the plugin's active one.
    std::shared_ptr<const Declared> declared;
    /// How many hops the event has made on whose account this happens.
    int hops = 0;
    /// How far the plugin's code that calls sees for her; null: the machine alone says what she may read.
    const storage::Scope* scope = nullptr;
    /// On the steady clock: when guards and side effects must have ended; none: when they like.
    std::optional<Micros> deadline{};

    bool isSystem() const noexcept { return principal == nullptr; }
};

/// A case (办件) as its row stands. A plain value.
struct Case {
    std::int64_t id = 0;
    std::string plugin;
    std::string machine;
    /// 编号, shown to people.
    std::string number;
    std::string title;
    /// The plugin's own key of what the case is about; free.
    std::string subject;
    /// The case out of which this one came; 0: none.
    std::int64_t parent = 0;
    std::string state;
    /// Rises by one with every move; a move names the version that it has seen.
    std::int64_t version = 0;
    /// Accounts and organisations; 0: none.
    std::int64_t applicant = 0;
    std::int64_t origin = 0;
    std::int64_t organisation = 0;
    std::int64_t assignee = 0;
    /// The desk at which it lies; empty: none.
    std::string desk;
    /// A map: what every form of the case so far has brought, later answers over earlier ones.
    Value answers;
    /// The moment whose rules hold for it: when it was opened.
    Micros rulesAt = 0;
    Micros openedAt = 0;
    Micros changedAt = 0;
    /// 0 while it lives.
    Micros closedAt = 0;
    /// The history's length and the hash of its last row.
    std::int64_t entries = 0;
    std::string head;

    /// {case, plugin, machine, number, title, subject, parent, state, version, applicant, origin, organisation,
    /// assignee, desk, answers, rulesAt, openedAt, changedAt, closedAt}; ids as text.
    Value toValue() const;
};

/// One row of a case's history.
struct Entry {
    std::int64_t entry = 0;
    Micros at = 0;
    /// `open`, `move`, `comment`, `attach`, `relate`, `unrelate`, `assign`, `deadline`.
    std::string act;
    /// Of `open` and `move`.
    std::string transition, from, to;
    /// The case's version after it.
    std::int64_t version = 0;
    /// `person`, `token`, `anonymous` or `system`.
    std::string actorKind;
    std::int64_t actor = 0;
    std::string actorName;
    /// What let her do it, as the machine says it: `role:agent`.
    std::string actorRole;
    std::int64_t organisation = 0;
    std::string organisationName;
    /// In whose place (代办); 0: in her own.
    std::int64_t onBehalf = 0;
    std::string onBehalfName;
    std::string reason;
    /// Of the step's form, JSON.
    std::string answers = "{}";
    /// JSON, by act.
    std::string details = "{}";
    std::string ip, requestId;
    /// SHA-256 in hexadecimal over the row before's and this one's members.
    std::string hash;
};

} // namespace dalate::services::cases
