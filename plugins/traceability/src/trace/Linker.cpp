// SPDX-License-Identifier: Apache-2.0
#include "Linker.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace dalate::traceability {

namespace {

// Containers are nested a few deep; a chain beyond this is damaged data, and a finding is not worth a stall.
constexpr std::size_t mostAncestors = 1000;

std::vector<Item> gathered(std::vector<Item> items) {
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.node < b.node; });
    std::vector<Item> result;
    for (const Item& item : items) {
        if (result.empty() || result.back().node != item.node) {
            result.push_back(item);
            continue;
        }
        Amount& sum = result.back().amount;
        std::int64_t total = 0;
        const bool fits = sum.known() && item.amount.known() && sum.unit == item.amount.unit &&
                          !__builtin_add_overflow(sum.millionths, item.amount.millionths, &total);
        sum = fits ? Amount{total, sum.unit} : Amount{};
    }
    return result;
}

std::vector<Edge> genealogy(const EventLinks& links) {
    std::vector<Edge> edges;
    for (const Item& i : gathered(links.inputs))
        edges.push_back({i.node, links.process, LinkKind::input, links.at, links.at, links.event, i.amount});
    for (const Item& o : gathered(links.outputs))
        edges.push_back({links.process, o.node, LinkKind::output, links.at, links.at, links.event, o.amount});
    for (const auto& [lot, instance] : links.members)
        edges.push_back({lot, instance, LinkKind::member, always, never, links.event, {}});
    return edges;
}

std::vector<Move> ofRelation(std::vector<Move> moves, LinkKind relation) {
    moves.erase(std::remove_if(moves.begin(), moves.end(), [&](const Move& m) { return m.relation != relation; }),
                moves.end());
    return moves;
}

/// Whether amounts of this unit are kept by a process: mass and volume are, pieces are not (one fish, ten slices).
bool isConserved(std::uint32_t unit) { return unit == packUnit("KGM") || unit == packUnit("LTR"); }

} // namespace

void Linker::link(const EventLinks& links) {
    for (const Edge& edge : genealogy(links)) store_.addEdge(edge);
    for (const auto& [lot, instance] : links.pieces)
        store_.addEdge({lot, instance, LinkKind::member, always, never, 0, {}});
    if (links.parent != 0) {
        for (const Node child : links.children)
            store_.addMove(links.parent, child, {links.at, links.move, links.event, links.relation, false});
        if (links.children.empty() && links.move == MoveKind::remove)
            store_.addMove(links.parent, 0, {links.at, links.move, links.event, links.relation, true});
    }
    for (const Node node : links.made) store_.addMoment(node, Milestone::made, {links.at, links.event});
    for (const Node node : links.shipped) store_.addMoment(node, Milestone::shipped, {links.at, links.event});
    if (links.latestSensorTime && *links.latestSensorTime > links.at)
        store_.setFindings(Rule::sensorAfterEvent, links.event, 0,
                           {{Rule::sensorAfterEvent, links.event, 0, 0, links.event, *links.latestSensorTime, {}, {}}});
    recheckAll(links);
}

void Linker::unlink(const EventLinks& links) {
    for (const Edge& edge : genealogy(links)) store_.dropEdge(edge);
    if (links.parent != 0) {
        for (const Node child : links.children)
            store_.dropMove(links.parent, child, {links.at, links.move, links.event, links.relation, false});
        if (links.children.empty() && links.move == MoveKind::remove)
            store_.dropMove(links.parent, 0, {links.at, links.move, links.event, links.relation, true});
    }
    for (const Node node : links.made) store_.dropMoment(node, Milestone::made, {links.at, links.event});
    for (const Node node : links.shipped) store_.dropMoment(node, Milestone::shipped, {links.at, links.event});
    if (links.latestSensorTime) store_.setFindings(Rule::sensorAfterEvent, links.event, 0, {});
    recheckAll(links);
}

void Linker::recheckAll(const EventLinks& links) {
    if (links.parent != 0) recheckChildren(links);
    if (links.process != 0) recheckBalance(links.process);
    for (const Node node : links.made) recheckMoments(node);
    for (const Node node : links.shipped) recheckMoments(node);
}

void Linker::recheckChildren(const EventLinks& links) {
    const bool all = links.children.empty() && links.move == MoveKind::remove;
    for (const Node child : all ? store_.everInside(links.relation, links.parent) : links.children) {
        recheckStay(links.relation, links.parent, child);
        if (links.relation == LinkKind::contained) recheckParents(child);
    }
}

void Linker::recheckStay(LinkKind relation, Node parent, Node child) {
    const std::vector<Move> moves = store_.moves(parent, child);
    const Containment now = containment(parent, ofRelation(moves, relation), order());
    std::vector<Stay> before = stays(child, relation);
    before.erase(std::remove_if(before.begin(), before.end(), [&](const Stay& s) { return s.parent != parent; }),
                 before.end());
    if (before != now.stays) {
        const auto edge = [&](const Stay& s) {
            return Edge{child, parent, relation, s.during.start, s.during.end, s.event, {}};
        };
        for (const Stay& s : before) store_.dropEdge(edge(s));
        for (const Stay& s : now.stays) store_.addEdge(edge(s));
        recheckCycles(parent, child);
    }

    std::vector<Finding> findings;
    for (const LinkKind each : {LinkKind::contained, LinkKind::attached}) {
        const Containment of = each == relation ? now : containment(parent, ofRelation(moves, each), order());
        for (const Move& m : of.neverInside)
            findings.push_back({Rule::neverInside, child, parent, 0, m.event, m.at, {}, {}});
    }
    store_.setFindings(Rule::neverInside, child, parent, findings);
}

void Linker::recheckParents(Node child) {
    // A lot is in many boxes at once: only one item can be in one place alone.
    if (kindOf(child) == NodeKind::lot || kindOf(child) == NodeKind::product) return;
    std::vector<Finding> findings;
    for (const DoubleStay& d : doubleStays(stays(child, LinkKind::contained), order()))
        findings.push_back({Rule::twoParents, child, d.first, d.second, d.event, d.since, {}, {}});
    store_.setFindings(Rule::twoParents, child, 0, findings);
}

void Linker::recheckCycles(Node parent, Node child) {
    // Every node of a cycle through the changed stay is an ancestor of the parent, the child among them.
    std::vector<Node> queue{parent};
    std::set<Node> seen{parent};
    for (std::size_t i = 0; i < queue.size() && queue.size() < mostAncestors; ++i)
        for (const Stay& s : stays(queue[i], LinkKind::contained))
            if (seen.insert(s.parent).second) queue.push_back(s.parent);
    if (seen.count(child) == 0) return;

    struct Climb {
        Node node = 0;
        Interval during;
        std::int64_t event = 0;
    };
    for (const Node node : queue) {
        Time first = never;
        std::int64_t event = 0;
        std::vector<Climb> climb{{node, {always, never}, 0}};
        for (std::size_t i = 0; i < climb.size() && climb.size() < mostAncestors; ++i)
            for (const Stay& s : stays(climb[i].node, LinkKind::contained)) {
                const Interval during = common(climb[i].during, s.during);
                if (during.empty()) continue;
                const std::int64_t by = i == 0 ? s.event : climb[i].event;
                if (s.parent != node) {
                    climb.push_back({s.parent, during, by});
                } else if (during.start < first ||
                           (during.start == first && by != event && store_.precedes(by, event))) {
                    first = during.start;
                    event = by;
                }
            }
        std::vector<Finding> findings;
        if (first != never) findings.push_back({Rule::containerCycle, node, 0, 0, event, first, {}, {}});
        store_.setFindings(Rule::containerCycle, node, 0, findings);
    }
}

void Linker::recheckBalance(Node process) {
    std::vector<Edge> in, out;
    store_.reaching({process}, Links::genealogy, in);
    store_.leaving({process}, Links::genealogy, out);

    std::vector<Finding> findings;
    const Edge* last = nullptr;
    Amount taken{0, 0}, given{0, 0};
    bool comparable = !in.empty();
    for (const Edge& e : in) {
        const Amount a = inBaseUnit(e.amount);
        if (&e == &in.front()) taken.unit = a.unit;
        comparable = comparable && a.known() && isConserved(a.unit) && a.unit == taken.unit &&
                     !__builtin_add_overflow(taken.millionths, a.millionths, &taken.millionths);
    }
    given.unit = taken.unit;
    for (const Edge& e : out) {
        const Amount a = inBaseUnit(e.amount);
        if (!a.known() || a.unit != taken.unit) continue;
        comparable = comparable && !__builtin_add_overflow(given.millionths, a.millionths, &given.millionths);
        if (!last || last->start < e.start ||
            (last->start == e.start && last->event != e.event && store_.precedes(last->event, e.event)))
            last = &e;
    }
    if (comparable && last) {
        Amount allowed{taken.millionths / 1000 * tolerance_ + taken.millionths % 1000 * tolerance_ / 1000, taken.unit};
        if (__builtin_add_overflow(allowed.millionths, taken.millionths, &allowed.millionths))
            allowed.millionths = never;
        if (given.millionths > allowed.millionths)
            findings.push_back({Rule::outputAboveInput, process, 0, 0, last->event, last->start, given, taken});
    }
    store_.setFindings(Rule::outputAboveInput, process, 0, findings);
}

void Linker::recheckMoments(Node node) {
    if (kindOf(node) == NodeKind::product) return;
    std::vector<Finding> findings;
    if (const Time made = store_.firstMoment(node, Milestone::made); made != never)
        for (const Moment& m : store_.momentsBefore(node, Milestone::shipped, made))
            findings.push_back({Rule::shippedUnmade, node, 0, 0, m.event, m.at, {}, {}});
    store_.setFindings(Rule::shippedUnmade, node, 0, findings);
}

Precedes Linker::order() {
    return [this](std::int64_t a, std::int64_t b) { return store_.precedes(a, b); };
}

std::vector<Stay> Linker::stays(Node child, LinkKind relation) {
    std::vector<Edge> edges;
    store_.leaving({child}, Links::containment, edges);
    std::vector<Stay> result;
    for (const Edge& e : edges)
        if (e.kind == relation) result.push_back({e.to, {e.start, e.end}, e.event});
    std::sort(result.begin(), result.end(), [](const Stay& a, const Stay& b) {
        return std::tie(a.during.start, a.parent, a.event) < std::tie(b.during.start, b.parent, b.event);
    });
    return result;
}

std::string_view nameOf(Rule rule) noexcept {
    switch (rule) {
    case Rule::neverInside: return "never_inside";
    case Rule::twoParents: return "two_parents";
    case Rule::containerCycle: return "container_cycle";
    case Rule::outputAboveInput: return "output_above_input";
    case Rule::shippedUnmade: return "shipped_unmade";
    case Rule::sensorAfterEvent: return "sensor_after_event";
    }
    return "";
}

} // namespace dalate::traceability
