// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"

#include <string>
#include <string_view>

namespace dalate::storage {

/// A failure of the database, told apart by what its caller can do about it. Neither `what()` nor the details
/// hold a bound value. Details: `statement` (first 12 hexadecimal digits of the SHA-256 of the SQL text) and,
/// where known, `constraint`, `table` and `reason`.
class StorageError : public Error {
public:
    enum class Kind {
        unique,     ///< 409 core.storage.unique: a UNIQUE or PRIMARY KEY constraint
        foreignKey, ///< 409 core.storage.foreign_key
        check,      ///< 409 core.storage.check: CHECK, NOT NULL or a trigger's RAISE
        busy,       ///< 503 core.storage.busy: no session, or not the writer's turn, in time
        full,       ///< 507 core.storage.full: no room on the disk, or it cannot be written
        refused,    ///< 400 core.storage.refused: a statement that its author may not run; `reason` says why
        other       ///< 500 core.storage.failed
    };

    explicit StorageError(Kind kind, Value details = {});

    /// A refused statement.
    static StorageError refusal(std::string_view sql, std::string_view reason, std::string_view table = {});

    Kind kind() const noexcept { return kind_; }

    /// The violated constraint as the database names it (`account.name`), empty where there is none.
    std::string_view constraint() const noexcept { return details()["constraint"].text(); }

private:
    Kind kind_;
};

/// Stands for a statement in logs and errors: 12 hexadecimal digits of its SHA-256.
std::string digestOf(std::string_view sql);

} // namespace dalate::storage
