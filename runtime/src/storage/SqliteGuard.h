// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/Connection.h"

namespace dalate::storage {

/// SQLite's authorizer for a connection: called at each prepare (and when SQLite prepares anew after a schema
/// change) with every table, function and schema object that the statement touches. `data` is the
/// connection's Guard. Answers SQLITE_OK or SQLITE_DENY, and on a denial leaves reason and table in the
/// guard.
extern "C" int dalateSqliteGuard(void* data, int action, const char* first, const char* second,
                                 const char* schema, const char* inner);

} // namespace dalate::storage
