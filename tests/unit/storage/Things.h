// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "Database.h"

namespace dalate::storage {

/// A database with three things and a table of parts that belong to them; made in one commit.
class Things : public Database {
public:
    Things() {
        run({"CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE, size BIGINT, note, "
             "CHECK (size IS NULL OR size > -10))",
             "CREATE TABLE part (id BIGINT, thing BIGINT NOT NULL REFERENCES thing(id), "
             "late BIGINT REFERENCES thing(id) DEFERRABLE INITIALLY DEFERRED)",
             "INSERT INTO thing (id, name) VALUES (1, 'one'), (2, 'two'), (3, NULL)"});
    }
};

} // namespace dalate::storage
