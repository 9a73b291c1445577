// SPDX-License-Identifier: Apache-2.0
#include "storage/CommitSync.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace {

using dalate::storage::CommitSync;

class CommitSyncTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CommitSyncTest);
    CPPUNIT_TEST(aSyncBeganAfterTheWrite);
    CPPUNIT_TEST(manyShareOne);
    CPPUNIT_TEST_SUITE_END();

public:
    /// Each thread writes, then awaits: what it wrote must have been seen by a sync that began later.
    void aSyncBeganAfterTheWrite() {
        std::atomic<int> written[8] = {};
        std::atomic<int> synced[8] = {};
        CommitSync sync([&] {
            int seen[8];
            for (int i = 0; i < 8; ++i) seen[i] = written[i];
            std::this_thread::sleep_for(std::chrono::microseconds(200));
            for (int i = 0; i < 8; ++i) synced[i] = seen[i];
        });
        std::atomic<int> faults{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&, i] {
                for (int round = 1; round <= 200; ++round) {
                    written[i] = round;
                    sync.await();
                    if (synced[i] < round) ++faults;
                }
            });
        for (std::thread& thread : threads) thread.join();
        CPPUNIT_ASSERT_EQUAL(0, faults.load());
    }

    void manyShareOne() {
        CommitSync sync([] { std::this_thread::sleep_for(std::chrono::milliseconds(2)); });
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                for (int round = 0; round < 20; ++round) sync.await();
            });
        for (std::thread& thread : threads) thread.join();
        CPPUNIT_ASSERT(sync.syncs() >= 20);
        CPPUNIT_ASSERT(sync.syncs() <= 80);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CommitSyncTest);

} // namespace
