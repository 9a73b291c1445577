// SPDX-License-Identifier: Apache-2.0
// jobs/1 and live/1 through the C table: a plugin's jobs against the real host and the real queue. However a
// try of a job ends, each of its steps stands once; what is given up waits for the operator; a topic is told
// of what was committed, and to nobody it was not made for.
#include "../unit/services_live/LiveBrowser.h"

#include "base/Ids.h"
#include "host/PluginHost.h"
#include "plugin/Lifecycle.h"
#include "services/jobs/DeadJobs.h"
#include "services/live/PluginTopics.h"
#include "storage/Migrator.h"
#include "storage/Session.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace dalate;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using identity::Principal;
using services::jobs::DeadJob;
using services::jobs::DeadJobs;

void writeFile(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

Principal person(std::int64_t id) {
    Principal who;
    who.kind = Principal::Kind::person;
    who.user = id;
    who.organisation = 1;
    who.roles = {"agent"};
    return who;
}

/// The zoo's plugin with jobs, a host over it and the topics.
class JobHouse {
public:
    JobHouse() {
        writeFile(folder_ / "core/templates/layout.mustache",
                  "{{! page: layout\nexample: {}\n}}\n<title>{{>title}}</title><main>{{>content}}</main>\n");
        writeFile(folder_ / "core/i18n/zh-CN.json", "{}");
        writeFile(folder_ / "core/i18n/en.json", "{}");
        fs::copy(ZOO_JOBS_FOLDER, folder_ / "plugins", fs::copy_options::recursive);
        const fs::path source = DALATE_SOURCE_DIR;
        pool_ = std::make_unique<storage::Pool>(storage::PoolOptions{.file = folder_ / "test.db"});
        storage::Migrator(*pool_).run("core", source / "migrations");
        topics_ = std::make_unique<services::live::Topics>(*pool_);
        plugins_ = std::make_unique<services::live::PluginTopics>(*topics_, [] { return now(); });
        host::PluginHost::Options options;
        options.schemas = source / "sdk/schema";
        options.jobs.lease = 400'000;
        options.jobs.clock = [this] { return now() + ahead_.load(); };
        options.jobs.moved = [this](std::int64_t) { ++moved; };
        options.threads.poll = 10ms;
        host_ = std::make_unique<host::PluginHost>(options, *pool_,
                                                   portal::TemplateStore::core(folder_ / "core/templates",
                                                                               folder_ / "core/i18n",
                                                                               folder_ / "core/static"));
        services::live::offerLive(host_->services(), *plugins_);
        offerThief();
        inTx([](storage::Tx& tx) {
            tx.exec(
                "INSERT INTO organisation (id, name, kind, created_at) VALUES (1, 'Office', 'bureau', 1)");
        });
        plugin::LifecycleOptions life;
        life.folders = {folder_ / "plugins"};
        life.data = folder_ / "data";
        life.schema = source / "sdk/schema/plugin.schema.json";
        life.first = plugin::Desired::enabled;
        life.drain = 2s;
        lifecycle_ = std::make_unique<plugin::Lifecycle>(life, *pool_, *host_);
        host_->attach(lifecycle_->invoke(), lifecycle_->current());
        lifecycle_->start();
        lifecycle_->settle(20s);
        const auto status = lifecycle_->status("zoo_jobs");
        CPPUNIT_ASSERT(status);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(status->problems.empty() ? "" : status->problems[0].id,
                                     std::string("active"), std::string(plugin::name(status->state)));
        host_->startJobs();
    }
    ~JobHouse() {
        topics_->stop();
        host_->stopJobs(2s);
        lifecycle_->stop();
        lifecycle_.reset();
        host_.reset();
        plugins_.reset();
        topics_.reset();
        pool_.reset();
        fs::remove_all(folder_);
    }
    JobHouse(const JobHouse&) = delete;
    JobHouse& operator=(const JobHouse&) = delete;

    template <class Work>
    void inTx(Work&& work) {
        const auto lease = pool_->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        work(tx);
        tx.commit();
    }
    std::int64_t enqueue(const char* name, const std::string& wish) {
        std::int64_t id = 0;
        inTx([&](storage::Tx& tx) {
            const Value wishes = Value::map([&](MapWriter& m) { m.set("wish", wish); });
            id = host_->jobs().enqueue(tx, "zoo_jobs", name, wishes, person(7), "r1");
        });
        host_->wakeJobs();
        return id;
    }
    Value status(std::int64_t id) {
        const auto lease = pool_->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        storage::Scope county;
        county.kind = storage::Scope::Kind::county;
        return host_->jobs().status(tx, "zoo_jobs", id, county, person(7));
    }
    /// Its state, once it is over.
    std::string ends(std::int64_t id) {
        std::string state;
        for (int waits = 0; waits < 1000; ++waits) {
            state = status(id)["state"].asText();
            if (state == "done" || state == "failed") return state;
            std::this_thread::sleep_for(10ms);
        }
        return "still " + state;
    }
    /// "1 2 3 …" as the rows stand.
    std::string rowsOf(std::int64_t id) {
        const auto lease = pool_->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        auto rows = tx.query("SELECT step FROM zoo_jobs_row WHERE job = :job ORDER BY id",
                             {{"job", std::to_string(id)}});
        std::string text;
        while (rows.next())
            text += (text.empty() ? "" : " ") + std::to_string(rows.integer(0));
        return text;
    }
    std::vector<DeadJob> dead() {
        const auto lease = pool_->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        return DeadJobs::list(tx, 0, 10);
    }
    std::int64_t count(std::string_view sql) {
        const auto lease = pool_->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        auto rows = tx.query(sql);
        rows.next();
        return rows.integer(0);
    }
    std::int64_t scheduled() {
        return count("SELECT COUNT(*) FROM job WHERE scheduled = 1 AND state = 'done'");
    }
    void wake() { host_->wakeJobs(); }
    void later(Micros by) { ahead_ += by; }
    services::live::Topics& topics() { return *topics_; }

    std::atomic<int> thefts{0}, moved{0};

private:
    /// What another process does when a lease runs out under a job that still runs.
    void offerThief() {
        host_->services().offer({"core", "zoo_thief/1", "steal", services::Touch::writes,
                                 [this](services::ServiceContext& context, ValueView) -> Value {
                                     ++thefts;
                                     context.tx->exec(
                                         "UPDATE job SET attempts = attempts + 1, lease_until = :at "
                                         "WHERE id = :id",
                                         {{"at", now() + 100'000}, {"id", context.job->id}});
                                     return {};
                                 }});
    }

    fs::path folder_ = fs::temp_directory_path() / ("dalate-zoo-jobs-" + randomHex(8));
    std::atomic<Micros> ahead_{0};
    std::unique_ptr<storage::Pool> pool_;
    std::unique_ptr<services::live::Topics> topics_;
    std::unique_ptr<services::live::PluginTopics> plugins_;
    std::unique_ptr<host::PluginHost> host_;
    std::unique_ptr<plugin::Lifecycle> lifecycle_;
};

class ZooJobsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ZooJobsTest);
    CPPUNIT_TEST(aJobDoesEachStepOnceHoweverATryEnds);
    CPPUNIT_TEST(whatIsGivenUpWaitsForTheOperator);
    CPPUNIT_TEST(whatComesByTheClockRuns);
    CPPUNIT_TEST(aTopicIsItsReadersAndFollowsTheCommits);
    CPPUNIT_TEST_SUITE_END();

    JobHouse house_;

public:
    void aJobDoesEachStepOnceHoweverATryEnds() {
        const struct {
            const char* wish;
            std::int64_t attempts;
            std::int64_t reached;
        } tries[] = {
            {"all is well", 1, 0},
            {"throws before its progress", 2, 2},
            {"throws before its commit", 2, 2},
            {"throws after its commit", 2, 3},
            {"is robbed", 3, 3},
        };
        for (const auto& one : tries) {
            const std::int64_t id = house_.enqueue("count", one.wish);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(one.wish, std::string("done"), house_.ends(id));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(one.wish, std::string("1 2 3 4 5 6"), house_.rowsOf(id));
            const Value status = house_.status(id);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(one.wish, one.attempts, *status["attempts"].integer());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(one.wish, one.reached, *status["result"]["reached"].integer());
            CPPUNIT_ASSERT_EQUAL(std::int64_t{6}, *status["progress"]["done"].integer());
        }
        CPPUNIT_ASSERT_EQUAL(1, house_.thefts.load());
        CPPUNIT_ASSERT(house_.moved.load() > 5 * 6);
    }

    void whatIsGivenUpWaitsForTheOperator() {
        const std::int64_t id = house_.enqueue("fragile", "");
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), house_.ends(id));
        auto dead = house_.dead();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, dead.size());
        CPPUNIT_ASSERT(dead[0].id == id && dead[0].plugin == "zoo_jobs" && dead[0].name == "fragile");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, dead[0].attempts);
        CPPUNIT_ASSERT_EQUAL(std::string("zoo.broken"), dead[0].error["id"].asText());

        house_.inTx(
            [](storage::Tx& tx) { tx.exec("INSERT INTO zoo_jobs_row (id, job, step) VALUES (1, '', 99)"); });
        house_.inTx([&](storage::Tx& tx) { DeadJobs::replay(tx, id, now()); });
        house_.wake();
        CPPUNIT_ASSERT_EQUAL(std::string("done"), house_.ends(id));
        CPPUNIT_ASSERT_EQUAL(std::string("mended"), house_.status(id)["result"].asText());
        CPPUNIT_ASSERT(house_.dead().empty());
    }

    void whatComesByTheClockRuns() {
        for (int waits = 0; waits < 500 && house_.count("SELECT COUNT(*) FROM job_schedule") == 0; ++waits)
            std::this_thread::sleep_for(10ms);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, house_.scheduled());
        // Three days in which nobody looked are made up by one run.
        house_.later(3 * 86'400'000'000);
        for (int waits = 0; waits < 500 && house_.scheduled() == 0; ++waits)
            std::this_thread::sleep_for(10ms);
        std::this_thread::sleep_for(700ms);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, house_.scheduled());
    }

    void aTopicIsItsReadersAndFollowsTheCommits() {
        const std::int64_t id = house_.enqueue("count", "all is well");
        CPPUNIT_ASSERT_EQUAL(std::string("done"), house_.ends(id));
        const std::string topic = house_.status(id)["result"]["topic"].asText();
        services::live::Topics& topics = house_.topics();
        CPPUNIT_ASSERT(topics.allowed(person(8), {topic}).empty());
        CPPUNIT_ASSERT(topics.allowed(Principal(), {topic}).empty());
        const auto hers = topics.allowed(person(7), {topic});
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hers.size());

        test::Streams streams(topics);
        streams.who = person(7);
        streams.names = hers;
        http::FrontConfig settings;
        settings.bind = {"127.0.0.1:0"};
        settings.threads = 1;
        http::Front front(std::move(settings), streams);
        front.start();
        topics.start();
        {
            test::Browser page(front.port());
            CPPUNIT_ASSERT(page.sees("\"topic\":\"" + topic));
            page.read(300);
            CPPUNIT_ASSERT_EQUAL_MESSAGE("nothing has changed since", std::size_t{1}, page.states());
            const std::int64_t undone = house_.enqueue("count", "throws before its commit");
            CPPUNIT_ASSERT_EQUAL(std::string("done"), house_.ends(house_.enqueue("count", "all is well")));
            for (int waits = 0; waits < 40 && page.states() < 2; ++waits)
                page.read(50);
            CPPUNIT_ASSERT(page.states() >= 2);
            CPPUNIT_ASSERT_EQUAL(std::string("done"), house_.ends(undone));
        }
        topics.stop();
        front.stop(500ms);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ZooJobsTest);

} // namespace
