// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/Node.h"

#include <dalate/db.hpp>
#include <dalate/call.hpp>

#include <functional>
#include <set>

namespace dalate::traceability {

/// Who has a lot or something made of it: the organisations that registered the places and parties where it was seen, and
/// those whose lots were made of it.
struct Holders {
    std::set<std::int64_t> organisations;
    bool complete = true; ///< false where the trace was stopped: there may be more
};

/// Traces `lot` forward and looks up everybody on the way. `over` stops it, see `Holders::complete`.
Holders holdersOf(Tx& tx, const Host& host, Node lot, const std::function<bool()>& over);

} // namespace dalate::traceability
