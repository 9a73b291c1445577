// SPDX-License-Identifier: Apache-2.0
// What the three files of the engine share: one step being taken, and a case with its machine.
#pragma once

#include "services/cases/Engine.h"
#include "services/cases/Rights.h"
#include "storage/Tx.h"

#include <optional>

namespace dalate::services::cases {

/// The longest reason, in bytes.
inline constexpr std::size_t longestReason = 4000;

struct Engine::Found {
    Case row;
    std::shared_ptr<const Declared> declared;
    const Machine* machine = nullptr;
};

/// One way being taken, opening or transition.
struct Engine::Doing {
    const Declared& declared;
    const Machine& machine;
    const Step& step;
    /// "open" or the transition's.
    std::string_view name;
    /// The state left; empty at opening.
    std::string from;
    Right right;
    /// Of this step's form.
    Value answers;
    std::string reason;
    /// As it was read (empty at opening) and as it will be.
    Case before, after;

    bool opens() const noexcept { return before.id == 0; }
};

/// Whether there is such an account, and it is not barred.
inline bool isLive(storage::Tx& tx, std::int64_t account) {
    auto rows = tx.query("SELECT 1 FROM account WHERE id = :id AND disabled = 0", {{"id", account}});
    return rows.next();
}

inline Error caseError(int status, const char* id, const Case& subject) {
    return Error(status, id, Value::map([&](MapWriter& m) { m.set("number", subject.number); }));
}

} // namespace dalate::services::cases
