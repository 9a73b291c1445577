// SPDX-License-Identifier: Apache-2.0
#include "JobsFixture.h"

#include <atomic>
#include <mutex>
#include <set>
#include <vector>

namespace {

using namespace dalate;
using namespace dalate::test;
using services::jobs::End;
using services::jobs::Job;
using services::jobs::Jobs;
using services::jobs::RunningJob;

class JobsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JobsTest);
    CPPUNIT_TEST(aJobIsTakenOnceWithAllItCarries);
    CPPUNIT_TEST(theOldestOfThePluginComesFirst);
    CPPUNIT_TEST(resultAndErrorAreKept);
    CPPUNIT_TEST(progressIsSeenAndExtendsTheLease);
    CPPUNIT_TEST(anExpiredLeaseIsTakenAgainAndTheOldHolderIsFencedOff);
    CPPUNIT_TEST(afterTooManyAttemptsItHasFailed);
    CPPUNIT_TEST(aBusyJobGoesBackAndWaits);
    CPPUNIT_TEST(aJobWhosePluginIsAwayCountsNoAttempt);
    CPPUNIT_TEST(manyTakersNeverShareAJob);
    CPPUNIT_TEST(aScheduledJobStandsOnceInTheQueue);
    CPPUNIT_TEST(oldRowsGo);
    CPPUNIT_TEST(oversizedArgumentsAreRefused);
    CPPUNIT_TEST_SUITE_END();

    JobsFixture f_;
    Jobs jobs_{f_.pool, {}};

public:
    void aJobIsTakenOnceWithAllItCarries() {
        identity::Principal who;
        who.kind = identity::Principal::Kind::token;
        who.token = 5;
        who.organisation = 70;
        who.tokenScope = "fake.feed";
        const Value in = Value::map([](MapWriter& m) { m.set("document", 12).number("w", "1.50"); });
        const std::int64_t id =
            f_.write([&](storage::Tx& tx) { return jobs_.enqueue(tx, "fake", "import", in, who, "r1"); });
        CPPUNIT_ASSERT_EQUAL(std::string("queued"), f_.state(jobs_, "fake", id));
        CPPUNIT_ASSERT(!jobs_.take("other"));
        const auto job = jobs_.take("fake");
        CPPUNIT_ASSERT(job);
        CPPUNIT_ASSERT_EQUAL(id, job->id);
        CPPUNIT_ASSERT_EQUAL(std::string("import"), job->name);
        CPPUNIT_ASSERT_EQUAL(in.bytes(), job->arguments.bytes());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(5), job->principal.token);
        CPPUNIT_ASSERT_EQUAL(std::string("fake"), job->principal.tokenPlugin);
        CPPUNIT_ASSERT_EQUAL(std::string("r1"), job->requestId);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), job->attempt);
        CPPUNIT_ASSERT_EQUAL(std::string("running"), f_.state(jobs_, "fake", id));
        CPPUNIT_ASSERT(!jobs_.take("fake"));
    }

    void theOldestOfThePluginComesFirst() {
        const std::int64_t a = f_.enqueue(jobs_, "fake", "import"), b = f_.enqueue(jobs_, "fake", "import");
        CPPUNIT_ASSERT_EQUAL(a, jobs_.take("fake")->id);
        CPPUNIT_ASSERT_EQUAL(b, jobs_.take("fake")->id);
    }

    void resultAndErrorAreKept() {
        f_.enqueue(jobs_, "fake", "import");
        f_.enqueue(jobs_, "fake", "import");
        const auto good = jobs_.take("fake"), bad = jobs_.take("fake");
        const Value result = Value::map([](MapWriter& m) { m.set("stored", 10); });
        CPPUNIT_ASSERT(jobs_.finish(*good, result) == End::done);
        CPPUNIT_ASSERT(jobs_.finish(*bad, Error(422, "fake.document.bad", Value::map([](MapWriter& m) {
                                                    m.set("index", 3);
                                                }))) == End::failed);
        const Value done = f_.status(jobs_, "fake", good->id), failed = f_.status(jobs_, "fake", bad->id);
        CPPUNIT_ASSERT_EQUAL(std::string("done"), done["state"].asText());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(10), *done["result"]["stored"].integer());
        CPPUNIT_ASSERT(done["error"].isNull());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), failed["state"].asText());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(422), *failed["error"]["status"].integer());
        CPPUNIT_ASSERT_EQUAL(std::string("fake.document.bad"), failed["error"]["id"].asText());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(3), *failed["error"]["details"]["index"].integer());
        CPPUNIT_ASSERT(*failed["finishedAt"].integer() > 0);
        CPPUNIT_ASSERT_MESSAGE("a job ends once", jobs_.finish(*good, result) == End::lost);
    }

    void progressIsSeenAndExtendsTheLease() {
        const std::int64_t id = f_.enqueue(jobs_, "fake", "import");
        const auto job = jobs_.take("fake");
        f_.sql("UPDATE job SET lease_until = 1");
        f_.write([&](storage::Tx& tx) { jobs_.progress(tx, jobs_.running(*job), {40, 100}); });
        const Value status = f_.status(jobs_, "fake", id);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(40), *status["progress"]["done"].integer());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(100), *status["progress"]["total"].integer());
        CPPUNIT_ASSERT(f_.number("SELECT lease_until FROM job") > now());
        CPPUNIT_ASSERT(jobs_.renew(jobs_.running(*job)));
    }

    void anExpiredLeaseIsTakenAgainAndTheOldHolderIsFencedOff() {
        const std::int64_t id = f_.enqueue(jobs_, "fake", "import");
        const auto first = jobs_.take("fake");
        f_.sql("UPDATE job SET lease_until = 1");
        // As after a crash: another process, with a name of its own.
        Jobs later(f_.pool, {});
        const auto second = later.take("fake");
        CPPUNIT_ASSERT(second);
        CPPUNIT_ASSERT_EQUAL(id, second->id);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), second->attempt);
        CPPUNIT_ASSERT(!jobs_.renew(jobs_.running(*first)));
        CPPUNIT_ASSERT_THROW(f_.write([&](storage::Tx& tx) {
            jobs_.progress(tx, jobs_.running(*first), {1, 2});
        }),
                             Error);
        CPPUNIT_ASSERT(jobs_.finish(*first, Value::of("old")) == End::lost);
        CPPUNIT_ASSERT_EQUAL(std::string("running"), f_.state(jobs_, "fake", id));
        CPPUNIT_ASSERT(later.finish(*second, Value::of("new")) == End::done);
        CPPUNIT_ASSERT_EQUAL(std::string("new"), f_.status(jobs_, "fake", id)["result"].asText());
    }

    void afterTooManyAttemptsItHasFailed() {
        const std::int64_t id = f_.enqueue(jobs_, "fake", "import");
        for (int i = 0; i < 5; ++i) {
            CPPUNIT_ASSERT(jobs_.take("fake"));
            f_.sql("UPDATE job SET lease_until = 1");
        }
        CPPUNIT_ASSERT(!jobs_.take("fake"));
        const Value status = f_.status(jobs_, "fake", id);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), status["state"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("core.job.attempts"), status["error"]["id"].asText());
    }

    void aBusyJobGoesBackAndWaits() {
        const std::int64_t id = f_.enqueue(jobs_, "fake", "import");
        for (int attempt = 1; attempt <= 5; ++attempt) {
            const auto job = jobs_.take("fake");
            CPPUNIT_ASSERT(job);
            CPPUNIT_ASSERT(jobs_.finish(*job, Error(503, "core.storage.busy")) ==
                           (attempt < 5 ? End::again : End::failed));
            if (attempt == 5) break;
            CPPUNIT_ASSERT_EQUAL(std::string("queued"), f_.state(jobs_, "fake", id));
            CPPUNIT_ASSERT_MESSAGE("not before its time", !jobs_.take("fake"));
            f_.sql("UPDATE job SET run_after = 1");
        }
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), f_.state(jobs_, "fake", id));
    }

    void aJobWhosePluginIsAwayCountsNoAttempt() {
        const std::int64_t id = f_.enqueue(jobs_, "fake", "import");
        for (int i = 0; i < 20; ++i) {
            const auto job = jobs_.take("fake");
            CPPUNIT_ASSERT_EQUAL(std::int64_t(1), job->attempt);
            CPPUNIT_ASSERT(jobs_.finish(*job, Error(503, "core.plugin.away")) == End::again);
            f_.sql("UPDATE job SET run_after = 1");
        }
        CPPUNIT_ASSERT_EQUAL(std::string("queued"), f_.state(jobs_, "fake", id));
    }

    void manyTakersNeverShareAJob() {
        constexpr int count = 60;
        for (int i = 0; i < count; ++i)
            f_.enqueue(jobs_, "fake", "import");
        std::mutex mutex;
        std::vector<std::int64_t> taken;
        std::vector<std::thread> takers;
        for (int i = 0; i < 4; ++i)
            takers.emplace_back([&] {
                while (const auto job = jobs_.take("fake")) {
                    const std::lock_guard lock(mutex);
                    taken.push_back(job->id);
                }
            });
        for (std::thread& taker : takers)
            taker.join();
        CPPUNIT_ASSERT_EQUAL(std::size_t(count), taken.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t(count), std::set(taken.begin(), taken.end()).size());
    }

    void aScheduledJobStandsOnceInTheQueue() {
        const auto put = [&] {
            return f_.write([&](storage::Tx& tx) { return jobs_.enqueueScheduled(tx, "fake", "sweep"); });
        };
        CPPUNIT_ASSERT(put());
        CPPUNIT_ASSERT(!put());
        const auto job = jobs_.take("fake");
        CPPUNIT_ASSERT(!put());
        jobs_.finish(*job, Value());
        CPPUNIT_ASSERT(put());
    }

    void oldRowsGo() {
        f_.enqueue(jobs_, "fake", "import");
        f_.write([&](storage::Tx& tx) { jobs_.enqueueScheduled(tx, "fake", "sweep"); });
        for (int i = 0; i < 2; ++i) {
            const auto job = jobs_.take("fake");
            jobs_.finish(*job, Value());
        }
        f_.enqueue(jobs_, "fake", "import");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), jobs_.purge(0, now() + 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), jobs_.purge(now() + 1, 0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), f_.number("SELECT COUNT(*) FROM job"));
    }

    void oversizedArgumentsAreRefused() {
        const Value large = Value::of(std::string(Jobs::cap, 'x'));
        try {
            f_.enqueue(jobs_, "fake", "import", large);
            CPPUNIT_FAIL("taken");
        } catch (const Error& error) {
            CPPUNIT_ASSERT_EQUAL(413, error.status());
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), f_.number("SELECT COUNT(*) FROM job"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JobsTest);

} // namespace
