// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/LinkStore.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace dalate::traceability {

/// The link store of the tests: everything in maps, nothing clever.
class MemoryLinks : public LinkStore {
public:
    using EdgeKey = std::tuple<Node, Node, int, Time, std::int64_t>;

    void leaving(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) override {
        take(from_, nodes, links, out);
    }
    void reaching(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) override {
        take(to_, nodes, links, out);
    }
    void addEdge(const Edge& e) override {
        if (!edges_.emplace(key(e), e).second) return;
        from_[e.from].insert(key(e));
        to_[e.to].insert(key(e));
    }
    void dropEdge(const Edge& e) override {
        edges_.erase(key(e));
        from_[e.from].erase(key(e));
        to_[e.to].erase(key(e));
    }
    void addMove(Node parent, Node child, const Move& m) override {
        moves_[{static_cast<int>(m.relation), parent, child, m.at, m.event}] = m;
    }
    void dropMove(Node parent, Node child, const Move& m) override {
        moves_.erase({static_cast<int>(m.relation), parent, child, m.at, m.event});
    }
    std::vector<Move> moves(Node parent, Node child) override {
        std::vector<Move> found;
        for (const auto& [k, m] : moves_)
            if (std::get<1>(k) == parent && (std::get<2>(k) == child || std::get<2>(k) == 0))
                found.push_back(m);
        return found;
    }
    std::vector<Node> everInside(LinkKind relation, Node parent) override {
        std::set<Node> found;
        for (const auto& [k, m] : moves_)
            if (std::get<0>(k) == static_cast<int>(relation) && std::get<1>(k) == parent && std::get<2>(k) != 0)
                found.insert(std::get<2>(k));
        return {found.begin(), found.end()};
    }
    void addMoment(Node node, Milestone milestone, Moment m) override {
        moments_.insert({node, static_cast<int>(milestone), m.at, m.event});
    }
    void dropMoment(Node node, Milestone milestone, Moment m) override {
        moments_.erase({node, static_cast<int>(milestone), m.at, m.event});
    }
    Time firstMoment(Node node, Milestone milestone) override {
        Time first = never;
        for (const auto& [n, k, at, event] : moments_)
            if (n == node && k == static_cast<int>(milestone)) first = std::min(first, at);
        return first;
    }
    std::vector<Moment> momentsBefore(Node node, Milestone milestone, Time end) override {
        std::vector<Moment> found;
        for (const auto& [n, k, at, event] : moments_)
            if (n == node && k == static_cast<int>(milestone) && at < end) found.push_back({at, event});
        return found;
    }
    /// In a test the name of an event is its number, whatever the order in which it comes.
    bool precedes(std::int64_t a, std::int64_t b) override { return a < b; }
    void setFindings(Rule rule, Node subject, Node related, const std::vector<Finding>& findings) override {
        findings_.erase(std::remove_if(findings_.begin(), findings_.end(),
                                       [&](const Finding& f) {
                                           return f.rule == rule && f.subject == subject &&
                                                  (related == 0 || f.related == related);
                                       }),
                        findings_.end());
        findings_.insert(findings_.end(), findings.begin(), findings.end());
    }

    const std::vector<Finding>& findings() const { return findings_; }
    const std::map<EdgeKey, Edge>& edges() const { return edges_; }

private:
    static EdgeKey key(const Edge& e) { return {e.from, e.to, static_cast<int>(e.kind), e.start, e.event}; }
    void take(std::map<Node, std::set<EdgeKey>>& index, const std::vector<Node>& nodes, Links links,
              std::vector<Edge>& out) {
        for (const Node n : nodes)
            for (const EdgeKey& k : index[n])
                if (links == Links::all ||
                    (std::get<2>(k) >= static_cast<int>(LinkKind::contained)) == (links == Links::containment))
                    out.push_back(edges_.at(k));
    }

    std::map<EdgeKey, Edge> edges_;
    std::map<Node, std::set<EdgeKey>> from_, to_;
    std::map<std::tuple<int, Node, Node, Time, std::int64_t>, Move> moves_;
    std::set<std::tuple<Node, int, Time, std::int64_t>> moments_;
    std::vector<Finding> findings_;
};

inline Node lot(std::int64_t n) { return n << 3 | static_cast<int>(NodeKind::lot); }
inline Node piece(std::int64_t n) { return n << 3 | static_cast<int>(NodeKind::instance); }
inline Node box(std::int64_t n) { return n << 3 | static_cast<int>(NodeKind::container); }
inline Node process(std::int64_t n) { return n << 3 | static_cast<int>(NodeKind::process); }
inline Amount kilograms(std::int64_t kg) { return {kg * 1000000, packUnit("KGM")}; }

} // namespace dalate::traceability
