// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/LinkStore.h"

#include <dalate/db.hpp>

namespace dalate::traceability {

/// The trace graph's rows. Reads many nodes with one statement; the statement's text is one of a few, so each is
/// prepared once a worker.
class LinkRows : public LinkStore {
public:
    /// `now` dates new findings; reading alone needs no clock and no new ids.
    LinkRows(Tx& tx, const Host& host) noexcept : tx_(tx), host_(host) {}

    void leaving(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) override;
    void reaching(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) override;
    void addEdge(const Edge& edge) override;
    void dropEdge(const Edge& edge) override;
    void addMove(Node parent, Node child, const Move& move) override;
    void dropMove(Node parent, Node child, const Move& move) override;
    std::vector<Move> moves(Node parent, Node child) override;
    std::vector<Node> everInside(LinkKind relation, Node parent) override;
    void addMoment(Node node, Milestone milestone, Moment moment) override;
    void dropMoment(Node node, Milestone milestone, Moment moment) override;
    Time firstMoment(Node node, Milestone milestone) override;
    std::vector<Moment> momentsBefore(Node node, Milestone milestone, Time end) override;
    bool precedes(std::int64_t a, std::int64_t b) override;
    void setFindings(Rule rule, Node subject, Node related, const std::vector<Finding>& findings) override;

private:
    Tx& tx_;
    const Host& host_;
};

/// Reads the columns rule, subject, related, second, event, at, stated, allowed, unit from `column` on.
Finding findingOf(const Rows& rows, std::size_t column);

} // namespace dalate::traceability
