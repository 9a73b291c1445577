// SPDX-License-Identifier: Apache-2.0
#include "MemoryLinks.h"
#include "trace/Linker.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

using namespace dalate::traceability;

namespace {

Move moved(std::int64_t event, Time at, MoveKind kind) { return {at, kind, event, LinkKind::contained, false}; }

Containment containment(Node parent, std::vector<Move> moves) {
    return dalate::traceability::containment(parent, std::move(moves), std::less<std::int64_t>());
}

std::vector<Interval> intervals(const std::vector<Stay>& stays) {
    std::vector<Interval> result;
    for (const Stay& s : stays) result.push_back(s.during);
    return result;
}

class ContainmentTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ContainmentTest);
    CPPUNIT_TEST(aStayIsFromAddToDelete);
    CPPUNIT_TEST(aDeleteWithoutAddIsAFinding);
    CPPUNIT_TEST(anEmptyingWithoutAddIsNone);
    CPPUNIT_TEST(equalTimesDoNotHangOnOrder);
    CPPUNIT_TEST(equalTimesNameTheSameEventHoweverTheyArrive);
    CPPUNIT_TEST(aCycleOfEqualTimesNamesTheSameEvents);
    CPPUNIT_TEST(seenInsideWithoutAddIsAMoment);
    CPPUNIT_TEST(twoParentsAtOnceAreFoundAndALaterParentIsNot);
    CPPUNIT_TEST(aLotMayLieInManyBoxes);
    CPPUNIT_TEST(aContainerInsideItselfIsFoundAndGoesWithTheEvent);
    CPPUNIT_TEST(outputAboveInputKnowsToleranceAndUnits);
    CPPUNIT_TEST(shippedBeforeMadeIsFoundInEitherOrder);
    CPPUNIT_TEST(aSensorValueYoungerThanItsEventIsFound);
    CPPUNIT_TEST(amountsAreExactToTheSixthDecimal);
    CPPUNIT_TEST_SUITE_END();

public:
    void aStayIsFromAddToDelete() {
        const Containment c = containment(
            box(1), {moved(2, 20, MoveKind::remove), moved(1, 10, MoveKind::add), moved(3, 30, MoveKind::add)});
        CPPUNIT_ASSERT((intervals(c.stays) == std::vector<Interval>{{10, 20}, {30, never}}));
        CPPUNIT_ASSERT(c.neverInside.empty());
    }
    void aDeleteWithoutAddIsAFinding() {
        const Containment c = containment(box(1), {moved(1, 10, MoveKind::remove), moved(2, 20, MoveKind::add)});
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), c.neverInside.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), c.neverInside.front().event);
    }
    void anEmptyingWithoutAddIsNone() {
        Move all = moved(1, 10, MoveKind::remove);
        all.ofAll = true;
        CPPUNIT_ASSERT(containment(box(1), {all}).neverInside.empty());
    }
    void equalTimesDoNotHangOnOrder() {
        const Move in = moved(1, 10, MoveKind::add), out = moved(2, 10, MoveKind::remove);
        CPPUNIT_ASSERT((intervals(containment(box(1), {in, out}).stays) == std::vector<Interval>{{10, 11}}));
        const Move before = moved(3, 5, MoveKind::add);
        CPPUNIT_ASSERT((intervals(containment(box(1), {out, before, in}).stays) ==
                        std::vector<Interval>{{5, 10}, {10, never}}));
    }
    void equalTimesNameTheSameEventHoweverTheyArrive() {
        // Two boxes at once, each said twice, and a stranger taken out, all in one microsecond.
        std::vector<EventLinks> events{packed(1, 10, MoveKind::add, box(1), {piece(1)}),
                                       packed(2, 10, MoveKind::add, box(2), {piece(1)}),
                                       packed(3, 10, MoveKind::add, box(1), {piece(1)}),
                                       packed(4, 10, MoveKind::add, box(2), {piece(1)}),
                                       packed(5, 10, MoveKind::remove, box(3), {piece(1)})};
        std::vector<std::size_t> turn{0, 1, 2, 3, 4};
        do {
            MemoryLinks store;
            Linker linker(store, 0);
            for (const std::size_t i : turn) linker.link(events[i]);
            std::vector<Finding> found = store.findings();
            std::sort(found.begin(), found.end(), [](const Finding& a, const Finding& b) { return a.rule < b.rule; });
            CPPUNIT_ASSERT_EQUAL(std::size_t(2), found.size());
            CPPUNIT_ASSERT(found[0].rule == Rule::neverInside && found[0].event == 5);
            CPPUNIT_ASSERT(found[1].rule == Rule::twoParents && found[1].at == 10);
            CPPUNIT_ASSERT_EQUAL(std::int64_t(2), found[1].event);
        } while (std::next_permutation(turn.begin(), turn.end()));
    }
    void aCycleOfEqualTimesNamesTheSameEvents() {
        std::vector<EventLinks> events{packed(1, 10, MoveKind::add, box(1), {box(2)}),
                                       packed(2, 10, MoveKind::add, box(2), {box(1)}),
                                       packed(3, 10, MoveKind::add, box(3), {box(1)}),
                                       packed(4, 10, MoveKind::add, box(2), {box(3)})};
        std::vector<std::size_t> turn{0, 1, 2, 3};
        const auto of = [](const MemoryLinks& store) {
            std::set<std::tuple<int, Node, Node, Node, std::int64_t, Time>> all;
            for (const Finding& f : store.findings())
                all.emplace(static_cast<int>(f.rule), f.subject, f.related, f.second, f.event, f.at);
            return all;
        };
        decltype(of(MemoryLinks())) first;
        do {
            MemoryLinks store;
            Linker linker(store, 0);
            for (const std::size_t i : turn) linker.link(events[i]);
            if (first.empty()) first = of(store);
            CPPUNIT_ASSERT(!first.empty() && first == of(store));
        } while (std::next_permutation(turn.begin(), turn.end()));
    }
    void seenInsideWithoutAddIsAMoment() {
        CPPUNIT_ASSERT((intervals(containment(box(1), {moved(1, 10, MoveKind::observe)}).stays) ==
                        std::vector<Interval>{{10, 11}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), containment(box(1), {moved(1, 10, MoveKind::add),
                                                                  moved(2, 20, MoveKind::observe)}).stays.size());
    }
    void twoParentsAtOnceAreFoundAndALaterParentIsNot() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(packed(1, 10, MoveKind::add, box(1), {piece(1)}));
        linker.link(packed(2, 20, MoveKind::add, box(2), {piece(1)}));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), store.findings().size());
        const Finding f = store.findings().front();
        CPPUNIT_ASSERT(f.rule == Rule::twoParents && f.subject == piece(1) && f.related == box(1) &&
                       f.second == box(2) && f.at == 20 && f.event == 2);
        linker.link(packed(3, 15, MoveKind::remove, box(1), {piece(1)})); // arrives late, happened before
        CPPUNIT_ASSERT(store.findings().empty());
    }
    void aLotMayLieInManyBoxes() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(packed(1, 10, MoveKind::add, box(1), {lot(1)}));
        linker.link(packed(2, 20, MoveKind::add, box(2), {lot(1)}));
        CPPUNIT_ASSERT(store.findings().empty());
    }
    void aContainerInsideItselfIsFoundAndGoesWithTheEvent() {
        MemoryLinks store;
        Linker linker(store, 0);
        linker.link(packed(1, 10, MoveKind::add, box(1), {box(2)}));
        linker.link(packed(2, 20, MoveKind::add, box(2), {box(3)}));
        const EventLinks closing = packed(3, 30, MoveKind::add, box(3), {box(1)});
        linker.link(closing);
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), store.findings().size());
        for (const Finding& f : store.findings()) CPPUNIT_ASSERT(f.rule == Rule::containerCycle && f.at == 30);
        linker.unlink(closing);
        CPPUNIT_ASSERT(store.findings().empty());
        linker.link(packed(4, 25, MoveKind::remove, box(1), {box(2)}));
        linker.link(closing);
        CPPUNIT_ASSERT(store.findings().empty());
    }
    void outputAboveInputKnowsToleranceAndUnits() {
        for (const auto& [in, out, tolerance, found] :
             {std::tuple{"100", "100", 0, false}, {"100", "100.000001", 0, true}, {"100", "101", 10, false},
              {"100", "101.000001", 10, true}, {"0.1", "0.1", 0, false}}) {
            MemoryLinks store;
            EventLinks l;
            l.event = 1;
            l.process = process(1);
            l.inputs = {{lot(1), parseAmount(in, "KGM")}};
            l.outputs = {{lot(2), parseAmount(out, "KGM")}};
            Linker(store, tolerance).link(l);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(in) + " -> " + out, found, !store.findings().empty());
        }
        MemoryLinks store;
        EventLinks l;
        l.event = 1;
        l.process = process(1);
        l.inputs = {{lot(1), parseAmount("1", "TNE")}};
        l.outputs = {{lot(2), parseAmount("1000000", "GRM")}, {piece(1), parseAmount("40", "")}};
        Linker(store, 0).link(l);
        CPPUNIT_ASSERT(store.findings().empty());
        l.event = 2;
        l.inputs.clear();
        l.outputs = {{lot(3), parseAmount("1", "GRM")}};
        Linker(store, 0).link(l);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), store.findings().size());
        CPPUNIT_ASSERT_EQUAL(std::string("1000.001"), amountText(store.findings().front().stated.millionths));
    }
    void shippedBeforeMadeIsFoundInEitherOrder() {
        for (const bool shippedFirst : {true, false}) {
            MemoryLinks store;
            Linker linker(store, 0);
            EventLinks shipped, made;
            shipped.event = 1;
            shipped.at = 10;
            shipped.shipped = {lot(1)};
            made.event = 2;
            made.at = 20;
            made.made = {lot(1)};
            linker.link(shippedFirst ? shipped : made);
            linker.link(shippedFirst ? made : shipped);
            CPPUNIT_ASSERT_EQUAL(std::size_t(1), store.findings().size());
            linker.unlink(made);
            CPPUNIT_ASSERT(store.findings().empty());
        }
    }
    void aSensorValueYoungerThanItsEventIsFound() {
        MemoryLinks store;
        EventLinks l;
        l.event = 1;
        l.at = 10;
        l.latestSensorTime = 10;
        Linker(store, 0).link(l);
        CPPUNIT_ASSERT(store.findings().empty());
        l.event = 2;
        l.latestSensorTime = 11;
        Linker(store, 0).link(l);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), store.findings().size());
        Linker(store, 0).unlink(l);
        CPPUNIT_ASSERT(store.findings().empty());
    }
    void amountsAreExactToTheSixthDecimal() {
        for (const auto& [text, shown] : {std::pair{"200.5", "200.5"}, {"0.1", "0.1"}, {"1e3", "1000"}, {"-2.50", "-2.5"},
                                          {"12E-2", "0.12"}, {"0", "0"}, {"0.0000004", "0"}, {"0.0000005", "0.000001"},
                                          {"999999999999", "999999999999"}, {"1e-40", "0"}})
            CPPUNIT_ASSERT_EQUAL(std::string(shown), amountText(parseAmount(text, "KGM").millionths));
        for (const char* text : {"", "x", "1e", "1e99", "9999999999999", "--1"})
            CPPUNIT_ASSERT_MESSAGE(text, !parseAmount(text, "KGM").known());
        CPPUNIT_ASSERT_EQUAL(std::string("KGM"), unitText(packUnit("KGM")));
        CPPUNIT_ASSERT_EQUAL(std::string("H8"), unitText(packUnit("H8")));
        CPPUNIT_ASSERT_EQUAL(0u, packUnit("KILO"));
    }

private:
    static EventLinks packed(std::int64_t event, Time when, MoveKind move, Node parent, std::vector<Node> children) {
        EventLinks l;
        l.event = event;
        l.at = when;
        l.parent = parent;
        l.move = move;
        l.children = std::move(children);
        return l;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ContainmentTest);

} // namespace
