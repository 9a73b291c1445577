// SPDX-License-Identifier: Apache-2.0
//
// No job is lost and none does its work twice, whenever the process dies. A child puts jobs in the queue,
// each in the transaction of the row that wants it, and runs them; one more comes by the schedule. Each job
// writes its steps one a transaction, together with its progress, and begins where `reached` says. The child
// is killed with SIGKILL again and again, in the middle of jobs. At the end a checker reads the database:
// every wish has its one job, every job is done, every step of every job stands once and in order.
#include "../unit/services_jobs/JobsFixture.h"

#include "base/Log.h"
#include "services/jobs/Schedule.h"

#include <csignal>
#include <cstdio>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace dalate;
using services::jobs::Job;
using services::jobs::Jobs;
using services::jobs::JobThreads;
using services::jobs::Retry;
using services::jobs::RunningJob;

constexpr std::int64_t steps = 8;

storage::PoolOptions database(const std::filesystem::path& folder) {
    return storage::PoolOptions{.file = folder / "test.db"};
}

Jobs::Options options() {
    Jobs::Options options;
    // Short, so that a killed process's jobs are taken over within the test; never given up for being killed.
    options.lease = 400'000;
    options.retry = Retry{1000, 1'000, 10'000, true};
    return options;
}

/// What a plugin's handler does through the SDK.
class Steps : public services::jobs::JobRunner {
public:
    Steps(storage::Pool& pool, Jobs& jobs) : pool_(pool), jobs_(jobs) {}
    std::vector<std::string> plugins() const override { return {"fake"}; }
    Result<Value> run(const Job& job, const RunningJob& running) override {
        std::int64_t reached = 0;
        {
            const auto lease = pool_.lease();
            storage::Tx tx(*lease, storage::Tx::Mode::read);
            reached = jobs_.reached(tx, running).done;
        }
        for (std::int64_t step = reached + 1; step <= steps; ++step) {
            const auto lease = pool_.lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            // No key keeps a step from standing twice: that it does not is what is proved.
            tx.exec("INSERT INTO step (job, number) VALUES (:job, :number)",
                    {{"job", job.id}, {"number", step}});
            jobs_.progress(tx, running, {step, steps});
            tx.commit();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        if (job.attempt % 3 == 1 && job.id % 5 == 0) return Error(503, "fake.busy");
        return Value::of(reached);
    }

private:
    storage::Pool& pool_;
    Jobs& jobs_;
};

class JobsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JobsTest);
    CPPUNIT_TEST(killedAgainAndAgain);
    CPPUNIT_TEST_SUITE_END();

    static void make(const std::filesystem::path& folder) {
        std::filesystem::create_directories(folder);
        storage::Pool pool(database(folder));
        storage::Migrator(pool).run("core", std::filesystem::path(DALATE_SOURCE_DIR) / "migrations");
        const auto lease = pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        tx.exec("CREATE TABLE wish (job BIGINT NOT NULL)");
        tx.exec("CREATE TABLE step (id INTEGER PRIMARY KEY, job BIGINT NOT NULL, number BIGINT NOT NULL)");
        tx.commit();
    }

    /// What the daemon does, until it is killed.
    [[noreturn]] static void serve(const std::filesystem::path& folder, bool wishes, unsigned node) {
        log::configure(log::Form::text, log::Level::error);
        setIdNode(node);
        storage::Pool pool(database(folder));
        Jobs jobs(pool, options());
        Steps runner(pool, jobs);
        JobThreads::Options threads;
        threads.poll = std::chrono::milliseconds(10);
        JobThreads running(jobs, runner, threads);
        if (wishes) running.schedule({{"fake", "sweep", 300'000}});
        running.start();
        while (wishes) {
            {
                const auto lease = pool.lease();
                storage::Tx tx(*lease, storage::Tx::Mode::write);
                const std::int64_t id = jobs.enqueue(tx, "fake", "import", {}, {}, "r");
                tx.exec("INSERT INTO wish (job) VALUES (:job)", {{"job", id}});
                tx.commit();
            }
            running.wake();
            std::this_thread::sleep_for(std::chrono::milliseconds(15));
        }
        for (;;)
            ::pause();
    }

    /// Runs in a process of its own. The parent has no connection open when it forks: what SQLite knows of
    /// its locks must not be copied.
    template <class F>
    static ::pid_t begin(F&& life) {
        const ::pid_t child = ::fork();
        if (child != 0) return child;
        try {
            life();
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    static int ended(::pid_t child) {
        int status = 1;
        ::waitpid(child, &status, 0);
        return status;
    }
    static std::int64_t number(storage::Pool& pool, std::string_view sql) {
        const auto lease = pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        auto rows = tx.query(sql);
        CPPUNIT_ASSERT(rows.next());
        return rows.integer(0);
    }

public:
    void killedAgainAndAgain() {
        constexpr int lives = 25;
        const auto folder = std::filesystem::temp_directory_path() / ("dalate-jobs-killed-" + randomHex(8));
        CPPUNIT_ASSERT_EQUAL(0, ended(begin([&] { make(folder); })));
        std::mt19937 random{4711};
        std::uniform_int_distribution<int> milliseconds(50, 600);
        for (int life = 0; life < lives; ++life) {
            const ::pid_t child = begin([&] { serve(folder, true, static_cast<unsigned>(life % 8)); });
            std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds(random)));
            ::kill(child, SIGKILL);
            const int status = ended(child);
            CPPUNIT_ASSERT_MESSAGE("it died by itself", WIFSIGNALED(status));
        }
        // The last life puts nothing in the queue and empties it.
        const ::pid_t last = begin([&] { serve(folder, false, 9); });
        {
            storage::Pool pool(database(folder));
            for (int waits = 0; waits < 600; ++waits) {
                if (number(pool, "SELECT COUNT(*) FROM job WHERE state IN ('queued', 'running')") == 0) break;
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
            }
        }
        ::kill(last, SIGKILL);
        ended(last);

        storage::Pool pool(database(folder));
        const std::int64_t jobs = number(pool, "SELECT COUNT(*) FROM job"),
                           wishes = number(pool, "SELECT COUNT(*) FROM wish"),
                           scheduled = number(pool, "SELECT COUNT(*) FROM job WHERE scheduled = 1"),
                           resumed = number(pool, "SELECT COUNT(*) FROM job WHERE attempts > 1"),
                           midway =
                               number(pool, "SELECT COUNT(*) FROM job WHERE attempts > 1 AND id % 5 <> 0");
        const std::int64_t lost =
            number(pool,
                   "SELECT COUNT(*) FROM wish w WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.id = w.job)") +
            number(pool, "SELECT COUNT(*) FROM job WHERE state <> 'done'") +
            number(pool, "SELECT COUNT(*) FROM job j WHERE (SELECT COUNT(DISTINCT s.number) FROM step s "
                         "WHERE s.job = j.id) <> " +
                             std::to_string(steps));
        const std::int64_t doubled =
            number(pool, "SELECT COUNT(*) FROM (SELECT job, number FROM step GROUP BY job, number HAVING "
                         "COUNT(*) > 1)") +
            number(pool, "SELECT COUNT(*) FROM step a JOIN step b ON b.job = a.job AND b.id > a.id "
                         "WHERE b.number <= a.number") +
            number(pool, "SELECT COUNT(*) FROM job j WHERE j.scheduled = 0 AND "
                         "NOT EXISTS (SELECT 1 FROM wish w WHERE w.job = j.id)");
        std::printf("guarantee: job under kill -9, tries %lld, broken %lld\n"
                    "  %d kills, %lld jobs of %lld steps, %lld of them by the schedule; begun again %lld, of "
                    "them cut in "
                    "the middle %lld\n",
                    static_cast<long long>(jobs * steps), static_cast<long long>(lost + doubled), lives,
                    static_cast<long long>(jobs), static_cast<long long>(steps),
                    static_cast<long long>(scheduled), static_cast<long long>(resumed),
                    static_cast<long long>(midway));
        std::fflush(stdout);
        CPPUNIT_ASSERT_EQUAL(wishes + scheduled, jobs);
        CPPUNIT_ASSERT_MESSAGE("too few to say anything", jobs > 100 && scheduled > 3 && midway >= lives / 3);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, lost);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, doubled);
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JobsTest);

} // namespace
