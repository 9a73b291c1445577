// SPDX-License-Identifier: Apache-2.0
// The operator loads and unloads a plugin while others are being asked 200 times a second: no request fails.
#include "support/Client.h"
#include "support/Daemon.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

namespace {

using namespace dalate;
using namespace dalate::testing;

class OperatorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OperatorTest);
    CPPUNIT_TEST(loadingAndUnloadingFailsNoRequest);
    CPPUNIT_TEST(aBadLibraryIsRefusedWithReason);
    CPPUNIT_TEST(healthAndMetricsAnswer);
    CPPUNIT_TEST(aStopIsClean);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;
    std::unique_ptr<Daemon> daemon_;

    std::unique_ptr<Client> asOperator() {
        auto client = std::make_unique<Client>(daemon_->url());
        const Value access = daemon_->access();
        const ValueView account = access["accounts"]["operator"];
        client->signIn(account["user"].asText(), account["password"].asText());
        return client;
    }

    /// Waits until the route answers `status`.
    static bool becomes(Client& client, const std::string& path, int status) {
        for (int tries = 0; tries < 400; ++tries) {
            if (client.get(path).status == status) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
        }
        return false;
    }

public:
    void setUp() override { daemon_ = std::make_unique<Daemon>(Daemon::built(), folder_.path() / "data"); }
    void tearDown() override { daemon_.reset(); }

    void loadingAndUnloadingFailsNoRequest() {
        const auto op = asOperator();
        std::atomic<bool> going{true};
        std::atomic<int> served{0}, failed{0};
        std::string fault;
        std::thread load([&] {
            Client visitor(daemon_->url());
            auto next = std::chrono::steady_clock::now();
            for (int i = 0; going; ++i) {
                next += std::chrono::milliseconds(5);
                std::this_thread::sleep_until(next);
                try {
                    // The plugin that comes and goes answers, or is not there; everything else always answers.
                    const bool moving = i % 2 == 0;
                    const int status = visitor.get(moving ? "/hello/" : "/").status;
                    if (status != 200 && !(moving && status == 404)) {
                        ++failed;
                        fault = std::to_string(status);
                    }
                } catch (const std::exception& error) {
                    ++failed;
                    fault = error.what();
                }
                ++served;
            }
        });
        Client watcher(daemon_->url());
        bool followed = true;
        std::string how;
        const auto move = [&](const char* word, int then) {
            op->get("/admin/plugins");
            const int status = op->post(std::string("/admin/plugins/hello/") + word, {}).status;
            followed = status == 303 && becomes(watcher, "/hello/", then);
            how = std::string(word) + " " + std::to_string(status);
            return followed;
        };
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(4);
        int rounds = 0;
        // No more than a person may send in a minute (http.person_posts).
        for (; std::chrono::steady_clock::now() < until && followed && rounds < 250; ++rounds) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
            if (move("unload", 404)) move("load", 200);
        }
        going = false;
        load.join();
        CPPUNIT_ASSERT_MESSAGE(how + " in round " + std::to_string(rounds), followed);
        CPPUNIT_ASSERT(rounds >= 5);
        CPPUNIT_ASSERT_MESSAGE(std::to_string(served), served > 400);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(fault, 0, failed.load());
    }

    void aBadLibraryIsRefusedWithReason() {
        const auto op = asOperator();
        daemon_.reset();
        namespace fs = std::filesystem;
        const fs::path plugins = folder_.path() / "plugins";
        fs::copy(Daemon::built().plugins, plugins, fs::copy_options::recursive);
        for (const auto& entry : fs::recursive_directory_iterator(plugins / "hello/bin"))
            if (entry.path().filename() == "plugin.so") std::ofstream(entry.path()) << "this is no library";
        Daemon::Options options = Daemon::built();
        options.plugins = plugins;
        daemon_ = std::make_unique<Daemon>(options, folder_.path() / "data");
        const auto again = asOperator();
        const std::string page = again->get("/admin/plugins").body;
        CPPUNIT_ASSERT_MESSAGE(page, page.find("hello") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(page, page.find("被拒绝") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(page, page.find("core.elf.not_elf") != std::string::npos);
        Client visitor(daemon_->url());
        CPPUNIT_ASSERT_EQUAL(404, visitor.get("/hello/").status);
        CPPUNIT_ASSERT_EQUAL(200, visitor.get("/").status);
    }

    void healthAndMetricsAnswer() {
        Client visitor(daemon_->url());
        CPPUNIT_ASSERT_EQUAL(200, visitor.get("/healthz").status);
        CPPUNIT_ASSERT_EQUAL(200, visitor.get("/readyz").status);
        CPPUNIT_ASSERT_EQUAL(404, visitor.get("/metrics").status);
        Client inside(daemon_->operatorUrl());
        const Answer metrics = inside.get("/metrics");
        CPPUNIT_ASSERT_EQUAL(200, metrics.status);
        CPPUNIT_ASSERT_MESSAGE(metrics.body, metrics.body.find("dalate_") != std::string::npos);
    }

    void aStopIsClean() { CPPUNIT_ASSERT_EQUAL(0, daemon_->stop()); }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OperatorTest);

} // namespace
