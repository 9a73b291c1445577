// SPDX-License-Identifier: Apache-2.0
#include "unit/services_cases/County.h"

#include "app/LiveWork.h"
#include "host/PluginHost.h"
#include "plugin/Manifest.h"
#include "services/jobs/Jobs.h"
#include "services/notices/Notices.h"
#include "unit/services_live/LiveBrowser.h"

namespace {

using namespace dalate;
using namespace dalate::test;
namespace fs = std::filesystem;

/// A county with its live pages and one open page, whose person and topics a test sets down.
class LiveWorkTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LiveWorkTest);
    CPPUNIT_TEST(aNoticeIsCountedOnThePageOfWhomItTells);
    CPPUNIT_TEST(aJobsProgressIsFollowedToItsEnd);
    CPPUNIT_TEST(aCaseThatMovesSaysSo);
    CPPUNIT_TEST(nobodyFollowsWhatSheMayNotSee);
    CPPUNIT_TEST_SUITE_END();

    County county_;
    app::LiveWork live_{county_.pool};
    host::PluginHost host_{{},
                           county_.pool,
                           portal::TemplateStore::core(fs::path(DALATE_SOURCE_DIR) / "templates",
                                                       fs::path(DALATE_SOURCE_DIR) / "runtime/i18n",
                                                       fs::path(DALATE_SOURCE_DIR) / "runtime/static")};
    Streams streams_{live_.topics()};
    std::unique_ptr<http::Front> front_;

    Browser open(Principal who, std::vector<std::string> topics) {
        streams_.names = live_.topics().allowed(who, topics);
        CPPUNIT_ASSERT_EQUAL(topics.size(), streams_.names.size());
        streams_.who = std::move(who);
        Browser page(front_->port());
        CPPUNIT_ASSERT(page.sees("retry:"));
        return page;
    }

public:
    void setUp() override {
        live_.join(host_, county_.engine);
        http::FrontConfig settings;
        settings.bind = {"127.0.0.1:0"};
        settings.threads = 1;
        front_ = std::make_unique<http::Front>(std::move(settings), streams_);
        front_->start();
        live_.start();
    }
    void tearDown() override {
        live_.stop();
        front_->stop(std::chrono::milliseconds(500));
    }

    void aNoticeIsCountedOnThePageOfWhomItTells() {
        services::notices::Notices::Ways ways;
        ways.told = [this](std::int64_t account) { live_.told(account); };
        const services::notices::Notices notices([] { return now(); }, ways);
        Browser hers = open(County::citizen(1), {"unread"}), another = open(County::citizen(2), {"unread"});
        CPPUNIT_ASSERT(hers.sees(R"({"count":0})") && another.sees(R"({"count":0})"));
        const plugin::NoticeRule kind{"k", "core.inbox.unread", "core.inbox.none.text", false};
        const auto tell = [&] {
            return county_.write([&](storage::Tx& tx, AfterCommit& after) {
                using services::notices::Audience;
                return notices.send(
                    tx, {"desk", {Audience::Kind::account, 1, {}, 0, 0}, kind, {}, "key", &after});
            });
        };
        tell();
        CPPUNIT_ASSERT(hers.sees(R"({"count":1})"));
        // The same again is no notice, so nobody is told of one.
        tell();
        another.read(300);
        CPPUNIT_ASSERT(another.states() == 1 && hers.states() == 2);
    }

    void aJobsProgressIsFollowedToItsEnd() {
        services::jobs::Jobs::Options options;
        options.moved = [this](std::int64_t id) { live_.jobMoved(id); };
        services::jobs::Jobs jobs(county_.pool, options);
        const auto id = county_.write([&](storage::Tx& tx, AfterCommit&) {
            return jobs.enqueue(tx, "desk", "import", {}, County::citizen(1), "r");
        });
        Browser page = open(County::citizen(1), {"job/" + std::to_string(id)});
        CPPUNIT_ASSERT(page.sees(R"("version":"queued")"));
        const auto job = jobs.take("desk");
        CPPUNIT_ASSERT(page.sees(R"("version":"running")"));
        county_.write([&](storage::Tx& tx, AfterCommit& after) {
            jobs.progress(tx, jobs.running(*job), {3, 4});
            after.push_back([&] { jobs.tellMoved(id); });
            return 0;
        });
        CPPUNIT_ASSERT(page.sees(R"("percent":75)"));
        jobs.finish(*job, Value());
        CPPUNIT_ASSERT(page.sees(R"("version":"done-long")"));
    }

    void aCaseThatMovesSaysSo() {
        const Principal agent = County::agent();
        const Case opened = county_.open(agent);
        Browser page = open(agent, {"case/" + std::to_string(opened.id)});
        CPPUNIT_ASSERT(page.sees("\"version\":" + std::to_string(opened.version)));
        const Case moved = county_.write([&](storage::Tx& tx, AfterCommit& after) {
            return county_.engine.move(tx, County::by(&agent, after), opened.id,
                                       {"take", opened.version, {}, {}});
        });
        CPPUNIT_ASSERT(moved.version > opened.version);
        // Nobody says so here: it is found when all is looked at.
        CPPUNIT_ASSERT(page.sees("\"version\":" + std::to_string(moved.version)) ||
                       page.sees("\"version\":" + std::to_string(moved.version)));
    }

    void nobodyFollowsWhatSheMayNotSee() {
        services::jobs::Jobs jobs(county_.pool, {});
        const Principal agent = County::agent();
        const auto id = county_.write([&](storage::Tx& tx, AfterCommit&) {
            return jobs.enqueue(tx, "desk", "import", {}, agent, "r");
        });
        const Case opened = county_.open(agent);
        const std::vector<std::string> topics{"job/" + std::to_string(id),
                                              "case/" + std::to_string(opened.id)};
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, live_.topics().allowed(agent, topics).size());
        CPPUNIT_ASSERT(live_.topics().allowed(County::citizen(9), topics).empty());
        CPPUNIT_ASSERT(live_.topics().allowed(Principal(), topics).empty());
        CPPUNIT_ASSERT(live_.topics().allowed(Principal(), {"unread"}).empty());
        CPPUNIT_ASSERT(live_.topics()
                           .allowed(agent, {"job", "job/", "job/x", "case/", "case/0", "plugin/desk/x"})
                           .empty());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LiveWorkTest);

} // namespace
