// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/Node.h"

#include <dalate/db.hpp>

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace dalate::traceability {

/// What a canonical identifier names, told by its Digital Link: the same text has one kind for ever.
NodeKind kindOfIdentifier(std::string_view uri) noexcept;

/// Identifiers as numbers and back (traceability_ident), with a memory for one transaction. Not thread-safe.
class Identifiers {
public:
    explicit Identifiers(Tx& tx) noexcept : tx_(tx) {}

    /// The node of an identifier in canonical form; made where it is new. 0 for an empty text. Needs a write
    /// transaction.
    Node intern(std::string_view uri);

    /// The node of a transformation, named by its transformationID or its eventID.
    Node internProcess(std::string_view id);

    /// Nothing where the identifier was never seen.
    std::optional<Node> find(std::string_view uri);

    /// Empty for a number that names nothing.
    std::string uri(Node node);

    /// The identifiers of many nodes at once; one that names nothing has none.
    std::unordered_map<Node, std::string> uris(const std::vector<Node>& nodes);

private:
    Node intern(std::string_view uri, NodeKind kind);

    Tx& tx_;
    std::unordered_map<std::string, Node> nodes_;
    Node sequence_ = 0; // the last one given out, once it was read
};

} // namespace dalate::traceability
