// SPDX-License-Identifier: Apache-2.0
#include "JobsFixture.h"

#include "base/Log.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>

namespace {

using namespace dalate;
using namespace dalate::test;
using services::jobs::Job;
using services::jobs::Jobs;
using services::jobs::JobThreads;
using services::jobs::RunningJob;

class Runner : public services::jobs::JobRunner {
public:
    std::vector<std::string> plugins() const override {
        const std::lock_guard lock(mutex);
        return active;
    }
    Result<Value> run(const Job& job, const RunningJob& running) override { return work(job, running); }

    mutable std::mutex mutex;
    std::vector<std::string> active{"fake"};
    std::function<Result<Value>(const Job&, const RunningJob&)> work = [](const Job&, const RunningJob&) {
        return Result<Value>(Value::of("ok"));
    };
};

class JobThreadsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JobThreadsTest);
    CPPUNIT_TEST(aQueuedJobRunsAndItsResultIsKept);
    CPPUNIT_TEST(wakingIsFasterThanPolling);
    CPPUNIT_TEST(whatAJobThrowsIsItsFailure);
    CPPUNIT_TEST(aLongJobKeepsItsLease);
    CPPUNIT_TEST(aJobLeftByACrashRunsAgain);
    CPPUNIT_TEST(pluginsThatAreNotActiveWait);
    CPPUNIT_TEST(oneBacklogDoesNotStarveAnother);
    CPPUNIT_TEST(stopLetsARunningJobEnd);
    CPPUNIT_TEST(stopTellsWhatStillRuns);
    CPPUNIT_TEST(scheduledJobsComeAgain);
    CPPUNIT_TEST_SUITE_END();

    JobsFixture f_;
    Runner runner_;

    static JobThreads::Options quick(std::chrono::milliseconds poll = std::chrono::milliseconds(20)) {
        JobThreads::Options options;
        options.poll = poll;
        return options;
    }

public:
    void setUp() override { log::configure(log::Form::text, static_cast<log::Level>(9)); }
    void tearDown() override { log::configure(log::Form::text, log::Level::error); }

    void aQueuedJobRunsAndItsResultIsKept() {
        Jobs jobs(f_.pool, {});
        runner_.work = [](const Job& job, const RunningJob&) { return Result<Value>(Value(job.arguments)); };
        JobThreads threads(jobs, runner_, quick());
        threads.start();
        const std::int64_t id = f_.enqueue(jobs, "fake", "import", Value::of("text"));
        CPPUNIT_ASSERT(f_.within([&] { return f_.state(jobs, "fake", id) == "done"; }));
        CPPUNIT_ASSERT_EQUAL(std::string("text"), f_.status(jobs, "fake", id)["result"].asText());
        CPPUNIT_ASSERT(
            f_.within([&] { return threads.counters().done == 1 && threads.counters().running == 0; }));
    }

    void wakingIsFasterThanPolling() {
        Jobs jobs(f_.pool, {});
        std::atomic<Micros> begun{0};
        runner_.work = [&](const Job&, const RunningJob&) {
            begun = steadyNow();
            return Result<Value>(Value());
        };
        JobThreads threads(jobs, runner_, quick(std::chrono::seconds(60)));
        threads.start();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        for (int i = 0; i < 10; ++i) {
            begun = 0;
            f_.enqueue(jobs, "fake", "import");
            threads.wake();
            CPPUNIT_ASSERT_MESSAGE("nobody looked", f_.within([&] { return begun != 0; }));
        }
    }

    void whatAJobThrowsIsItsFailure() {
        Jobs jobs(f_.pool, {});
        runner_.work = [](const Job& job, const RunningJob&) -> Result<Value> {
            if (job.name == "error") throw Error(422, "fake.bad");
            if (job.name == "odd") throw 42;
            throw std::runtime_error("x");
        };
        JobThreads threads(jobs, runner_, quick());
        threads.start();
        const std::int64_t error = f_.enqueue(jobs, "fake", "error"), odd = f_.enqueue(jobs, "fake", "odd"),
                           other = f_.enqueue(jobs, "fake", "other");
        CPPUNIT_ASSERT(f_.within([&] { return threads.counters().failed == 3; }));
        CPPUNIT_ASSERT_EQUAL(std::string("fake.bad"), f_.status(jobs, "fake", error)["error"]["id"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("core.job.exception"),
                             f_.status(jobs, "fake", odd)["error"]["id"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), f_.state(jobs, "fake", other));
    }

    void aLongJobKeepsItsLease() {
        Jobs::Options options;
        options.lease = 150'000;
        Jobs jobs(f_.pool, options);
        std::atomic<int> runs{0};
        runner_.work = [&](const Job&, const RunningJob&) {
            ++runs;
            std::this_thread::sleep_for(std::chrono::milliseconds(700));
            return Result<Value>(Value());
        };
        JobThreads threads(jobs, runner_, quick());
        threads.start();
        const std::int64_t id = f_.enqueue(jobs, "fake", "import");
        CPPUNIT_ASSERT(f_.within([&] { return f_.state(jobs, "fake", id) == "done"; }));
        CPPUNIT_ASSERT_EQUAL(1, runs.load());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(0), threads.counters().lost);
    }

    void aJobLeftByACrashRunsAgain() {
        Jobs::Options options;
        options.lease = 200'000;
        Jobs before(f_.pool, options);
        const std::int64_t id = f_.enqueue(before, "fake", "import");
        // Taken, and then nobody renews or ends it: as kill -9 leaves it.
        CPPUNIT_ASSERT(before.take("fake"));
        Jobs jobs(f_.pool, {});
        JobThreads threads(jobs, runner_, quick());
        threads.start();
        CPPUNIT_ASSERT(f_.within([&] { return f_.state(jobs, "fake", id) == "done"; }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), *f_.status(jobs, "fake", id)["attempts"].integer());
    }

    void pluginsThatAreNotActiveWait() {
        Jobs jobs(f_.pool, {});
        JobThreads threads(jobs, runner_, quick());
        threads.start();
        const std::int64_t other = f_.enqueue(jobs, "other", "import"),
                           own = f_.enqueue(jobs, "fake", "import");
        CPPUNIT_ASSERT(f_.within([&] { return f_.state(jobs, "fake", own) == "done"; }));
        CPPUNIT_ASSERT_EQUAL(std::string("queued"), f_.state(jobs, "other", other));
        {
            const std::lock_guard lock(runner_.mutex);
            runner_.active = {"fake", "other"};
        }
        CPPUNIT_ASSERT(f_.within([&] { return f_.state(jobs, "other", other) == "done"; }));
    }

    void oneBacklogDoesNotStarveAnother() {
        Jobs jobs(f_.pool, {});
        runner_.active = {"fake", "other"};
        std::mutex mutex;
        std::vector<std::string> order;
        runner_.work = [&](const Job& job, const RunningJob&) {
            const std::lock_guard lock(mutex);
            order.push_back(job.plugin);
            return Result<Value>(Value());
        };
        for (int i = 0; i < 40; ++i)
            f_.enqueue(jobs, "fake", "import");
        f_.enqueue(jobs, "other", "import");
        JobThreads threads(jobs, runner_, quick());
        threads.start();
        CPPUNIT_ASSERT(f_.within([&] { return threads.counters().done == 41; }));
        const auto at = std::find(order.begin(), order.end(), "other") - order.begin();
        CPPUNIT_ASSERT_MESSAGE(std::to_string(at), at < 6);
    }

    void stopLetsARunningJobEnd() {
        Jobs jobs(f_.pool, {});
        std::atomic<bool> begun{false};
        runner_.work = [&](const Job&, const RunningJob&) {
            begun = true;
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            return Result<Value>(Value());
        };
        JobThreads threads(jobs, runner_, quick());
        threads.start();
        const std::int64_t id = f_.enqueue(jobs, "fake", "import");
        CPPUNIT_ASSERT(f_.within([&] { return begun.load(); }));
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), threads.stop(std::chrono::seconds(5)));
        CPPUNIT_ASSERT_EQUAL(std::string("done"), f_.state(jobs, "fake", id));
        const std::int64_t next = f_.enqueue(jobs, "fake", "import");
        threads.wake();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        CPPUNIT_ASSERT_EQUAL(std::string("queued"), f_.state(jobs, "fake", next));
    }

    void stopTellsWhatStillRuns() {
        Jobs jobs(f_.pool, {});
        std::atomic<bool> begun{false}, go{false};
        runner_.work = [&](const Job&, const RunningJob&) {
            begun = true;
            while (!go)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            return Result<Value>(Value());
        };
        JobThreads threads(jobs, runner_, quick());
        threads.start();
        f_.enqueue(jobs, "fake", "import");
        CPPUNIT_ASSERT(f_.within([&] { return begun.load(); }));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), threads.stop(std::chrono::milliseconds(30)));
        go = true;
    }

    void scheduledJobsComeAgain() {
        Jobs jobs(f_.pool, {});
        std::atomic<int> sweeps{0};
        runner_.work = [&](const Job& job, const RunningJob&) {
            CPPUNIT_ASSERT_EQUAL(std::string("sweep"), job.name);
            ++sweeps;
            return Result<Value>(Value());
        };
        {
            JobThreads threads(jobs, runner_, quick());
            threads.schedule({{"fake", "sweep", 100'000}, {"fake", "never", 0}});
            threads.start();
            CPPUNIT_ASSERT(f_.within([&] { return sweeps >= 2; }));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), f_.number("SELECT COUNT(*) FROM job_schedule"));
        // A longer period than the last one: the row stands, so it is due by the old one first.
        f_.sql("UPDATE job_schedule SET next_at = 1");
        const int before = sweeps;
        JobThreads threads(jobs, runner_, quick());
        threads.schedule({{"fake", "sweep", 3'600'000'000}});
        threads.start();
        CPPUNIT_ASSERT(f_.within([&] { return sweeps > before; }));
        std::this_thread::sleep_for(std::chrono::milliseconds(700));
        CPPUNIT_ASSERT_EQUAL(before + 1, sweeps.load());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JobThreadsTest);

} // namespace
