// SPDX-License-Identifier: Apache-2.0
// Real plugins, loaded by the real lifecycle, over the real table: what the other tests of this folder do
// piece by piece.
#include "HostFixture.h"

#include "base/Json.h"
#include "base/Log.h"
#include "host/PluginHost.h"
#include "plugin/Lifecycle.h"
#include "portal/Renderer.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

namespace {

using namespace dalate;
using namespace dalate::test;
using host::CallRequest;
using host::PluginHost;
using host::Reply;
using namespace std::chrono_literals;

class PluginHostTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginHostTest);
    CPPUNIT_TEST(aPageIsAnsweredWithItsOwnTemplates);
    CPPUNIT_TEST(aJobRunsInChunksAndIsSeen);
    CPPUNIT_TEST(aRefusedJobKeepsItsReason);
    CPPUNIT_TEST(whatAJobForgetsToCommitIsGone);
    CPPUNIT_TEST(scheduledJobsRun);
    CPPUNIT_TEST(aServiceJoinsItsCallersTransaction);
    CPPUNIT_TEST(aRefusedServiceLeavesTheCallersRows);
    CPPUNIT_TEST(permissionsFollowWhatIsActive);
    CPPUNIT_TEST(disablingStopsServicesAndJobs);
    CPPUNIT_TEST(faultyTemplatesKeepAPluginOffAndTheSchemaAway);
    CPPUNIT_TEST(aSettingOfTheWrongTypeKeepsAPluginOff);
    CPPUNIT_TEST_SUITE_END();

    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("dalate-plugin-host-" + randomHex(8));
    std::unique_ptr<storage::Pool> pool_;
    std::unique_ptr<PluginHost> host_;
    std::unique_ptr<plugin::Lifecycle> lifecycle_;
    std::string chunks_ = "3";
    identity::Principal cooperative_;

    void copyPlugins() {
        std::filesystem::copy(std::filesystem::path(DALATE_BINARY_DIR) / "host-plugins", folder_ / "plugins",
                              std::filesystem::copy_options::recursive);
    }
    void up() {
        writeFile(folder_ / "core/templates/layout.mustache",
                  "{{! page: layout\nexample: {}\n}}\n<title>{{>title}}</title><main>{{>content}}</main>\n");
        writeFile(folder_ / "core/i18n/zh-CN.json", "{}");
        writeFile(folder_ / "core/i18n/en.json", "{}");
        const std::filesystem::path source = DALATE_SOURCE_DIR;
        pool_ = std::make_unique<storage::Pool>(storage::PoolOptions{.file = folder_ / "test.db"});
        storage::Migrator(*pool_).run("core", source / "migrations");
        PluginHost::Options options;
        options.setting = [this](std::string_view, std::string_view) { return chunks_; };
        options.threads.poll = 20ms;
        host_ = std::make_unique<PluginHost>(options, *pool_,
                                             portal::TemplateStore::core(folder_ / "core/templates",
                                                                         folder_ / "core/i18n",
                                                                         folder_ / "core/static"));
        plugin::LifecycleOptions life;
        life.folders = {folder_ / "plugins"};
        life.data = folder_ / "data";
        life.schema = source / "sdk/schema/plugin.schema.json";
        life.first = plugin::Desired::enabled;
        life.drain = 2s;
        lifecycle_ = std::make_unique<plugin::Lifecycle>(life, *pool_, *host_);
        host_->attach(lifecycle_->invoke(), lifecycle_->current());
        lifecycle_->start();
        host_->startJobs();
    }
    std::string stateOf(std::string_view plugin) {
        const auto status = lifecycle_->status(plugin);
        CPPUNIT_ASSERT(status);
        std::string text(plugin::name(status->state));
        for (const auto& problem : status->problems)
            text += " " + problem.id;
        return text;
    }
    std::int64_t number(std::string_view sql) {
        const auto lease = pool_->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        auto rows = tx.query(sql);
        rows.next();
        return rows.integer(0);
    }
    Reply ask(std::string_view method, std::string_view path) {
        const plugin::Match match = lifecycle_->current().get()->routes().match(method, path);
        CPPUNIT_ASSERT_MESSAGE(std::string(path) + ": worker " + stateOf("worker") + ", asker " +
                                   stateOf("asker"),
                               match.kind == plugin::Match::Kind::found);
        CallRequest request;
        request.method = method;
        request.path = path;
        request.params = match.params;
        request.requestId = "r1";
        request.principal = &cooperative_;
        request.permission = match.route->permission;
        return host_->answer(*match.lease, *match.route, match.handler, request);
    }
    /// Puts a job in the queue and waits for its end; the status as the plugin tells it.
    Value jobDone(const std::string& name) {
        const Reply put = ask("POST", "/worker/jobs/" + name);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(put.messageId, 202, put.status);
        CPPUNIT_ASSERT_EQUAL(std::string("Location"), put.headers.at(0).first);
        for (int i = 0; i < 1000; ++i) {
            const Reply see = ask("GET", put.headers.at(0).second);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(see.messageId, 200, see.status);
            Value status = json::parse(see.body).take();
            const std::string state = status["state"].asText();
            if (state == "done" || state == "failed") return status;
            std::this_thread::sleep_for(5ms);
        }
        CPPUNIT_FAIL("the job did not end");
        return {};
    }

public:
    void setUp() override {
        log::configure(log::Form::text, static_cast<log::Level>(9));
        std::filesystem::create_directories(folder_);
        copyPlugins();
        cooperative_.kind = identity::Principal::Kind::person;
        cooperative_.user = 4;
        cooperative_.organisation = 40;
        cooperative_.name = "Cooperative";
        cooperative_.roles = {"cooperative"};
    }
    void tearDown() override {
        if (host_) host_->stopJobs(2s);
        if (lifecycle_) lifecycle_->stop();
        // The host's job threads look into the lifecycle's snapshot until they are joined.
        host_.reset();
        lifecycle_.reset();
        pool_.reset();
        std::filesystem::remove_all(folder_);
        log::configure(log::Form::text, log::Level::error);
    }

    void aPageIsAnsweredWithItsOwnTemplates() {
        up();
        CPPUNIT_ASSERT_EQUAL(std::string("active"), stateOf("worker"));
        const Reply reply = ask("GET", "/worker/");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(reply.messageId, 200, reply.status);
        const std::string html = portal::Renderer(reply.templates).page(reply.page, reply.model, {});
        CPPUNIT_ASSERT_MESSAGE(html, html.find("<li>started</li>") != std::string::npos);
        CPPUNIT_ASSERT(host_->templates()->find("worker/words", "en"));
        CPPUNIT_ASSERT_EQUAL(std::string("Worker"), host_->templates()->texts().tr("en", "worker.name"));
    }

    void aJobRunsInChunksAndIsSeen() {
        up();
        const Value status = jobDone("fill");
        CPPUNIT_ASSERT_EQUAL(std::string("done"), status["state"].asText());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(30), *status["result"]["stored"].integer());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(3), *status["done"].integer());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(30),
                             number("SELECT COUNT(*) FROM worker_word WHERE word = 'word'"));
        cooperative_.organisation = 41;
        cooperative_.user = 5;
        const Reply hidden =
            ask("GET", "/worker/jobs/" + std::to_string(number("SELECT id FROM job WHERE name = 'fill'")));
        CPPUNIT_ASSERT_EQUAL(404, hidden.status);
        CPPUNIT_ASSERT_EQUAL(std::string("core.job.unknown"), hidden.messageId);
    }

    void aRefusedJobKeepsItsReason() {
        up();
        const Value status = jobDone("refuse");
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), status["state"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("worker.refused"), status["error"]["id"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("asked to"), status["error"]["details"]["why"].asText());
        CPPUNIT_ASSERT_EQUAL(400, ask("POST", "/worker/jobs/unknown").status);
    }

    void whatAJobForgetsToCommitIsGone() {
        up();
        CPPUNIT_ASSERT_EQUAL(std::string("done"), jobDone("forget")["state"].asText());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0),
                             number("SELECT COUNT(*) FROM worker_word WHERE word = 'forgotten'"));
    }

    void scheduledJobsRun() {
        up();
        for (int i = 0;
             i < 1000 && number("SELECT COUNT(*) FROM job WHERE name = 'sweep' AND state = 'done'") == 0; ++i)
            std::this_thread::sleep_for(5ms);
        CPPUNIT_ASSERT(number("SELECT COUNT(*) FROM job WHERE name = 'sweep' AND state = 'done'") > 0);
    }

    void aServiceJoinsItsCallersTransaction() {
        up();
        const Reply undone = ask("POST", "/asker/add/undo");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(undone.messageId, 200, undone.status);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0),
                             number("SELECT COUNT(*) FROM worker_word WHERE word = 'asked'"));
        const Reply kept = ask("POST", "/asker/add/keep");
        CPPUNIT_ASSERT_EQUAL(std::string("Cooperative"), kept.body);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1),
                             number("SELECT COUNT(*) FROM worker_word WHERE word = 'asked'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), number("SELECT COUNT(*) FROM asker_row"));
    }

    void aRefusedServiceLeavesTheCallersRows() {
        up();
        const Reply refused = ask("POST", "/asker/refuse/keep");
        CPPUNIT_ASSERT_EQUAL(409, refused.status);
        CPPUNIT_ASSERT_EQUAL(std::string("worker.taken"), refused.messageId);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), number("SELECT COUNT(*) FROM asker_row"));
        CPPUNIT_ASSERT_EQUAL(std::string("worker.taken"), ask("POST", "/asker/refuse/anyway").body);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), number("SELECT COUNT(*) FROM asker_row"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0),
                             number("SELECT COUNT(*) FROM worker_word WHERE word = 'refused'"));
        CPPUNIT_ASSERT_EQUAL(404, ask("POST", "/asker/unknown/keep").status);
    }

    void permissionsFollowWhatIsActive() {
        up();
        CPPUNIT_ASSERT(host_->permissions()->holds(cooperative_, "worker.feed"));
        CPPUNIT_ASSERT_EQUAL(std::string("worker.feed"),
                             host_->permissions()->find("worker.feed")->tokenScopes.at(0));
        lifecycle_->want("asker", plugin::Desired::disabled, "test");
        lifecycle_->want("worker", plugin::Desired::disabled, "test");
        CPPUNIT_ASSERT(lifecycle_->settle(5s));
        CPPUNIT_ASSERT(!host_->permissions()->holds(cooperative_, "worker.feed"));
        CPPUNIT_ASSERT(!host_->templates()->find("worker/words", "en"));
    }

    void disablingStopsServicesAndJobs() {
        up();
        lifecycle_->want("asker", plugin::Desired::disabled, "test");
        lifecycle_->want("worker", plugin::Desired::disabled, "test");
        CPPUNIT_ASSERT(lifecycle_->settle(5s));
        CPPUNIT_ASSERT_THROW(host_->services().find("worker/1", "add"), Error);
        std::int64_t id = 0;
        {
            const auto lease = pool_->lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            id = host_->jobs().enqueue(tx, "worker", "fill", {}, {}, {});
            tx.commit();
        }
        std::this_thread::sleep_for(150ms);
        const std::string finished =
            "SELECT COUNT(*) FROM job WHERE state = 'done' AND id = " + std::to_string(id);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), number(finished));
        lifecycle_->want("worker", plugin::Desired::enabled, "test");
        CPPUNIT_ASSERT(lifecycle_->settle(5s));
        for (int i = 0; i < 1000 && number(finished) == 0; ++i)
            std::this_thread::sleep_for(5ms);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), number(finished));
        CPPUNIT_ASSERT_EQUAL(std::string("worker/1"), host_->services().find("worker/1", "add")->nameMajor);
    }

    void faultyTemplatesKeepAPluginOffAndTheSchemaAway() {
        writeFile(folder_ / "plugins/worker/templates/words.mustache", "no head {{{raw}}}");
        up();
        CPPUNIT_ASSERT_EQUAL(std::string("failed core.plugin.templates"), stateOf("worker"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0),
                             number("SELECT COUNT(*) FROM sqlite_master WHERE name = 'worker_word'"));
        CPPUNIT_ASSERT(!host_->permissions()->holds(cooperative_, "worker.feed"));
    }

    void aSettingOfTheWrongTypeKeepsAPluginOff() {
        chunks_ = "many";
        up();
        CPPUNIT_ASSERT_EQUAL(std::string("failed core.setting.invalid"), stateOf("worker"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginHostTest);

} // namespace
