// SPDX-License-Identifier: Apache-2.0
#include "JobsFixture.h"

#include "services/jobs/Schedule.h"

namespace {

using namespace dalate;
using namespace dalate::test;
using services::jobs::End;
using services::jobs::Jobs;
using services::jobs::Schedule;
using services::jobs::ScheduledJob;

class ScheduleTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ScheduleTest);
    CPPUNIT_TEST(comesByTheClock);
    CPPUNIT_TEST(missedRunsAreMadeUpByOne);
    CPPUNIT_TEST(missedRunsAreLeftOutWhereTheJobSaysSo);
    CPPUNIT_TEST(aRunIsLeftOutWhileTheOneBeforeStands);
    CPPUNIT_TEST(aChangedRhythmCountsAtOnce);
    CPPUNIT_TEST(ofTwoProcessesOneQueuesIt);
    CPPUNIT_TEST(aPeriodComesAgain);
    CPPUNIT_TEST_SUITE_END();

    JobsFixture f_;
    Jobs jobs_{f_.pool, f_.standing()};

    static ScheduledJob nightly(bool skips = false, const char* text = "30 2 * * *") {
        return {"fake", "sweep", 0, Cron::parse(text).take(), skips};
    }
    void run() {
        const auto job = jobs_.take("fake");
        CPPUNIT_ASSERT(job);
        CPPUNIT_ASSERT(jobs_.finish(*job, Value()) == End::done);
    }
    /// At a moment of the Monday or after.
    std::size_t at(Schedule& schedule, Micros time) {
        f_.clock = f_.monday + time;
        return schedule.enqueueDue();
    }
    static void same(std::size_t expected, std::size_t queued) { CPPUNIT_ASSERT_EQUAL(expected, queued); }

public:
    void comesByTheClock() {
        Schedule schedule(jobs_);
        schedule.set({nightly()});
        same(0, at(schedule, 0));
        same(0, at(schedule, 150 * f_.minute - 1));
        same(1, at(schedule, 150 * f_.minute));
        run();
        same(0, at(schedule, 151 * f_.minute));
        same(1, at(schedule, f_.day + 150 * f_.minute));
    }
    void missedRunsAreMadeUpByOne() {
        Schedule before(jobs_);
        before.set({nightly()});
        same(0, at(before, 0));
        // Down for three nights.
        Schedule schedule(jobs_);
        schedule.set({nightly()});
        same(1, at(schedule, 3 * f_.day + 10 * f_.hour));
        run();
        same(0, at(schedule, 3 * f_.day + 11 * f_.hour));
        same(1, at(schedule, 4 * f_.day + 150 * f_.minute));
    }
    void missedRunsAreLeftOutWhereTheJobSaysSo() {
        Schedule before(jobs_);
        before.set({nightly(true)});
        same(0, at(before, 0));
        Schedule schedule(jobs_);
        schedule.set({nightly(true)});
        same(0, at(schedule, 3 * f_.day + 10 * f_.hour));
        // A little late is not missed.
        same(1, at(schedule, 4 * f_.day + 150 * f_.minute + Schedule::grace));
    }
    void aRunIsLeftOutWhileTheOneBeforeStands() {
        Schedule schedule(jobs_);
        schedule.set({nightly()});
        same(0, at(schedule, 0));
        same(1, at(schedule, 150 * f_.minute));
        same(0, at(schedule, f_.day + 150 * f_.minute));
        run();
        same(1, at(schedule, 2 * f_.day + 150 * f_.minute));
    }
    void aChangedRhythmCountsAtOnce() {
        Schedule schedule(jobs_);
        schedule.set({nightly(false, "0 0 1 1 *")});
        same(0, at(schedule, 0));
        schedule.set({nightly()});
        same(0, at(schedule, 1 * f_.hour));
        same(1, at(schedule, 150 * f_.minute));
    }
    void ofTwoProcessesOneQueuesIt() {
        Jobs other(f_.pool, f_.standing());
        Schedule one(jobs_), two(other);
        one.set({nightly()});
        two.set({nightly()});
        same(0, at(one, 0));
        same(0, at(two, 0));
        same(1, at(one, 150 * f_.minute) + at(two, 150 * f_.minute));
        run();
        same(0, at(one, 152 * f_.minute) + at(two, 152 * f_.minute));
    }
    void aPeriodComesAgain() {
        Schedule schedule(jobs_);
        schedule.set({{"fake", "sweep", f_.minute}, {"fake", "never", 0}});
        same(0, at(schedule, 0));
        same(1, at(schedule, f_.minute));
        run();
        same(0, at(schedule, 2 * f_.minute - 1));
        same(1, at(schedule, 2 * f_.minute));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f_.number("SELECT COUNT(*) FROM job_schedule"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ScheduleTest);

} // namespace
