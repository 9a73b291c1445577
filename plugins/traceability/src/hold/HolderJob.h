// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/jobs.hpp>

namespace dalate::traceability {

/// Tells whoever has a lot that it is held, or released (arguments: case, what: held|released).
///
/// It is a job and no side effect of the move because the trace of a large lot takes longer than anybody may keep the
/// county's one writer. Run twice it tells nobody twice: each notice has the case's key, each organisation one row. Who is
/// told of a release are those who were told of the hold.
class HolderJob {
public:
    static Value run(JobContext& job);
};

} // namespace dalate::traceability
