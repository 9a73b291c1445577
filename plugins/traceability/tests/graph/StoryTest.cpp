// SPDX-License-Identifier: Apache-2.0
#include "story/TemperatureRecord.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate::traceability;

namespace {

constexpr Time minute = 60'000'000;

class StoryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StoryTest);
    CPPUNIT_TEST(aHoleInTheRhythmIsAGapOfWhatIsMissing);
    CPPUNIT_TEST(arrivalOrderOfTemperaturesMeansNothing);
    CPPUNIT_TEST(fewValuesHaveNoRhythm);
    CPPUNIT_TEST_SUITE_END();

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
};

CPPUNIT_TEST_SUITE_REGISTRATION(StoryTest);

} // namespace
