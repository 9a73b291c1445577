// SPDX-License-Identifier: Apache-2.0
#include "MemoryLinks.h"
#include "trace/Linker.h"
#include "trace/TraceDrawing.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate::traceability;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++n;
    return n;
}

EventLinks made(std::int64_t event, std::vector<Node> from, std::vector<Node> to) {
    EventLinks l;
    l.event = event;
    l.at = event;
    l.process = process(event);
    for (const Node n : from)
        l.inputs.push_back({n, kilograms(1)});
    for (const Node n : to)
        l.outputs.push_back({n, kilograms(1)});
    return l;
}

Trace chain(MemoryLinks& store, int lots) {
    for (int i = 1; i < lots; ++i)
        Linker(store, 0).link(made(i, {lot(i)}, {lot(i + 1)}));
    return trace(store, lot(1), Direction::forward);
}

/// One lot that became lots 100 to 199; the eldest by name, number 199, became lots 200 to 202 and another
/// 300.
Trace fan(MemoryLinks& store, Direction direction = Direction::forward) {
    std::vector<Node> all;
    for (int i = 100; i < 200; ++i)
        all.push_back(lot(i));
    Linker(store, 0).link(made(1, {lot(1)}, all));
    Linker(store, 0).link(made(2, {lot(199)}, {lot(200), lot(201), lot(202)}));
    Linker(store, 0).link(made(3, {lot(100)}, {lot(300)}));
    Linker(store, 0).link(made(4, all, {lot(400)}));
    return trace(store, lot(direction == Direction::forward ? 1 : 400), direction);
}

/// Named by their numbers, backwards: what was recorded first comes last.
DrawingWords words(std::vector<std::size_t>* sorted = nullptr) {
    DrawingWords w;
    w.title = "all";
    w.label = [](const TracedNode& n) {
        return DrawnLabel{"lot-" + std::to_string(n.node >> 3) + ".", "l", "/x"};
    };
    w.further = [](std::size_t more) { return std::to_string(more) + " more"; };
    w.sort = [sorted](std::vector<const TracedNode*>& items) {
        if (sorted) sorted->push_back(items.size());
        std::sort(items.begin(), items.end(), [](const auto* a, const auto* b) { return a->node > b->node; });
    };
    return w;
}

class DrawingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DrawingTest);
    CPPUNIT_TEST(thereIsABoxAnItemAndALineALink);
    CPPUNIT_TEST(whatPeopleWroteIsEscaped);
    CPPUNIT_TEST(aWideColumnShowsSomeAndCountsTheOthers);
    CPPUNIT_TEST(whatIsDrawnOfAWideColumnHangsTogether);
    CPPUNIT_TEST(sourcesRunFromTheLeftToTheLot);
    CPPUNIT_TEST(columnsBeyondTheLimitAreLeftOut);
    CPPUNIT_TEST(aLongNameIsWrappedAndTheLotsNumberStaysWhole);
    CPPUNIT_TEST(aNameTooLongForItsBoxStandsWholeInTheTitle);
    CPPUNIT_TEST(anItemInABoxIsDrawnThroughTheBox);
    CPPUNIT_TEST_SUITE_END();

public:
    void thereIsABoxAnItemAndALineALink() {
        MemoryLinks store;
        const Drawing d = draw(chain(store, 5), words());
        CPPUNIT_ASSERT_EQUAL(std::size_t(5), count(d.svg, "<rect "));
        CPPUNIT_ASSERT_EQUAL(std::size_t(4), count(d.svg, "<path "));
        CPPUNIT_ASSERT_EQUAL(std::size_t(5), count(d.svg, "<a "));
        CPPUNIT_ASSERT_EQUAL(count(d.svg, "<a "), count(d.svg, "</a>"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), d.left);
        CPPUNIT_ASSERT_EQUAL(std::string::npos, d.svg.find("more"));
    }

    void whatPeopleWroteIsEscaped() {
        MemoryLinks store;
        DrawingWords evil = words();
        evil.title = "<t>";
        evil.label = [](const TracedNode&) {
            return DrawnLabel{"<b>&\"", "<i>" + std::string(99, 'w'), "/x?a=\"&b"};
        };
        evil.further = [](std::size_t) { return std::string("<u>"); };
        const Drawing d = draw(fan(store), evil);
        for (const char* tag : {"<b>", "<i>", "<u>", "<t>"})
            CPPUNIT_ASSERT_EQUAL(std::string::npos, d.svg.find(tag));
        CPPUNIT_ASSERT(d.svg.find("&lt;b&gt;&amp;&quot;") != std::string::npos);
        CPPUNIT_ASSERT(d.svg.find("&lt;u&gt;") != std::string::npos);
        CPPUNIT_ASSERT(d.svg.find("href=\"/x?a=&quot;&amp;b\"") != std::string::npos);
    }

    void aWideColumnShowsSomeAndCountsTheOthers() {
        MemoryLinks store;
        std::vector<std::size_t> sorted;
        const Drawing d = draw(fan(store), words(&sorted));
        // The start, twelve of a hundred, and all five that follow.
        CPPUNIT_ASSERT_EQUAL(std::size_t(1 + 12 + 5), d.drawn);
        CPPUNIT_ASSERT_EQUAL(std::size_t(88), d.left);
        CPPUNIT_ASSERT_EQUAL(d.drawn, count(d.svg, "<rect "));
        CPPUNIT_ASSERT(d.svg.find(">88 more<") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), count(d.svg, "more<"));
        // By what people read, not by numbers.
        CPPUNIT_ASSERT(d.svg.find(">lot-199.<") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string::npos, d.svg.find(">lot-100.<"));
    }

    void whatIsDrawnOfAWideColumnHangsTogether() {
        MemoryLinks store;
        std::vector<Node> first, second;
        for (int i = 0; i < 40; ++i)
            first.push_back(lot(100 + i));
        Linker(store, 0).link(made(1, {lot(1)}, first));
        for (int i = 0; i < 40; ++i) {
            Linker(store, 0).link(made(10 + i, {lot(100 + i)}, {lot(1000 + i), lot(2000 - i)}));
        }
        std::vector<std::size_t> sorted;
        DrawingLimits limits;
        limits.column = 4;
        const Drawing d = draw(trace(store, lot(1), Direction::forward), words(&sorted), limits);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1 + 4 + 4), d.drawn);
        CPPUNIT_ASSERT_EQUAL(std::size_t(36 + 76), d.left);
        // Four from the start, and each of the last column from a lot of the middle one.
        CPPUNIT_ASSERT_EQUAL(std::size_t(8), count(d.svg, "<path "));
        // Names are read for what may be drawn alone: of eighty the eight that follow from the four.
        CPPUNIT_ASSERT((sorted == std::vector<std::size_t>{1, 40, 8}));
    }

    void sourcesRunFromTheLeftToTheLot() {
        MemoryLinks store;
        const Drawing d = draw(fan(store, Direction::backward), words());
        CPPUNIT_ASSERT_EQUAL(std::size_t(1 + 12 + 1), d.drawn);
        CPPUNIT_ASSERT_EQUAL(std::size_t(88), d.left);
        CPPUNIT_ASSERT_EQUAL(std::size_t(12 + 12), count(d.svg, "<path "));
        const auto xOf = [&](const std::string& name) {
            const std::size_t text = d.svg.find(">" + name + "<"), rect = d.svg.rfind("<rect x=\"", text);
            return std::stoi(d.svg.substr(rect + 9));
        };
        CPPUNIT_ASSERT(xOf("lot-1.") < xOf("lot-199."));
        CPPUNIT_ASSERT(xOf("lot-199.") < xOf("lot-400."));
    }

    void columnsBeyondTheLimitAreLeftOut() {
        MemoryLinks store;
        DrawingLimits limits;
        limits.all = 10;
        const Drawing d = draw(chain(store, 30), words(), limits);
        CPPUNIT_ASSERT_EQUAL(std::size_t(10), d.drawn);
        CPPUNIT_ASSERT_EQUAL(std::size_t(20), d.left);
        CPPUNIT_ASSERT_EQUAL(std::size_t(10), count(d.svg, "<rect "));
        CPPUNIT_ASSERT_EQUAL(std::size_t(9), count(d.svg, "<path "));
    }

    void aLongNameIsWrappedAndTheLotsNumberStaysWhole() {
        MemoryLinks store;
        DrawingWords w = words();
        w.label = [](const TracedNode&) {
            return DrawnLabel{"四子王旗戈壁滩散养羊肉 批次 20261101-ABCDEFGHIJK", "", ""};
        };
        const Drawing d = draw(chain(store, 2), w);
        CPPUNIT_ASSERT(d.svg.find(">20261101-ABCDEFGHIJK<") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string::npos, d.svg.find("…"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), count(d.svg, "<title>"));
        // The longest lot number there is, behind a name that fills its line to the last.
        w.label = [](const TracedNode&) {
            return DrawnLabel{std::string(27, 'n') + " " + std::string(20, '8'), "", ""};
        };
        const std::string edge = draw(chain(store, 2), w).svg;
        CPPUNIT_ASSERT(edge.find(">" + std::string(27, 'n') + "<") != std::string::npos);
        CPPUNIT_ASSERT(edge.find(">" + std::string(20, '8') + "<") != std::string::npos);
    }

    void aNameTooLongForItsBoxStandsWholeInTheTitle() {
        MemoryLinks store;
        std::string name;
        for (int i = 0; i < 60; ++i)
            name += "羊";
        DrawingWords w = words();
        w.label = [&](const TracedNode&) { return DrawnLabel{name + " 批次 L-1", "12 千克", "/x"}; };
        const Drawing d = draw(chain(store, 3), w);
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), count(d.svg, "<title>" + name + " 批次 L-1 12 千克</title>"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), count(d.svg, "…</text>"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(3 * 4), count(d.svg, "<text "));
    }

    void anItemInABoxIsDrawnThroughTheBox() {
        MemoryLinks store;
        for (const auto& [event, move] : {std::pair(1, MoveKind::add), std::pair(2, MoveKind::remove)}) {
            EventLinks l;
            l.event = event;
            l.at = event * 10;
            l.parent = box(1);
            l.move = move;
            l.children = {lot(1), lot(2)};
            Linker(store, 0).link(l);
        }
        const Drawing on = draw(trace(store, lot(1), Direction::forward), words());
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), on.drawn);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), count(on.svg, "<path "));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), count(on.svg, "stroke-dasharray"));
        const Drawing back = draw(trace(store, box(1), Direction::backward), words());
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), back.drawn);
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), count(back.svg, "<path "));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DrawingTest);

} // namespace
