// SPDX-License-Identifier: Apache-2.0
#include "app/TermReckoner.h"
#include "base/Clock.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <stdexcept>
#include <thread>

using namespace dalate;

class TermReckonerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TermReckonerTest);
    CPPUNIT_TEST(itIsDoneAtOnce);
    CPPUNIT_TEST(whatFailsIsTriedUntilItIsDone);
    CPPUNIT_TEST(itEndsWhileItWaits);
    CPPUNIT_TEST_SUITE_END();

public:
    void itIsDoneAtOnce() {
        int done = 0;
        app::TermReckoner reckoner([&] { ++done; });
        reckoner.reckon();
        CPPUNIT_ASSERT_EQUAL(1, done);
    }

    void whatFailsIsTriedUntilItIsDone() {
        std::atomic<int> tries{0};
        app::TermReckoner reckoner(
            [&] {
                if (++tries < 4) throw std::runtime_error("the writer is busy");
            },
            std::chrono::milliseconds(5));
        reckoner.reckon();
        for (const Micros began = steadyNow(); tries < 4 && steadyNow() - began < 10'000'000;)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        CPPUNIT_ASSERT_EQUAL(4, tries.load());
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        CPPUNIT_ASSERT_EQUAL(4, tries.load());
    }

    void itEndsWhileItWaits() {
        const Micros began = steadyNow();
        {
            app::TermReckoner reckoner([] { throw std::runtime_error("never"); }, std::chrono::hours(1));
            reckoner.reckon();
        }
        CPPUNIT_ASSERT(steadyNow() - began < 5'000'000);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TermReckonerTest);
