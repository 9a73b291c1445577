// SPDX-License-Identifier: Apache-2.0
// Starting with a socket of somebody else's, and stopping without losing what is under way.
#include "RawClient.h"

#include "http/Listeners.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

using namespace dalate::http;
using namespace dalate::http::test;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class StopTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StopTest);
    CPPUNIT_TEST(finishesWhatIsUnderWay);
    CPPUNIT_TEST(answersIdleConnectionsOnceMore);
    CPPUNIT_TEST(sendsTheRestOfASlowAnswer);
    CPPUNIT_TEST(endsStreams);
    CPPUNIT_TEST(reportsWhatItHadToCutOff);
    CPPUNIT_TEST(stopsTwiceAndUnstarted);
    CPPUNIT_TEST(callsThreadStartAndStopInEachWorker);
    CPPUNIT_TEST(servesAnInheritedSocket);
    CPPUNIT_TEST(readsTheServiceManagersVariables);
    CPPUNIT_TEST(aRestartLosesNoRequest);
    CPPUNIT_TEST(namesTheAddressThatIsTaken);
    CPPUNIT_TEST_SUITE_END();

public:
    void finishesWhatIsUnderWay() {
        Served served([](Request&, Response& response) {
            std::this_thread::sleep_for(milliseconds(200));
            response.body("whole");
        });
        RawClient client(served.port());
        RawClient queued(served.port());
        client.send(get("/"));
        // Half sent when the stop begins: served to its end.
        queued.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
        CPPUNIT_ASSERT(
            eventually([&] { return served.metrics().working == 1 && served.metrics().open == 2; }));
        std::thread late([&] {
            std::this_thread::sleep_for(milliseconds(100));
            queued.send("cd");
        });
        const StopReport report = served.front().stop(milliseconds(5000));
        late.join();
        CPPUNIT_ASSERT(report.clean());
        for (RawClient* one : {&client, &queued}) {
            const Reply reply = one->reply().value();
            CPPUNIT_ASSERT_EQUAL(std::string("whole"), reply.body);
            CPPUNIT_ASSERT_EQUAL(std::string("close"), reply.fields.at("connection"));
        }
        CPPUNIT_ASSERT_THROW(RawClient(served.port()), std::runtime_error);
    }

    void answersIdleConnectionsOnceMore() {
        Served served([](Request&, Response& response) { response.body("x"); });
        RawClient used(served.port());
        CPPUNIT_ASSERT_EQUAL(200, used.ask(get("/")).status);
        std::thread stopper([&] { CPPUNIT_ASSERT(served.front().stop(milliseconds(5000)).clean()); });
        std::this_thread::sleep_for(milliseconds(50));
        const Reply last = used.ask(get("/"));
        CPPUNIT_ASSERT_EQUAL(200, last.status);
        CPPUNIT_ASSERT_EQUAL(std::string("close"), last.fields.at("connection"));
        stopper.join();
    }

    void sendsTheRestOfASlowAnswer() {
        const std::string body(8'000'000, 'b');
        Served served([&](Request&, Response& response) { response.body(body); });
        RawClient client(served.port(), 4096);
        client.send(get("/"));
        CPPUNIT_ASSERT(
            eventually([&] { return served.metrics().requests == 1 && served.metrics().working == 0; }));
        std::optional<Reply> reply;
        std::thread reader([&] {
            std::this_thread::sleep_for(milliseconds(100));
            reply = client.reply(milliseconds(10000));
        });
        CPPUNIT_ASSERT(served.front().stop(milliseconds(10000)).clean());
        reader.join();
        CPPUNIT_ASSERT(reply && reply->body == body);
    }

    void endsStreams() {
        Served served([](Request&, Response& response) { response.openStream()->append("x"); });
        RawClient client(served.port());
        client.send(get("/"));
        CPPUNIT_ASSERT_EQUAL(200, client.reply().value().status);
        CPPUNIT_ASSERT(served.front().stop(milliseconds(5000)).clean());
        const std::string rest = client.rest().value();
        CPPUNIT_ASSERT_EQUAL(std::string("1\r\nx\r\n0\r\n\r\n"), rest);
    }

    void reportsWhatItHadToCutOff() {
        // Shared with the abandoned thread, which outlives this test.
        struct Gate {
            std::mutex mutex;
            std::condition_variable changed;
            bool open = false;
            bool left = false;
        };
        const auto gate = std::make_shared<Gate>();
        Served served([gate](Request&, Response& response) {
            response.body("too late");
            std::unique_lock lock(gate->mutex);
            gate->changed.wait(lock, [&] { return gate->open; });
            gate->left = true;
            gate->changed.notify_all();
        });
        RawClient client(served.port());
        client.send(get("/"));
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().working == 1; }));
        const auto begin = steady_clock::now();
        const StopReport report = served.front().stop(milliseconds(100));
        CPPUNIT_ASSERT(steady_clock::now() - begin < milliseconds(2000));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), report.requestsLeft);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), report.threadsLeft);
        CPPUNIT_ASSERT(!report.clean());
        {
            std::unique_lock lock(gate->mutex);
            gate->open = true;
            gate->changed.notify_all();
            gate->changed.wait(lock, [&] { return gate->left; });
        }
        // Let go, the abandoned worker still answers its client and clears up.
        CPPUNIT_ASSERT_EQUAL(std::string("too late"), client.reply().value().body);
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().open == 0; }));
        std::this_thread::sleep_for(milliseconds(50));
    }

    void stopsTwiceAndUnstarted() {
        Served served([](Request&, Response&) {});
        CPPUNIT_ASSERT(served.front().stop(milliseconds(1000)).clean());
        CPPUNIT_ASSERT(served.front().stop(milliseconds(1000)).clean());
        struct Nothing : Handler {
            void handle(Request&, Response&) override {}
        } nothing;
        FrontConfig config;
        config.bind = {"127.0.0.1:0"};
        Front unstarted(config, nothing);
        CPPUNIT_ASSERT(unstarted.stop(milliseconds(0)).clean());
    }

    void callsThreadStartAndStopInEachWorker() {
        struct Counting : Handler {
            std::atomic<int> started{0};
            std::atomic<int> stopped{0};
            void threadStart() override { ++started; }
            void threadStop() override { ++stopped; }
            void handle(Request&, Response&) override {}
        } counting;
        FrontConfig config;
        config.bind = {"127.0.0.1:0"};
        config.threads = 3;
        Front front(config, counting);
        front.start();
        CPPUNIT_ASSERT(front.stop(milliseconds(1000)).clean());
        CPPUNIT_ASSERT_EQUAL(3, counting.started.load());
        CPPUNIT_ASSERT_EQUAL(3, counting.stopped.load());
    }

    void servesAnInheritedSocket() {
        Descriptor listener = listenOn("127.0.0.1:0");
        FrontConfig config;
        config.inherited = {listener.release()};
        Served served([](Request&, Response& response) { response.body("inherited"); }, config);
        RawClient client(served.port());
        CPPUNIT_ASSERT_EQUAL(std::string("inherited"), client.ask(get("/")).body);

        const Descriptor plain(::socket(AF_INET, SOCK_STREAM, 0));
        CPPUNIT_ASSERT_THROW(adoptListener(plain.get()), std::system_error);
    }

    void readsTheServiceManagersVariables() {
        ::setenv("LISTEN_FDS", "2", 1);
        ::setenv("LISTEN_PID", std::to_string(::getpid() + 1).c_str(), 1);
        CPPUNIT_ASSERT(inheritedListeners().empty());
        CPPUNIT_ASSERT(!std::getenv("LISTEN_FDS"));
        ::setenv("LISTEN_FDS", "2", 1);
        ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
        CPPUNIT_ASSERT((inheritedListeners() == std::vector<int>{3, 4}));
        CPPUNIT_ASSERT(inheritedListeners().empty());
    }

    void aRestartLosesNoRequest() {
        const Descriptor shared = listenOn("127.0.0.1:0");
        const auto start = [&] {
            FrontConfig config;
            config.inherited = {::fcntl(shared.get(), F_DUPFD_CLOEXEC, 0)};
            return std::make_unique<Served>([](Request&, Response& response) { response.body("ok"); },
                                            config);
        };
        std::unique_ptr<Served> current = start();
        const std::uint16_t port = current->port();
        std::atomic<bool> done{false};
        std::atomic<int> answered{0};
        std::atomic<int> lost{0};
        std::vector<std::thread> clients;
        for (int i = 0; i < 4; ++i) {
            clients.emplace_back([&, fresh = i % 2 == 0] {
                auto client = std::make_unique<RawClient>(port);
                while (!done) {
                    const std::optional<Reply> reply =
                        client->trySend(get("/")) ? client->reply() : std::optional<Reply>();
                    ++(reply && reply->status == 200 ? answered : lost);
                    if (fresh || !reply || reply->fields.count("connection"))
                        client = std::make_unique<RawClient>(port);
                }
            });
        }
        for (int i = 0; i < 3; ++i) {
            std::this_thread::sleep_for(milliseconds(100));
            std::unique_ptr<Served> next = start();
            CPPUNIT_ASSERT(current->front().stop(milliseconds(5000)).clean());
            current = std::move(next);
        }
        done = true;
        for (std::thread& client : clients)
            client.join();
        CPPUNIT_ASSERT_EQUAL(0, lost.load());
        CPPUNIT_ASSERT(answered > 100);
    }

    void namesTheAddressThatIsTaken() {
        const Descriptor taken = listenOn("127.0.0.1:0");
        const std::string address = boundAddress(taken.get());
        try {
            listenOn(address);
            CPPUNIT_FAIL("one address was bound twice");
        } catch (const std::system_error& error) {
            CPPUNIT_ASSERT(error.code() == std::errc::address_in_use);
            CPPUNIT_ASSERT(std::string(error.what()).find(address) != std::string::npos);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StopTest);
