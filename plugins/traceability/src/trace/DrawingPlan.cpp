// SPDX-License-Identifier: Apache-2.0
#include "DrawingPlan.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace dalate::traceability {

namespace {

/// The links between items, away from the start, as a sorted list of steps.
class Hops {
public:
    explicit Hops(const Trace& trace) {
        const bool forward = trace.direction == Direction::forward;
        hops_.reserve(trace.edges.size());
        for (const Edge& e : trace.edges) {
            // A search goes through a stay both ways: up to the container, and down to what is in it.
            const bool stay = e.kind >= LinkKind::contained;
            if (forward || stay) hops_.push_back({e.from, e.to, false});
            if (!forward || stay) hops_.push_back({e.to, e.from, true});
        }
        std::sort(hops_.begin(), hops_.end(), [](const Hop& a, const Hop& b) { return a.near < b.near; });
    }

    /// Calls `visit(item, against)` for the items that `item` is linked with, directly or through one
    /// process; `against`: matter flows towards `item`. An item may come twice.
    template <class F>
    void each(Node item, F&& visit) const {
        eachHop(item, [&](const Hop& first) {
            if (kindOf(first.far) != NodeKind::process) return visit(first.far, first.against);
            eachHop(first.far, [&](const Hop& second) {
                if (second.far != item) visit(second.far, second.against);
            });
        });
    }

private:
    struct Hop {
        Node near = 0, far = 0;
        bool against = false;
    };

    template <class F>
    void eachHop(Node near, F&& visit) const {
        auto hop = std::lower_bound(hops_.begin(), hops_.end(), near,
                                    [](const Hop& h, Node node) { return h.near < node; });
        for (; hop != hops_.end() && hop->near == near; ++hop)
            visit(*hop);
    }

    std::vector<Hop> hops_;
};

/// Where the neighbours of an item stand that are drawn already.
struct Pull {
    std::size_t rows = 0, neighbours = 0;
    double row() const noexcept {
        return neighbours ? static_cast<double>(rows) / static_cast<double>(neighbours) : 0;
    }
};

class Planner {
public:
    Planner(const Trace& trace, const ItemSorting& sort, DrawingLimits limits)
        : hops_(trace), sort_(sort), limits_(limits) {
        std::vector<const TracedNode*> level;
        for (const TracedNode& n : trace.nodes) {
            if (kindOf(n.node) == NodeKind::process) continue;
            if (!level.empty() && level.front()->depth != n.depth) {
                add(level);
                level.clear();
            }
            level.push_back(&n);
        }
        if (!level.empty()) add(level);
        link();
    }

    DrawingPlan take() { return std::move(plan_); }

private:
    void add(std::vector<const TracedNode*> level) {
        const std::size_t whole = level.size(), room = std::min(limits_.column, limits_.all - plan_.drawn);
        if (room == 0) {
            plan_.left += whole;
            return;
        }
        if (whole > room)
            level.erase(std::remove_if(level.begin(), level.end(),
                                       [&](const TracedNode* n) { return pulls_.count(n->node) == 0; }),
                        level.end());
        sort_(level);
        if (level.size() > room) level.resize(room);
        std::stable_sort(level.begin(), level.end(), [&](const TracedNode* a, const TracedNode* b) {
            return pullOn(*a).row() < pullOn(*b).row();
        });
        plan_.drawn += level.size();
        plan_.left += whole - level.size();
        for (std::size_t row = 0; row < level.size(); ++row)
            hops_.each(level[row]->node, [&](Node far, bool) {
                Pull& pull = pulls_[far];
                pull.rows += row;
                ++pull.neighbours;
            });
        plan_.columns.push_back({std::move(level), 0});
        plan_.columns.back().further = whole - plan_.columns.back().items.size();
    }

    Pull pullOn(const TracedNode& n) const {
        const auto found = pulls_.find(n.node);
        return found == pulls_.end() ? Pull{} : found->second;
    }

    void link() {
        std::set<Node> drawn;
        for (const DrawnColumn& column : plan_.columns)
            for (const TracedNode* n : column.items)
                drawn.insert(n->node);
        std::set<std::pair<Node, Node>> links;
        for (const Node near : drawn)
            hops_.each(near, [&](Node far, bool against) {
                if (drawn.count(far)) links.insert(against ? std::pair(far, near) : std::pair(near, far));
            });
        plan_.links.assign(links.begin(), links.end());
    }

    Hops hops_;
    const ItemSorting& sort_;
    DrawingLimits limits_;
    std::unordered_map<Node, Pull> pulls_; // by items that a drawn one is linked with
    DrawingPlan plan_;
};

} // namespace

DrawingPlan planDrawing(const Trace& trace, const ItemSorting& sort, DrawingLimits limits) {
    return Planner(trace, sort, limits).take();
}

} // namespace dalate::traceability
