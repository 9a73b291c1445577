// SPDX-License-Identifier: Apache-2.0
#include "MemoryLinks.h"
#include "story/TemperatureRecord.h"
#include "trace/Linker.h"
#include "trace/TraceDrawing.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate::traceability;

namespace {

constexpr Time minute = 60'000'000;

class StoryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StoryTest);
    CPPUNIT_TEST(aHoleInTheRhythmIsAGapOfWhatIsMissing);
    CPPUNIT_TEST(arrivalOrderOfTemperaturesMeansNothing);
    CPPUNIT_TEST(fewValuesHaveNoRhythm);
    CPPUNIT_TEST(theDrawingHasABoxAnItemAndALineALink);
    CPPUNIT_TEST(theDrawingEscapesWhatPeopleWrote);
    CPPUNIT_TEST(theDrawingLeavesTheRestToTheTableAndSaysHowMany);
    CPPUNIT_TEST_SUITE_END();

    static std::size_t count(const std::string& text, const std::string& part) {
        std::size_t n = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
        return n;
    }
    static Trace chain(MemoryLinks& store, int lots) {
        for (int i = 1; i < lots; ++i) {
            EventLinks l;
            l.event = i;
            l.at = i;
            l.process = process(i);
            l.inputs = {{lot(i), kilograms(1)}};
            l.outputs = {{lot(i + 1), kilograms(1)}};
            Linker(store, 0).link(l);
        }
        return trace(store, lot(1), Direction::forward);
    }

public:
    void aHoleInTheRhythmIsAGapOfWhatIsMissing() {
        TemperatureRecord record;
        for (const int at : {0, 10, 20, 70, 80, 90}) record.add(at * minute, at / 10.0, std::to_string(at / 10));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), record.gaps().size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(40), record.gaps().front().minutes);
        CPPUNIT_ASSERT_EQUAL(20 * minute, record.gaps().front().from);
        CPPUNIT_ASSERT_EQUAL(std::string("0"), record.lowest());
        CPPUNIT_ASSERT_EQUAL(std::string("9"), record.highest());
    }
    void arrivalOrderOfTemperaturesMeansNothing() {
        TemperatureRecord record;
        for (const int at : {90, 0, 70, 20, 80, 10, 70}) record.add(at * minute, 1, "1");
        CPPUNIT_ASSERT_EQUAL(std::size_t(6), record.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(40), record.gaps().front().minutes);
    }
    void fewValuesHaveNoRhythm() {
        TemperatureRecord record;
        for (const int at : {0, 10, 500}) record.add(at * minute, 1, "1");
        CPPUNIT_ASSERT(record.gaps().empty());
    }
    void theDrawingHasABoxAnItemAndALineALink() {
        MemoryLinks store;
        const Drawing d = draw(chain(store, 5), [](const TracedNode&) { return DrawnLabel{"t", "l", "/x"}; }, "all");
        CPPUNIT_ASSERT_EQUAL(std::size_t(5), count(d.svg, "<rect "));
        CPPUNIT_ASSERT_EQUAL(std::size_t(4), count(d.svg, "<path "));
        CPPUNIT_ASSERT_EQUAL(count(d.svg, "<a "), count(d.svg, "</a>"));
    }
    void theDrawingEscapesWhatPeopleWrote() {
        MemoryLinks store;
        const Drawing d = draw(chain(store, 2),
                               [](const TracedNode&) { return DrawnLabel{"<b>&\"", "<i>", "/x?a=\"&b"}; }, "<t>");
        CPPUNIT_ASSERT_EQUAL(std::string::npos, d.svg.find("<b>"));
        CPPUNIT_ASSERT_EQUAL(std::string::npos, d.svg.find("<i>"));
        CPPUNIT_ASSERT(d.svg.find("&lt;b&gt;&amp;&quot;") != std::string::npos);
        CPPUNIT_ASSERT(d.svg.find("href=\"/x?a=&quot;&amp;b\"") != std::string::npos);
    }
    void theDrawingLeavesTheRestToTheTableAndSaysHowMany() {
        MemoryLinks store;
        const Drawing d = draw(chain(store, 30), [](const TracedNode&) { return DrawnLabel{"一二三四五六七八九十一二三四五六七", "", ""}; },
                               "all", 10);
        CPPUNIT_ASSERT_EQUAL(std::size_t(10), d.drawn);
        CPPUNIT_ASSERT_EQUAL(std::size_t(20), d.left);
        CPPUNIT_ASSERT(d.svg.find("…") != std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StoryTest);

} // namespace
