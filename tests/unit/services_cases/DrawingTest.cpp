// SPDX-License-Identifier: Apache-2.0
#include "County.h"

#include "portal/Svg.h"
#include "services/cases/Drawing.h"
#include "services/cases/DrawingLayout.h"

namespace {

using namespace dalate;
using namespace dalate::test;

class DrawingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DrawingTest);
    CPPUNIT_TEST(noBoxLiesOnAnother);
    CPPUNIT_TEST(waysLeadFromLeftToRightAndBack);
    CPPUNIT_TEST(nothingOfALongLabelIsCut);
    CPPUNIT_TEST(thePictureIsPlainAndTellsWhereTheCaseIs);
    CPPUNIT_TEST(theWordsSayTheSame);
    CPPUNIT_TEST(textIsWrappedAtWords);
    CPPUNIT_TEST_SUITE_END();

    static const Machine& machine() {
        static const Machine made = [] {
            plugin::Problems problems;
            return *readMachine(caseSchema(), ticketMachine, "cases/m.json", problems);
        }();
        return made;
    }
    static std::string text(std::string_view id) { return std::string(id); }

public:
    void noBoxLiesOnAnother() {
        const DrawingLayout layout = layOut(machine(), text);
        for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
            const auto& a = layout.boxes[i];
            CPPUNIT_ASSERT(a.x >= 0 && a.y >= 0 && a.right() <= layout.width && a.y + a.height <= layout.height);
            for (std::size_t k = i + 1; k < layout.boxes.size(); ++k) {
                const auto& b = layout.boxes[k];
                const bool apart = a.right() <= b.x || b.right() <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
                CPPUNIT_ASSERT(apart);
            }
        }
    }

    void waysLeadFromLeftToRightAndBack() {
        const DrawingLayout layout = layOut(machine(), text);
        std::size_t ways = 0, back = 0;
        for (const auto& way : layout.ways) {
            ++ways;
            back += way.course == DrawingLayout::Way::Course::back;
            for (std::size_t i = 1; i < way.boxes.size(); ++i)
                if (way.course != DrawingLayout::Way::Course::beside)
                    CPPUNIT_ASSERT_EQUAL(layout.boxes[way.boxes[i - 1]].column + 1, layout.boxes[way.boxes[i]].column);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{16}, ways);
        CPPUNIT_ASSERT(back > 0);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the first state is the leftmost", std::size_t{0},
                                     layout.boxes[machine().opening.to].column);
    }

    void nothingOfALongLabelIsCut() {
        const std::string longWord(60, 'W'), han = "受理后转交相关部门并在规定期限内书面答复申请人";
        for (const std::string& label : {longWord, han, longWord + " " + han}) {
            std::string together;
            for (const std::string& line : wrapped(label, 8)) {
                CPPUNIT_ASSERT(emsOf(line) <= 8.01);
                together += line;
            }
            std::string expected = label;
            std::erase(expected, ' ');
            std::erase(together, ' ');
            CPPUNIT_ASSERT_EQUAL(expected, together);
        }
        const DrawingLayout layout = layOut(machine(), [&](std::string_view) { return longWord + han; });
        for (const auto& box : layout.boxes)
            for (const std::string& line : box.lines)
                CPPUNIT_ASSERT(emsOf(line) * (box.kind == DrawingLayout::Box::Kind::state ? 14 : 12) <= box.width);
    }

    void thePictureIsPlainAndTellsWhereTheCaseIs() {
        const auto tricky = [](std::string_view id) { return "<b>\"" + std::string(id) + "\" & more</b>"; };
        const Drawing drawing = draw(machine(), "working", {"submitted"}, "T-1 <script>", tricky);
        CPPUNIT_ASSERT(portal::isPlainSvg(drawing.svg));
        CPPUNIT_ASSERT(drawing.svg.find("<script") == std::string::npos);
        const auto count = [&](std::string_view word) {
            std::size_t n = 0;
            for (std::size_t at = 0; (at = drawing.svg.find(word, at)) != std::string::npos; ++at)
                ++n;
            return n;
        };
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count("case-state--here"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count("case-state--past"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count("case-state--done"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count("case-state--stopped"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, count("<rect"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{16}, count("<polygon"));
        CPPUNIT_ASSERT(draw(machine(), "", {}, "t", text).svg.find("--here") == std::string::npos);
    }

    void theWordsSayTheSame() {
        const Value words = draw(machine(), "working", {"submitted"}, "t", text).words;
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, words["states"].size());
        const ValueView submitted = *words["states"].begin(), working = *++words["states"].begin();
        CPPUNIT_ASSERT(working["here"].truth() && !submitted["here"].truth() && submitted["past"].truth());
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, working["moves"].size());
        CPPUNIT_ASSERT_EQUAL(std::string("desk.s.working"), (*submitted["moves"].begin())["to"].asText());
    }

    void textIsWrappedAtWords() {
        using Lines = std::vector<std::string>;
        CPPUNIT_ASSERT((Lines{"ask the", "applicant"}) == wrapped("ask the applicant", 6));
        CPPUNIT_ASSERT((Lines{"受理", "申请"}) == wrapped("受理申请", 2));
        CPPUNIT_ASSERT((Lines{""}) == wrapped("", 5));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DrawingTest);

} // namespace
