// SPDX-License-Identifier: Apache-2.0
#include "MemoryLinks.h"
#include "trace/Linker.h"
#include "trace/TraceSearch.h"

#include <chrono>
#include <cmath>
#include <cppunit/extensions/HelperMacros.h>
#include <iostream>
#include <random>

using namespace dalate::traceability;

namespace {

std::set<Node> found(const Trace& t) {
    std::set<Node> nodes;
    for (const TracedNode& n : t.nodes)
        if (kindOf(n.node) != NodeKind::process) nodes.insert(n.node);
    return nodes;
}

const TracedNode& at(const Trace& t, Node node) {
    for (const TracedNode& n : t.nodes)
        if (n.node == node) return n;
    throw std::out_of_range("node not in the trace");
}

EventLinks made(std::int64_t event, Time when, std::vector<Item> in, std::vector<Item> out) {
    EventLinks l;
    l.event = event;
    l.at = when;
    l.process = process(event);
    l.inputs = std::move(in);
    l.outputs = std::move(out);
    return l;
}

EventLinks packed(std::int64_t event, Time when, MoveKind move, Node parent, std::vector<Node> children) {
    EventLinks l;
    l.event = event;
    l.at = when;
    l.parent = parent;
    l.move = move;
    l.children = std::move(children);
    return l;
}

/// The truth, reckoned without any search: for each moment of a small clock, which nodes hold or carry the start's
/// matter, until nothing changes.
std::set<Node> bruteForce(const std::vector<Edge>& edges, Node start, Time moments) {
    std::map<Node, std::vector<bool>> held, carried;
    const auto row = [&](std::map<Node, std::vector<bool>>& table, Node n) -> std::vector<bool>& {
        return table.try_emplace(n, static_cast<std::size_t>(moments), false).first->second;
    };
    row(held, start).assign(static_cast<std::size_t>(moments), true);
    for (bool changed = true; changed;) {
        changed = false;
        const auto set = [&](std::map<Node, std::vector<bool>>& table, Node n, Time t) {
            auto&& cell = row(table, n)[static_cast<std::size_t>(t)];
            if (!cell) changed = cell = true;
        };
        for (Time t = 0; t < moments; ++t) {
            const auto is = [&](std::map<Node, std::vector<bool>>& table, Node n) {
                return static_cast<bool>(row(table, n)[static_cast<std::size_t>(t)]);
            };
            for (const Edge& e : edges) {
                switch (e.kind) {
                case LinkKind::input:
                    if (t == e.start && (is(held, e.from) || is(carried, e.from))) set(held, e.to, t);
                    break;
                case LinkKind::output:
                    if (t == e.start && is(held, e.from)) set(held, e.to, t);
                    break;
                case LinkKind::member:
                    if (is(held, e.from)) set(held, e.to, t);
                    break;
                default:
                    if (t < e.start || t >= e.end) break;
                    if (is(held, e.from) || is(carried, e.from)) set(carried, e.to, t);
                    if (is(held, e.to)) set(held, e.from, t);
                }
                for (const Node n : {e.from, e.to})
                    if (t > 0 && row(held, n)[static_cast<std::size_t>(t - 1)]) set(held, n, t);
            }
        }
    }
    std::set<Node> nodes{start};
    for (const auto* table : {&held, &carried})
        for (const auto& [n, cells] : *table)
            if (kindOf(n) != NodeKind::process && std::find(cells.begin(), cells.end(), true) != cells.end())
                nodes.insert(n);
    return nodes;
}

class TraceSearchTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TraceSearchTest);
    CPPUNIT_TEST(aMixHoldsAllItsSourcesWithTheirShares);
    CPPUNIT_TEST(aShareWithoutAmountsIsUnknown);
    CPPUNIT_TEST(whatLeftTheTruckLastMonthIsNotTouchedByTodaysLoad);
    CPPUNIT_TEST(otherGoodsOnTheSameTruckAreNotTouched);
    CPPUNIT_TEST(aBoxTakenAsInputPassesItsContentOn);
    CPPUNIT_TEST(aBoxEmptiedBeforeItWasTakenPassesNothingOn);
    CPPUNIT_TEST(aPalletIsTracedThroughItsContent);
    CPPUNIT_TEST(inputAfterTheOutputOfASessionDoesNotReachIt);
    CPPUNIT_TEST(piecesOfALotFollowTheLot);
    CPPUNIT_TEST(anEventDeclaredWrongIsOutOfTheView);
    CPPUNIT_TEST(aCycleEndsAndIsNamed);
    CPPUNIT_TEST(aProductWithoutLotIsNamedButNotSearchedThrough);
    CPPUNIT_TEST(theLimitIsSaid);
    CPPUNIT_TEST(aThousandRandomRecallsEqualBruteForceBothWays);
    CPPUNIT_TEST(theOrderOfStorageChangesNothing);
    CPPUNIT_TEST(tenThousandLots);
    CPPUNIT_TEST_SUITE_END();

public:
    void aMixHoldsAllItsSourcesWithTheirShares() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(made(1, 10, {{lot(1), kilograms(60)}, {lot(2), {30000000000, packUnit("GRM")}}, {lot(3), kilograms(10)}},
                         {{lot(4), kilograms(80)}, {lot(5), kilograms(20)}}));
        linker.link(made(2, 20, {{lot(4), kilograms(40)}}, {{lot(6), kilograms(40)}}));
        const Trace back = trace(store, lot(6), Direction::backward);
        CPPUNIT_ASSERT((found(back) == std::set<Node>{lot(1), lot(2), lot(3), lot(4), lot(6)}));
        CPPUNIT_ASSERT_DOUBLES_EQUAL(0.6, at(back, lot(1)).share, 1e-12);
        CPPUNIT_ASSERT_DOUBLES_EQUAL(0.3, at(back, lot(2)).share, 1e-12);
        CPPUNIT_ASSERT(at(back, lot(1)).ending && !at(back, lot(4)).ending);
        CPPUNIT_ASSERT_EQUAL(kilograms(60).millionths, at(back, lot(1)).amount.millionths);
        CPPUNIT_ASSERT_EQUAL(kilograms(40).millionths, at(back, lot(4)).amount.millionths);

        const Trace on = trace(store, lot(1), Direction::forward);
        CPPUNIT_ASSERT((found(on) == std::set<Node>{lot(1), lot(4), lot(5), lot(6)}));
        CPPUNIT_ASSERT_DOUBLES_EQUAL(0.6, at(on, lot(6)).share, 1e-12);
        CPPUNIT_ASSERT_EQUAL(kilograms(12).millionths, at(on, lot(5)).amount.millionths);
    }

    void aShareWithoutAmountsIsUnknown() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(made(1, 10, {{lot(1), {}}, {lot(2), kilograms(3)}}, {{lot(3), kilograms(5)}}));
        linker.link(made(2, 20, {{lot(3), {}}}, {{lot(4), {}}}));
        CPPUNIT_ASSERT(at(trace(store, lot(1), Direction::forward), lot(4)).share < 0);
        CPPUNIT_ASSERT(at(trace(store, lot(4), Direction::backward), lot(1)).share < 0);
        CPPUNIT_ASSERT_DOUBLES_EQUAL(1, at(trace(store, lot(4), Direction::backward), lot(3)).share, 1e-12);
    }

    void whatLeftTheTruckLastMonthIsNotTouchedByTodaysLoad() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(packed(1, 10, MoveKind::add, box(1), {piece(1)}));
        linker.link(packed(2, 20, MoveKind::remove, box(1), {piece(1)}));
        linker.link(packed(3, 50, MoveKind::add, box(1), {piece(2)}));
        CPPUNIT_ASSERT((found(trace(store, piece(2), Direction::forward)) == std::set<Node>{piece(2), box(1)}));
        linker.link(made(4, 55, {{box(1), {}}}, {{lot(9), {}}}));
        CPPUNIT_ASSERT((found(trace(store, lot(9), Direction::backward)) == std::set<Node>{lot(9), box(1), piece(2)}));
    }

    void otherGoodsOnTheSameTruckAreNotTouched() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(packed(1, 10, MoveKind::add, box(1), {piece(1), piece(2)}));
        CPPUNIT_ASSERT((found(trace(store, piece(1), Direction::forward)) == std::set<Node>{piece(1), box(1)}));
        CPPUNIT_ASSERT((found(trace(store, piece(1), Direction::backward)) == std::set<Node>{piece(1), box(1)}));
    }

    void aBoxTakenAsInputPassesItsContentOn() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(packed(1, 10, MoveKind::add, box(1), {lot(1)}));
        linker.link(packed(2, 11, MoveKind::add, box(2), {box(1)}));
        linker.link(made(3, 20, {{box(2), {}}}, {{lot(2), {}}}));
        CPPUNIT_ASSERT(found(trace(store, lot(1), Direction::forward)).count(lot(2)) == 1);
        CPPUNIT_ASSERT(found(trace(store, lot(2), Direction::backward)).count(lot(1)) == 1);
    }

    void aBoxEmptiedBeforeItWasTakenPassesNothingOn() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(packed(1, 10, MoveKind::add, box(1), {lot(1)}));
        linker.link(packed(2, 15, MoveKind::remove, box(1), {}));
        linker.link(made(3, 20, {{box(1), {}}}, {{lot(2), {}}}));
        CPPUNIT_ASSERT(found(trace(store, lot(1), Direction::forward)).count(lot(2)) == 0);
        CPPUNIT_ASSERT(found(trace(store, lot(2), Direction::backward)).count(lot(1)) == 0);
    }

    void aPalletIsTracedThroughItsContent() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(made(1, 5, {{lot(1), {}}}, {{piece(1), {}}}));
        linker.link(packed(2, 10, MoveKind::add, box(1), {piece(1)}));
        linker.link(packed(3, 11, MoveKind::add, box(2), {box(1)}));
        CPPUNIT_ASSERT(found(trace(store, box(2), Direction::backward)).count(lot(1)) == 1);
        CPPUNIT_ASSERT(found(trace(store, box(2), Direction::forward)).count(piece(1)) == 1);
        CPPUNIT_ASSERT(at(trace(store, lot(1), Direction::forward), box(2)).carriedOnly);
    }

    void inputAfterTheOutputOfASessionDoesNotReachIt() {
        MemoryLinks store;
        Linker linker(store, 0);
        for (const auto& [event, when, in, out] :
             {std::tuple{1, 10, lot(1), Node(0)}, {2, 20, Node(0), lot(3)}, {3, 30, lot(2), Node(0)}}) {
            EventLinks l = made(event, when, {}, {});
            l.process = process(77);
            if (in) l.inputs = {{in, {}}};
            if (out) l.outputs = {{out, {}}};
            linker.link(l);
        }
        CPPUNIT_ASSERT((found(trace(store, lot(3), Direction::backward)) == std::set<Node>{lot(3), lot(1)}));
        CPPUNIT_ASSERT((found(trace(store, lot(2), Direction::forward)) == std::set<Node>{lot(2)}));
    }

    void piecesOfALotFollowTheLot() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(made(1, 20, {{lot(1), kilograms(5)}}, {{lot(2), kilograms(5)}}));
        EventLinks l;
        l.event = 2;
        l.at = 10; // the label was printed before the lot was closed
        l.pieces = {{lot(2), piece(1)}};
        linker.link(l);
        CPPUNIT_ASSERT(found(trace(store, lot(1), Direction::forward)).count(piece(1)) == 1);
        const Trace back = trace(store, piece(1), Direction::backward);
        CPPUNIT_ASSERT((found(back) == std::set<Node>{lot(1), lot(2), piece(1)}));
        CPPUNIT_ASSERT_DOUBLES_EQUAL(1, at(back, lot(1)).share, 1e-12);
    }

    void anEventDeclaredWrongIsOutOfTheView() {
        MemoryLinks store;
        Linker linker(store, 0);
        const EventLinks wrong = made(1, 10, {{lot(1), kilograms(1)}}, {{lot(2), kilograms(9)}});
        const EventLinks inBox = packed(2, 11, MoveKind::add, box(1), {lot(2)});
        linker.link(wrong);
        linker.link(inBox);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), store.findings().size());
        linker.unlink(wrong);
        linker.unlink(inBox);
        CPPUNIT_ASSERT(store.edges().empty());
        CPPUNIT_ASSERT(store.findings().empty());
    }

    void aCycleEndsAndIsNamed() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(made(1, 10, {{lot(1), kilograms(1)}}, {{lot(2), kilograms(1)}}));
        linker.link(made(2, 10, {{lot(2), kilograms(1)}}, {{lot(1), kilograms(1)}}));
        linker.link(made(3, 20, {{lot(2), kilograms(1)}}, {{lot(3), kilograms(1)}}));
        const Trace t = trace(store, lot(1), Direction::forward);
        CPPUNIT_ASSERT((std::set<Node>(t.cycles.begin(), t.cycles.end()) ==
                        std::set<Node>{lot(1), lot(2), process(1), process(2)}));
        CPPUNIT_ASSERT((found(t) == std::set<Node>{lot(1), lot(2), lot(3)}));
    }

    void aProductWithoutLotIsNamedButNotSearchedThrough() {
        MemoryLinks store;
        Linker linker(store, 0);
        const Node product = 5 << 3 | static_cast<int>(NodeKind::product);
        linker.link(made(1, 10, {{lot(1), {}}}, {{product, {}}}));
        linker.link(made(2, 20, {{product, {}}}, {{lot(2), {}}}));
        CPPUNIT_ASSERT((found(trace(store, lot(1), Direction::forward)) == std::set<Node>{lot(1), product}));
    }

    void theLimitIsSaid() {
        MemoryLinks store;
        Linker linker(store, 0);
        for (int i = 1; i < 50; ++i) linker.link(made(i, i, {{lot(i), {}}}, {{lot(i + 1), {}}}));
        TraceLimits limits;
        limits.nodes = 10;
        CPPUNIT_ASSERT(!trace(store, lot(1), Direction::forward, limits).complete);
        CPPUNIT_ASSERT(trace(store, lot(1), Direction::forward).complete);
    }

    /// Small worlds with everything in them: mixes, sessions, nested and re-used boxes, boxes as inputs and outputs,
    /// pieces, equal times.
    static std::vector<EventLinks> world(std::mt19937& random, Time moments) {
        const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
        const auto anItem = [&]() -> Node {
            switch (pick(6)) {
            case 0: return piece(1 + pick(5));
            case 1: return box(1 + pick(4));
            default: return lot(1 + pick(9));
            }
        };
        std::vector<EventLinks> events;
        const int count = 5 + pick(20);
        for (int i = 1; i <= count; ++i) {
            const Time when = pick(static_cast<int>(moments) - 2);
            if (pick(2) == 0) {
                EventLinks l = made(i, when, {}, {});
                if (pick(4) == 0) l.process = process(1000 + pick(2));
                for (int n = pick(3); n >= 0; --n) l.inputs.push_back({anItem(), kilograms(1 + pick(9))});
                for (int n = pick(3); n >= 0; --n) l.outputs.push_back({anItem(), kilograms(1 + pick(9))});
                events.push_back(l);
            } else {
                const auto move = static_cast<MoveKind>(pick(3));
                EventLinks l = packed(i, when, move, pick(4) ? box(1 + pick(4)) : piece(1 + pick(5)), {});
                for (int n = pick(3); n > 0; --n)
                    if (const Node child = anItem(); child != l.parent) l.children.push_back(child);
                if (l.children.empty()) l.move = MoveKind::remove;
                if (pick(4) == 0) l.relation = LinkKind::attached;
                if (pick(6) == 0) l.pieces = {{lot(1 + pick(9)), piece(1 + pick(5))}};
                events.push_back(l);
            }
        }
        return events;
    }

    void aThousandRandomRecallsEqualBruteForceBothWays() {
        std::mt19937 random(20260901);
        const Time moments = 14;
        int recalls = 0;
        for (int w = 0; recalls < 1000; ++w) {
            MemoryLinks store;
            Linker linker(store, 0);
            for (const EventLinks& e : world(random, moments)) linker.link(e);
            std::vector<Edge> edges;
            std::set<Node> nodes;
            for (const auto& [key, e] : store.edges()) {
                edges.push_back(e);
                if (e.kind == LinkKind::member) edges.back().start = 0;
                for (const Node n : {e.from, e.to})
                    if (kindOf(n) != NodeKind::process) nodes.insert(n);
            }
            std::map<Node, std::set<Node>> truth;
            for (const Node n : nodes) truth[n] = bruteForce(edges, n, moments);
            for (const Node n : nodes) {
                CPPUNIT_ASSERT(found(trace(store, n, Direction::forward)) == truth[n]);
                std::set<Node> sources;
                for (const auto& [source, reached] : truth)
                    if (reached.count(n)) sources.insert(source);
                CPPUNIT_ASSERT(found(trace(store, n, Direction::backward)) == sources);
                ++recalls;
            }
        }
    }

    void theOrderOfStorageChangesNothing() {
        std::mt19937 random(7);
        for (int w = 0; w < 200; ++w) {
            std::vector<EventLinks> events = world(random, 14);
            MemoryLinks first, second;
            for (const EventLinks& e : events) Linker(first, 0).link(e);
            // Some are added and taken out again in between, as a wrong record and its declaration are.
            std::shuffle(events.begin(), events.end(), random);
            EventLinks passing = events.front();
            passing.event += 5000;
            passing.at += 1;
            for (std::size_t i = 0; i < events.size(); ++i) {
                if (i == events.size() / 2) Linker(second, 0).link(passing);
                Linker(second, 0).link(events[i]);
            }
            Linker(second, 0).unlink(passing);

            const auto facts = [](const MemoryLinks& store) {
                std::set<std::tuple<int, Node, Node, Node, std::int64_t, Time, std::int64_t>> all;
                for (const Finding& f : store.findings())
                    all.insert({static_cast<int>(f.rule), f.subject, f.related, f.second, f.event, f.at,
                                f.stated.millionths});
                return all;
            };
            CPPUNIT_ASSERT(facts(first) == facts(second));
            for (int n = 1; n < 10; ++n)
                for (const Direction d : {Direction::forward, Direction::backward}) {
                    const Trace a = trace(first, lot(n), d), b = trace(second, lot(n), d);
                    CPPUNIT_ASSERT(found(a) == found(b));
                    for (const TracedNode& node : a.nodes) {
                        // A lone piece of a lot said by the passing event stays said: identifiers do not lie.
                        CPPUNIT_ASSERT_EQUAL(node.depth, at(b, node.node).depth);
                        CPPUNIT_ASSERT_DOUBLES_EQUAL(node.share, at(b, node.node).share, 1e-9);
                    }
                }
        }
    }

    void tenThousandLots() {
        MemoryLinks store;
        Linker linker(store, 0);
        for (int i = 1; i <= 10000; ++i)
            linker.link(made(i, i, {{lot((i + 1) / 2), kilograms(2)}, {lot(100000 + i), kilograms(1)}},
                             {{lot(i + 1), kilograms(3)}}));
        const auto before = std::chrono::steady_clock::now();
        const Trace t = trace(store, lot(1), Direction::forward);
        const auto spent = std::chrono::steady_clock::now() - before;
        CPPUNIT_ASSERT_EQUAL(std::size_t(10001), found(t).size());
        std::cout << " [10,001 lots in memory: "
                  << std::chrono::duration_cast<std::chrono::milliseconds>(spent).count() << " ms] ";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TraceSearchTest);

} // namespace
