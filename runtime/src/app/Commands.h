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

/// `desk add NAME --org ORG --title TITLE`, `desk member NAME LOGIN --org ORG`, `desk remove NAME LOGIN --org ORG`,
/// `desk list`.
int desk(const CommandLine& line, const Config& config);

/// `delegate FROM TO --role ROLE --from DAY --until DAY` (the last day; days as 2026-12-01).
int delegate(const CommandLine& line, const Config& config);

/// `token issue NAME --plugin ID --scope SCOPE --org NAME`, `token list`, `token revoke ID`.
int token(const CommandLine& line, const Config& config);

/// `audit list [--object OBJECT]`: the newest hundred acts.
int audit(const CommandLine& line, const Config& config);

/// `files verify`: reads every attached file and names those that are missing, altered or orphaned; 1 where one is
/// missing or altered.
int files(const CommandLine& line, const Config& config);

/// `cases verify [--plugin ID]`: reckons the chain of every case's history and names those that are not whole; 1 where
/// there is one.
int cases(const CommandLine& line, const Config& config);

/// `events dead`: the deliveries given up, one a line; `events replay LETTER|all`: asks the daemon to deliver one, or
/// all, again.
int events(const CommandLine& line, const Config& config);

/// `jobs dead`: the jobs given up, one a line; `jobs replay JOB|all`: has the daemon try one, or all, again;
/// `jobs drop JOB`: it stays failed and is no dead letter any more.
int jobs(const CommandLine& line, const Config& config);

/// `config`: every setting with its default, its meaning and the value in force.
int printConfig(const CommandLine& line, const Config& config);

} // namespace dalate::app
