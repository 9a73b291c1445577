// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "Containment.h"
#include "EdgeSource.h"
#include "Finding.h"

namespace dalate::traceability {

/// A moment in an item's life that a finding looks at.
enum class Milestone : int { made = 1, shipped = 2 };

struct Moment {
    Time at = 0;
    std::int64_t event = 0;
};

/// What the Linker keeps its rows in: the database, or memory in a test. Every write belongs to the caller's
/// transaction; reads see the writes before them.
class LinkStore : public EdgeSource {
public:
    virtual void addEdge(const Edge& edge) = 0; ///< one that is there already stays as it is
    virtual void dropEdge(const Edge& edge) = 0;

    /// A move of `child` in `parent`; child 0 where the move is of all.
    virtual void addMove(Node parent, Node child, const Move& move) = 0;
    virtual void dropMove(Node parent, Node child, const Move& move) = 0;
    /// Of both relations, with those of all, in any order.
    virtual std::vector<Move> moves(Node parent, Node child) = 0;
    virtual std::vector<Node> everInside(LinkKind relation, Node parent) = 0;

    virtual void addMoment(Node node, Milestone milestone, Moment moment) = 0;
    virtual void dropMoment(Node node, Milestone milestone, Moment moment) = 0;
    /// The first of a node, or `never`.
    virtual Time firstMoment(Node node, Milestone milestone) = 0;
    /// All before `end`.
    virtual std::vector<Moment> momentsBefore(Node node, Milestone milestone, Time end) = 0;

    /// Whether the first of two different events of one time has the smaller EPCIS eventID: an order that does not
    /// depend on which arrived first. Asked only where times are equal.
    virtual bool precedes(std::int64_t a, std::int64_t b) = 0;

    /// Makes `findings` the only ones of this rule and subject, and of `related` unless that is 0.
    virtual void setFindings(Rule rule, Node subject, Node related, const std::vector<Finding>& findings) = 0;
};

} // namespace dalate::traceability
