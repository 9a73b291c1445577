// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "Node.h"

#include <vector>

namespace dalate::traceability {

/// Which edges of a node are asked for.
enum class Links {
    genealogy,   ///< input, output and member
    containment, ///< contained and attached
    all          ///< both, read together
};

/// Where a search reads its edges: the database, or memory in a test. Not thread-safe.
class EdgeSource {
public:
    virtual ~EdgeSource() = default;

    /// Appends the edges that leave any of `nodes`, in any order.
    virtual void leaving(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) = 0;

    /// Appends the edges that end in any of `nodes`, in any order.
    virtual void reaching(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) = 0;
};

} // namespace dalate::traceability
