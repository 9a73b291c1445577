// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/CommandLine.h"
#include "app/Config.h"

namespace dalate::app {

// The subcommands of `dalate` that work on the database and end. Each prints what it did on standard output, gives
// the process's exit code and throws `Error` for what the caller must mend.

/// `migrate [--status|--dry-run]`: brings the core's schema up to date, or says what is and would be applied.
int migrate(const CommandLine& line, const Config& config);

/// `org add NAME --kind KIND [--parent NAME]`, `org list`.
int organisation(const CommandLine& line, const Config& config);

/// `user add LOGIN --name NAME --org NAME --roles A,B` (password from standard input), `user list`,
/// `user roles LOGIN --roles A,B`, `user password LOGIN`, `user disable LOGIN`.
int user(const CommandLine& line, const Config& config);

/// `token issue NAME --plugin ID --scope SCOPE --org NAME`, `token list`, `token revoke ID`.
int token(const CommandLine& line, const Config& config);

/// `audit list [--object OBJECT]`: the newest hundred acts.
int audit(const CommandLine& line, const Config& config);

/// `config`: every setting with its default, its meaning and the value in force.
int printConfig(const CommandLine& line, const Config& config);

} // namespace dalate::app
