// SPDX-License-Identifier: Apache-2.0
// What a person types or copies from under a label leads to the lot, or to nothing; never to another one.
#include "gs1/LotCode.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

namespace {

using dalate::traceability::gs1::readLotCode;

class LotCodeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LotCodeTest);
    CPPUNIT_TEST(everyWayToWriteALotIsRead);
    CPPUNIT_TEST(whatNamesNoLotIsRefused);
    CPPUNIT_TEST(anOddLotNumberKeepsItsCharacters);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyWayToWriteALotIsRead() {
        for (const char* text :
             {"/01/09521234500018/10/CARP-1", "01/09521234500018/10/CARP-1", "  /01/09521234500018/10/CARP-1\n",
              "https://id.gs1.org/01/09521234500018/10/CARP-1", "https://county.example/01/09521234500018/10/CARP-1?17=261231",
              "/01/09521234500018/10/CARP-1/21/S001", "(01)09521234500018(10)CARP-1", "(01) 09521234500018 (10) CARP-1",
              "(01)09521234500018(10)CARP-1(21)S001"}) {
            const auto code = readLotCode(text);
            CPPUNIT_ASSERT_MESSAGE(text, code);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("https://id.gs1.org/01/09521234500018/10/CARP-1"), code->uri);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("/01/09521234500018/10/CARP-1"), code->path());
        }
    }

    void whatNamesNoLotIsRefused() {
        for (const char* text :
             {"", "  ", "CARP-1", "/01/09521234500018", "/01/09521234500018/21/S001", "/01/09521234500011/10/CARP-1", "(01)09521234500018",
              "(01)09521234500018(10)", "(01)09521234500011(10)CARP-1", "(01", "()(", "(10)CARP-1(01)09521234500018",
              "/00/095212345100000130", "/01/09521234500018/10/%E9%B1%BC", "/01/09521234500018/10/123456789012345678901",
              "javascript://x/01/", "/01/%zz/10/A"})
            CPPUNIT_ASSERT_MESSAGE(text, !readLotCode(text));
    }

    void anOddLotNumberKeepsItsCharacters() {
        const auto code = readLotCode("(01)09521234500018(10)A/1");
        CPPUNIT_ASSERT(code);
        CPPUNIT_ASSERT_EQUAL(std::string("A/1"), code->lot);
        CPPUNIT_ASSERT_EQUAL(std::string("/01/09521234500018/10/A%2F1"), code->path());
        CPPUNIT_ASSERT_EQUAL(code->uri, readLotCode(code->path())->uri);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LotCodeTest);

} // namespace
