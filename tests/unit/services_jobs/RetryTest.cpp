// SPDX-License-Identifier: Apache-2.0
#include "JobsFixture.h"

namespace {

using namespace dalate;
using namespace dalate::test;
using services::jobs::DeadJobs;
using services::jobs::End;
using services::jobs::Job;
using services::jobs::Jobs;
using services::jobs::Retry;

class RetryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RetryTest);
    CPPUNIT_TEST(pausesDoubleUpToTheLongest);
    CPPUNIT_TEST(refusalsAreNeverTriedAgain);
    CPPUNIT_TEST(aJobIsTriedAsItDeclares);
    CPPUNIT_TEST(whatDeclaresNothingIsTriedOnlyWhereItWasRefusedForTheMoment);
    CPPUNIT_TEST(whatIsGivenUpIsADeadLetterAndARefusalIsNone);
    CPPUNIT_TEST(aReplayHasAllItsTriesAndKeepsWhatItReached);
    CPPUNIT_TEST(aReplayedJobIsFencedFromItsEarlierHolders);
    CPPUNIT_TEST(onlyDeadLettersAreReplayedOrDropped);
    CPPUNIT_TEST(deadLettersOutliveThePurge);
    CPPUNIT_TEST(aScheduledRunThatFailsIsADeadLetter);
    CPPUNIT_TEST_SUITE_END();

    JobsFixture f_;

    Jobs declaring(Retry retry) {
        Jobs::Options options = f_.standing();
        options.declared = [retry](std::string_view, std::string_view name) {
            return name == "import" ? std::optional(retry) : std::nullopt;
        };
        return Jobs(f_.pool, options);
    }
    End failing(Jobs& jobs, int status) {
        const auto job = jobs.take("fake");
        CPPUNIT_ASSERT(job);
        return jobs.finish(*job, Error(status, "fake.fault"));
    }
    std::int64_t dead() {
        return f_.write([](storage::Tx& tx) { return DeadJobs::count(tx); });
    }
    void replay(std::int64_t id) {
        f_.write([&](storage::Tx& tx) { DeadJobs::replay(tx, id, f_.clock); });
    }

public:
    void pausesDoubleUpToTheLongest() {
        const Retry retry{10, 2, 30, true};
        const Micros expected[] = {2, 4, 8, 16, 30, 30};
        for (int attempt = 1; attempt <= 6; ++attempt)
            CPPUNIT_ASSERT_EQUAL(expected[attempt - 1], retry.pauseAfter(attempt));
        CPPUNIT_ASSERT_EQUAL(Micros{30}, retry.pauseAfter(1000));
        CPPUNIT_ASSERT_EQUAL(Micros{5}, (Retry{3, 9, 5, true}.pauseAfter(1)));
    }
    void refusalsAreNeverTriedAgain() {
        const Retry retry{3, 1, 1, true};
        for (const int status : {400, 404, 409, 422, 499})
            CPPUNIT_ASSERT(!retry.isAgain(status, 1));
        for (const int status : {500, 502, 503})
            CPPUNIT_ASSERT(retry.isAgain(status, 2) && !retry.isAgain(status, 3));
        CPPUNIT_ASSERT(!Retry{}.isAgain(500, 1) && Retry{}.isAgain(503, 1));
    }
    void aJobIsTriedAsItDeclares() {
        Jobs jobs = declaring({3, 10 * f_.second, f_.hour, true});
        const std::int64_t id = f_.enqueue(jobs, "fake", "import");
        CPPUNIT_ASSERT(failing(jobs, 500) == End::again);
        f_.clock += 10 * f_.second - 1;
        CPPUNIT_ASSERT(!jobs.take("fake"));
        f_.clock += 1;
        CPPUNIT_ASSERT(failing(jobs, 503) == End::again);
        f_.clock += 20 * f_.second - 1;
        CPPUNIT_ASSERT(!jobs.take("fake"));
        f_.clock += 1;
        CPPUNIT_ASSERT(failing(jobs, 500) == End::failed);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), f_.state(jobs, "fake", id));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, dead());
    }
    void whatDeclaresNothingIsTriedOnlyWhereItWasRefusedForTheMoment() {
        Jobs jobs = declaring({3, f_.second, f_.hour, true});
        f_.enqueue(jobs, "fake", "other");
        CPPUNIT_ASSERT(failing(jobs, 503) == End::again);
        f_.clock += f_.hour;
        CPPUNIT_ASSERT(failing(jobs, 500) == End::failed);
    }
    void whatIsGivenUpIsADeadLetterAndARefusalIsNone() {
        Jobs jobs = declaring({1, f_.second, f_.hour, true});
        f_.enqueue(jobs, "fake", "import");
        CPPUNIT_ASSERT(failing(jobs, 422) == End::failed);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, dead());
        f_.enqueue(jobs, "fake", "import");
        CPPUNIT_ASSERT(jobs.take("fake"));
        // The process dies with its only try.
        f_.clock += f_.hour;
        CPPUNIT_ASSERT(!jobs.take("fake"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, dead());
    }
    void aReplayHasAllItsTriesAndKeepsWhatItReached() {
        Jobs jobs = declaring({2, f_.second, f_.hour, true});
        const std::int64_t id = f_.enqueue(jobs, "fake", "import", Value::of("document"));
        const auto first = jobs.take("fake");
        f_.write([&](storage::Tx& tx) { jobs.progress(tx, jobs.running(*first), {7, 9}); });
        CPPUNIT_ASSERT(jobs.finish(*first, Error(500, "fake.fault")) == End::again);
        f_.clock += f_.hour;
        CPPUNIT_ASSERT(failing(jobs, 500) == End::failed);
        replay(id);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, dead());
        CPPUNIT_ASSERT(failing(jobs, 500) == End::again);
        f_.clock += f_.hour;
        const auto last = jobs.take("fake");
        CPPUNIT_ASSERT(last);
        CPPUNIT_ASSERT_EQUAL(std::string("document"), last->arguments.view().asText());
        const auto reached = f_.write([&](storage::Tx& tx) { return jobs.reached(tx, jobs.running(*last)); });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, reached.done);
        CPPUNIT_ASSERT(jobs.finish(*last, Value::of("ok")) == End::done);
        CPPUNIT_ASSERT(f_.status(jobs, "fake", id)["error"].isNull());
    }
    void aReplayedJobIsFencedFromItsEarlierHolders() {
        Jobs jobs = declaring({1, f_.second, f_.hour, true});
        const std::int64_t id = f_.enqueue(jobs, "fake", "import");
        const auto lost = jobs.take("fake");
        f_.clock += f_.hour;
        CPPUNIT_ASSERT(!jobs.take("fake"));
        replay(id);
        CPPUNIT_ASSERT(jobs.take("fake"));
        // The same process, and the first try of each life.
        CPPUNIT_ASSERT(jobs.finish(*lost, Value::of("late")) == End::lost);
        CPPUNIT_ASSERT_THROW(f_.write([&](storage::Tx& tx) {
            jobs.progress(tx, jobs.running(*lost), {1, 1});
        }),
                             Error);
        CPPUNIT_ASSERT_THROW(f_.write([&](storage::Tx& tx) { jobs.reached(tx, jobs.running(*lost)); }),
                             Error);
        CPPUNIT_ASSERT_EQUAL(std::string("running"), f_.state(jobs, "fake", id));
    }
    void onlyDeadLettersAreReplayedOrDropped() {
        Jobs jobs = declaring({1, f_.second, f_.hour, true});
        const std::int64_t queued = f_.enqueue(jobs, "fake", "import");
        for (const std::int64_t id : {queued, std::int64_t{12345}}) {
            CPPUNIT_ASSERT_THROW(replay(id), Error);
            CPPUNIT_ASSERT_THROW(f_.write([&](storage::Tx& tx) { DeadJobs::drop(tx, id); }), Error);
        }
        CPPUNIT_ASSERT(failing(jobs, 500) == End::failed);
        f_.write([&](storage::Tx& tx) { DeadJobs::drop(tx, queued); });
        CPPUNIT_ASSERT_THROW(replay(queued), Error);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), f_.state(jobs, "fake", queued));
    }
    void deadLettersOutliveThePurge() {
        Jobs jobs = declaring({1, f_.second, f_.hour, true});
        const std::int64_t id = f_.enqueue(jobs, "fake", "import");
        CPPUNIT_ASSERT(failing(jobs, 500) == End::failed);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, jobs.purge(f_.clock + 1, f_.clock + 1));
        f_.write([&](storage::Tx& tx) { DeadJobs::drop(tx, id); });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, jobs.purge(f_.clock + 1, f_.clock + 1));
    }
    void aScheduledRunThatFailsIsADeadLetter() {
        Jobs jobs = declaring({1, f_.second, f_.hour, true});
        f_.write([&](storage::Tx& tx) { return jobs.enqueueScheduled(tx, "fake", "import"); });
        CPPUNIT_ASSERT(failing(jobs, 422) == End::failed);
        const auto letters = f_.write([](storage::Tx& tx) { return DeadJobs::list(tx, 0, 10); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, letters.size());
        CPPUNIT_ASSERT_EQUAL(std::string("fake.fault"), letters[0].error.view()["id"].asText());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RetryTest);

} // namespace
