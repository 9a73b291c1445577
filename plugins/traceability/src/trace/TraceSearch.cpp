// SPDX-License-Identifier: Apache-2.0
#include "TraceSearch.h"

#include "Presence.h"
#include "Shares.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>

namespace dalate::traceability {

namespace {

enum Slot : std::size_t { leavingGenealogy, leavingContainment, reachingGenealogy, reachingContainment, slots };

// Only what can be a parent in an aggregation is asked for its contents.
bool canContain(Node node) noexcept {
    const NodeKind kind = kindOf(node);
    return kind == NodeKind::instance || kind == NodeKind::container || kind == NodeKind::other;
}

auto order(const Edge& e) noexcept { return std::tuple(e.start, e.event, e.from, e.to, static_cast<int>(e.kind), e.end); }

struct Range {
    std::size_t first = 0;
    std::size_t last = 0;
    bool loaded = false;
};

struct State {
    int depth = 0;
    bool held = false;
    bool leadsOn = false; // further along the search
    Time heldAt = 0; // forward: since then; backward: at some moment before then
    Presence carried;
    std::array<Range, slots> edges;
};

/// What a node of the frontier is expanded with: its state when the level began, so that the order within a level
/// means nothing.
struct Visit {
    Node node = 0;
    bool held = false;
    Time heldAt = 0;
    Presence carried;
};

struct Proposal {
    Node node = 0;
    bool held = false;
    Time heldAt = 0;
    Interval carried;
};

class Search {
public:
    Search(EdgeSource& source, Direction direction, const TraceLimits& limits)
        : source_(source), limits_(limits), forward_(direction == Direction::forward) {}

    Trace run(Node start) {
        Trace trace;
        trace.direction = forward_ ? Direction::forward : Direction::backward;
        trace.start = start;
        propose({start, true, forward_ ? always : never, {}});
        // Asked where a container comes from, its contents are meant too.
        if (!forward_) propose({start, false, 0, {always, never}});

        std::vector<Visit> frontier = merge(0);
        while (!frontier.empty()) {
            if ((limits_.over && limits_.over()) || states_.size() > limits_.nodes) {
                trace.complete = false;
                break;
            }
            load(frontier);
            for (const Visit& visit : frontier) forward_ ? expandForward(visit) : expandBackward(visit);
            frontier = merge(trace.depth + 1);
            if (!frontier.empty()) ++trace.depth;
        }
        collect(trace);
        return trace;
    }

private:
    void expandForward(const Visit& v) {
        each(v.node, leavingGenealogy, [&](const Edge& e) {
            const bool reaches = (v.held && v.heldAt <= e.start) || v.carried.holds(e.start);
            if (e.kind == LinkKind::member) return v.held && propose({e.to, true, v.heldAt, {}});
            return reaches && propose({e.to, true, e.start, {}});
        });
        each(v.node, leavingContainment, [&](const Edge& e) {
            const Interval inside{e.start, e.end};
            bool reaches = v.held && propose({e.to, false, 0, common(inside, {v.heldAt, never})});
            for (const Interval& i : v.carried.intervals())
                if (propose({e.to, false, 0, common(inside, i)})) reaches = true;
            return reaches;
        });
        if (!v.held) return;
        each(v.node, reachingContainment, [&](const Edge& e) {
            return v.heldAt < e.end && propose({e.from, true, std::max(e.start, v.heldAt), {}});
        });
    }

    // Each rule is the forward rule read from its other end: which state of the near node would have led here.
    void expandBackward(const Visit& v) {
        if (v.held) {
            each(v.node, reachingGenealogy, [&](const Edge& e) {
                if (e.kind == LinkKind::member) return propose({e.from, true, v.heldAt, {}});
                if (e.start >= v.heldAt) return false;
                propose({e.from, true, e.start + 1, {}});
                if (e.kind == LinkKind::input) propose({e.from, false, 0, {e.start, e.start + 1}});
                return true;
            });
            each(v.node, leavingContainment, [&](const Edge& e) {
                return e.start < v.heldAt && propose({e.to, true, std::min(v.heldAt, e.end), {}});
            });
        }
        each(v.node, reachingContainment, [&](const Edge& e) {
            bool reaches = false;
            for (const Interval& window : v.carried.intervals()) {
                const Interval inside = common({e.start, e.end}, window);
                if (!propose({e.from, false, 0, inside})) continue;
                propose({e.from, true, inside.end, {}});
                reaches = true;
            }
            return reaches;
        });
    }

    // False for a proposal that is none: an empty while.
    bool propose(const Proposal& p) {
        if (!p.held && p.carried.empty()) return false;
        proposals_.push_back(p);
        return true;
    }

    template <class F>
    void each(Node node, Slot slot, F&& follows) {
        const Range range = states_[node].edges[slot];
        for (std::size_t i = range.first; i < range.last; ++i)
            if (follows(edges_[i])) used_[i] = true;
    }

    /// Takes the proposals into the states and returns the nodes that grew, in order of their numbers.
    std::vector<Visit> merge(int depth) {
        std::vector<Node> grown;
        for (const Proposal& p : proposals_) {
            const auto [at, isNew] = states_.try_emplace(p.node);
            State& state = at->second;
            if (isNew) state.depth = depth;
            bool grew = false;
            if (!p.held) {
                grew = state.carried.add(p.carried);
            } else if (!state.held || (forward_ ? p.heldAt < state.heldAt : p.heldAt > state.heldAt)) {
                state.held = true;
                state.heldAt = p.heldAt;
                grew = true;
            }
            if (grew && kindOf(p.node) != NodeKind::product) grown.push_back(p.node);
        }
        proposals_.clear();
        std::sort(grown.begin(), grown.end());
        grown.erase(std::unique(grown.begin(), grown.end()), grown.end());
        std::vector<Visit> frontier;
        frontier.reserve(grown.size());
        for (const Node node : grown) {
            const State& state = states_[node];
            frontier.push_back({node, state.held, state.heldAt, state.carried});
        }
        return frontier;
    }

    // A node's edges of both kinds lie beside each other where they are stored: what needs both reads them at once.
    void load(const std::vector<Visit>& frontier) {
        std::array<std::vector<Node>, 3> leaving, reaching; // by Links
        const auto want = [](std::array<std::vector<Node>, 3>& side, Node node, bool genealogy, bool containment) {
            if (!genealogy && !containment) return;
            const Links links = !containment ? Links::genealogy : genealogy ? Links::all : Links::containment;
            side[static_cast<std::size_t>(links)].push_back(node);
        };
        for (const Visit& v : frontier) {
            const bool process = kindOf(v.node) == NodeKind::process;
            const bool inside = canContain(v.node) && (forward_ ? v.held : !v.carried.empty());
            const State& state = states_[v.node];
            const auto missing = [&](bool needed, Slot slot) { return needed && !state.edges[slot].loaded; };
            want(leaving, v.node, missing(forward_, leavingGenealogy),
                 missing(!process && (forward_ || v.held), leavingContainment));
            want(reaching, v.node, missing(!forward_ && v.held, reachingGenealogy),
                 missing(inside, reachingContainment));
        }
        for (const Links links : {Links::genealogy, Links::containment, Links::all}) {
            fetch(leaving[static_cast<std::size_t>(links)], links, leavingGenealogy);
            fetch(reaching[static_cast<std::size_t>(links)], links, reachingGenealogy);
        }
    }

    /// `first`: the slot of the side's genealogy; that of its containment is the next.
    void fetch(const std::vector<Node>& nodes, Links links, Slot first) {
        if (nodes.empty()) return;
        const bool leaving = first == leavingGenealogy;
        const std::size_t begin = edges_.size();
        if (leaving)
            source_.leaving(nodes, links, edges_);
        else
            source_.reaching(nodes, links, edges_);
        const auto owner = [leaving](const Edge& e) { return leaving ? e.from : e.to; };
        const auto slotOf = [first](const Edge& e) -> std::size_t {
            return first + (e.kind >= LinkKind::contained ? 1 : 0);
        };
        const auto before = [&](const Edge& a, const Edge& b) {
            if (owner(a) != owner(b)) return owner(a) < owner(b);
            return slotOf(a) != slotOf(b) ? slotOf(a) < slotOf(b) : order(a) < order(b);
        };
        // Asked for in ascending order, the database mostly answers in this one.
        const auto read = edges_.begin() + static_cast<std::ptrdiff_t>(begin);
        if (!std::is_sorted(read, edges_.end(), before)) std::sort(read, edges_.end(), before);
        used_.resize(edges_.size(), false);
        for (const Node node : nodes) {
            State& state = states_[node];
            if (links != Links::containment) state.edges[first].loaded = true;
            if (links != Links::genealogy) state.edges[first + 1].loaded = true;
        }
        for (std::size_t i = begin; i < edges_.size();) {
            const Node node = owner(edges_[i]);
            const std::size_t slot = slotOf(edges_[i]);
            Range& range = states_[node].edges[slot];
            range.first = i;
            while (i < edges_.size() && owner(edges_[i]) == node && slotOf(edges_[i]) == slot) ++i;
            range.last = i;
        }
    }

    void collect(Trace& trace) {
        for (std::size_t i = 0; i < edges_.size(); ++i)
            if (used_[i]) trace.edges.push_back(edges_[i]);
        const auto same = [](const Edge& a, const Edge& b) { return order(a) == order(b); };
        std::sort(trace.edges.begin(), trace.edges.end(),
                  [](const Edge& a, const Edge& b) { return order(a) < order(b); });
        trace.edges.erase(std::unique(trace.edges.begin(), trace.edges.end(), same), trace.edges.end());

        // What lies in a container is where its matter comes from; what a lot lies in is not yet where it goes.
        for (const Edge& e : trace.edges)
            if (!forward_ || e.kind < LinkKind::contained) states_.at(forward_ ? e.from : e.to).leadsOn = true;

        trace.nodes.reserve(states_.size());
        for (const auto& [node, state] : states_) {
            TracedNode traced;
            traced.node = node;
            traced.depth = state.depth;
            traced.carriedOnly = !state.held;
            traced.ending = kindOf(node) != NodeKind::process && !state.leadsOn;
            trace.nodes.push_back(traced);
        }
        std::sort(trace.nodes.begin(), trace.nodes.end(), [](const TracedNode& a, const TracedNode& b) {
            return a.depth != b.depth ? a.depth < b.depth : a.node < b.node;
        });
    }

    EdgeSource& source_;
    const TraceLimits& limits_;
    bool forward_;
    std::unordered_map<Node, State> states_;
    std::vector<Edge> edges_; // everything read, grouped by slot and node
    std::vector<bool> used_;  // by index of edges_
    std::vector<Proposal> proposals_;
};

} // namespace

Trace trace(EdgeSource& source, Node start, Direction direction, const TraceLimits& limits) {
    Trace found = Search(source, direction, limits).run(start);
    reckonShares(found, source);
    return found;
}

} // namespace dalate::traceability
