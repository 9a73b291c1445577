// SPDX-License-Identifier: Apache-2.0
// Slow, silent and many peers: each costs little, and none of them costs the others anything.
#include "RawClient.h"

#include <cppunit/extensions/HelperMacros.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <fstream>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace dalate::http;
using namespace dalate::http::test;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

void hello(Request&, Response& response) {
    response.body("hello");
}

std::size_t residentBytes() {
    std::size_t total = 0;
    std::size_t resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// The 99th percentile of so many requests on one connection, and fails the test when one is not answered.
double p99Milliseconds(std::uint16_t port, int count) {
    RawClient client(port);
    std::vector<double> times;
    for (int i = 0; i < count; ++i) {
        const auto begin = steady_clock::now();
        CPPUNIT_ASSERT_EQUAL(200, client.ask(get("/quick")).status);
        times.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count());
    }
    std::sort(times.begin(), times.end());
    return times[times.size() * 99 / 100];
}

} // namespace

class LimitsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LimitsTest);
    CPPUNIT_TEST(closesHeadsThatDripPastTheDeadline);
    CPPUNIT_TEST(closesBodiesBelowTheRate);
    CPPUNIT_TEST(closesIdleConnectionsSilently);
    CPPUNIT_TEST(closesAnswersThatNobodyTakes);
    CPPUNIT_TEST(resetsWhoeverStopsReading);
    CPPUNIT_TEST(keepsWhoeverReadsALittle);
    CPPUNIT_TEST(resetsAStreamThatNobodyReads);
    CPPUNIT_TEST(silentConnectionsHoldNoWorker);
    CPPUNIT_TEST(answers503WhenTheQueueIsFull);
    CPPUNIT_TEST(turnsAwayTooManyConnections);
    CPPUNIT_TEST(limitsConnectionsFromOneAddress);
    CPPUNIT_TEST(slowReadersDelayNobody);
    CPPUNIT_TEST(idleConnectionsCostLittle);
    CPPUNIT_TEST_SUITE_END();

public:
    void closesHeadsThatDripPastTheDeadline() {
        FrontConfig config;
        config.headTime = milliseconds(300);
        Served served(hello, config);
        RawClient client(served.port());
        const auto begin = steady_clock::now();
        bool open = client.trySend("GET / HTTP/1.1\r\nHost: a\r\nX: ");
        std::optional<Reply> reply;
        while (open && !reply && steady_clock::now() - begin < milliseconds(5000)) {
            open = client.trySend("y");
            reply = client.reply(milliseconds(20));
        }
        const auto lasted = steady_clock::now() - begin;
        CPPUNIT_ASSERT(reply && reply->status == 408);
        CPPUNIT_ASSERT(lasted >= milliseconds(300) && lasted < milliseconds(2500));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(1), served.metrics().tooSlow.load());
    }

    void closesBodiesBelowTheRate() {
        FrontConfig config;
        config.rateGrace = milliseconds(200);
        config.bodyRate = 10'000;
        Served served(hello, config);
        RawClient slow(served.port());
        slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\nxx");
        CPPUNIT_ASSERT_EQUAL(408, slow.reply().value().status);
        CPPUNIT_ASSERT(slow.closedWithin(milliseconds(5000)));
        // Fast enough on average, though longer under way than the grace.
        RawClient steady(served.port());
        steady.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12000\r\n\r\n");
        for (int i = 0; i < 6; ++i) {
            steady.send(std::string(2000, 'x'));
            std::this_thread::sleep_for(milliseconds(60));
        }
        CPPUNIT_ASSERT_EQUAL(200, steady.reply().value().status);
    }

    void closesIdleConnectionsSilently() {
        FrontConfig config;
        config.idleTime = milliseconds(200);
        Served served(hello, config);
        RawClient silent(served.port());
        RawClient used(served.port());
        CPPUNIT_ASSERT_EQUAL(200, used.ask(get("/")).status);
        CPPUNIT_ASSERT_EQUAL(std::string(), silent.rest().value());
        CPPUNIT_ASSERT_EQUAL(std::string(), used.rest().value());
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().open == 0; }));
    }

    void closesAnswersThatNobodyTakes() {
        FrontConfig config;
        config.rateGrace = milliseconds(300);
        config.answerRate = 1'000'000'000;
        Served served([](Request&, Response& response) { response.body(std::string(20'000'000, 'x')); },
                      config);
        RawClient client(served.port(), 4096);
        client.send(get("/"));
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().tooSlow == 1; }));
        CPPUNIT_ASSERT(
            eventually([&] { return served.metrics().open == 0 && served.metrics().spooled == 0; }));
    }

    void resetsWhoeverStopsReading() {
        FrontConfig config;
        config.writeStall = milliseconds(400);
        config.rateGrace = milliseconds(100);
        config.answerRate = 1;
        Served served([](Request&, Response& response) { response.body(std::string(40'000'000, 'x')); },
                      config);
        // Took megabytes at once: on average it is fast enough for weeks.
        RawClient client(served.port());
        client.send(get("/"));
        std::size_t taken = 0;
        while (taken < 4'000'000) {
            const std::size_t more = client.some(1'000'000, milliseconds(1000)).size();
            CPPUNIT_ASSERT(more > 0);
            taken += more;
        }
        const auto stopped = steady_clock::now();
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().tooSlow == 1; }));
        CPPUNIT_ASSERT(steady_clock::now() - stopped >= milliseconds(300));
        CPPUNIT_ASSERT(
            eventually([&] { return served.metrics().open == 0 && served.metrics().spooled == 0; }));
        // The kernel keeps nothing of the answer for it either: a reset overtakes what was under way.
        char byte = 0;
        ssize_t got = 0;
        CPPUNIT_ASSERT(eventually([&] {
            while ((got = ::recv(client.descriptor(), &byte, 1, MSG_DONTWAIT)) > 0) {
            }
            return got < 0 && errno == ECONNRESET;
        }));
    }

    void keepsWhoeverReadsALittle() {
        FrontConfig config;
        config.writeStall = milliseconds(500);
        config.answerRate = 1;
        Served served([](Request&, Response& response) { response.body(std::string(20'000'000, 'x')); },
                      config);
        RawClient client(served.port(), 4096);
        client.send(get("/"));
        const auto begin = steady_clock::now();
        while (steady_clock::now() - begin < milliseconds(2500)) {
            CPPUNIT_ASSERT(!client.some(4096, milliseconds(1000)).empty());
            std::this_thread::sleep_for(milliseconds(50));
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(0), served.metrics().tooSlow.load());
    }

    void resetsAStreamThatNobodyReads() {
        FrontConfig config;
        config.writeStall = milliseconds(400);
        std::shared_ptr<Stream> stream;
        Served served(
            [&](Request&, Response& response) {
                stream = response.openStream(64'000'000);
                stream->append(std::string(40'000'000, 'x'));
            },
            config);
        RawClient client(served.port(), 4096);
        client.send(get("/"));
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().tooSlow == 1; }));
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().open == 0; }));
        CPPUNIT_ASSERT(!stream->append("more"));
    }

    void silentConnectionsHoldNoWorker() {
        FrontConfig config;
        config.threads = 2;
        Served served(hello, config);
        std::vector<std::unique_ptr<RawClient>> silent;
        for (int i = 0; i < 100; ++i) {
            silent.push_back(std::make_unique<RawClient>(served.port()));
            if (i % 3 == 0) silent.back()->send("GET / HT");
            if (i % 3 == 1)
                silent.back()->send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
        }
        const auto begin = steady_clock::now();
        RawClient client(served.port());
        CPPUNIT_ASSERT_EQUAL(200, client.ask(get("/")).status);
        CPPUNIT_ASSERT(steady_clock::now() - begin < milliseconds(1000));
    }

    void answers503WhenTheQueueIsFull() {
        std::mutex mutex;
        std::condition_variable release;
        bool open = false;
        FrontConfig config;
        config.threads = 1;
        config.queue = 2;
        Served served(
            [&](Request&, Response& response) {
                std::unique_lock lock(mutex);
                release.wait(lock, [&] { return open; });
                response.body("done");
            },
            config);
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 3; ++i) {
            clients.push_back(std::make_unique<RawClient>(served.port()));
            clients.back()->send(get("/"));
            const std::int64_t inside = i == 0 ? 1 : 0;
            CPPUNIT_ASSERT(eventually(
                [&] { return inside ? served.metrics().working == 1 : served.metrics().queued == i; }));
        }
        RawClient refused(served.port());
        const Reply reply = refused.ask(get("/"));
        CPPUNIT_ASSERT_EQUAL(503, reply.status);
        CPPUNIT_ASSERT_EQUAL(std::string("1"), reply.fields.at("retry-after"));
        {
            const std::lock_guard lock(mutex);
            open = true;
        }
        release.notify_all();
        for (const auto& client : clients)
            CPPUNIT_ASSERT_EQUAL(std::string("done"), client->reply().value().body);
        // The refused connection was kept: its request had been read whole.
        CPPUNIT_ASSERT_EQUAL(200, refused.ask(get("/")).status);
    }

    void turnsAwayTooManyConnections() {
        FrontConfig config;
        config.maxConnections = 3;
        Served served(hello, config);
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 3; ++i) {
            clients.push_back(std::make_unique<RawClient>(served.port()));
            CPPUNIT_ASSERT_EQUAL(200, clients.back()->ask(get("/")).status);
        }
        RawClient fourth(served.port());
        CPPUNIT_ASSERT_EQUAL(503, fourth.reply().value().status);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(1), served.metrics().turnedAway.load());
        clients.pop_back();
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().open == 2; }));
        RawClient fifth(served.port());
        CPPUNIT_ASSERT_EQUAL(200, fifth.ask(get("/")).status);
    }

    void limitsConnectionsFromOneAddress() {
        FrontConfig config;
        config.maxPerAddress = 2;
        Served served(hello, config);
        {
            RawClient first(served.port());
            RawClient second(served.port());
            CPPUNIT_ASSERT_EQUAL(200, first.ask(get("/")).status);
            CPPUNIT_ASSERT_EQUAL(200, second.ask(get("/")).status);
            RawClient third(served.port());
            CPPUNIT_ASSERT_EQUAL(503, third.reply().value().status);
        }
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().open == 0; }));
        RawClient fourth(served.port());
        CPPUNIT_ASSERT_EQUAL(200, fourth.ask(get("/")).status);

        config.trustedProxies = {"127.0.0.1"};
        Served behind(hello, config);
        std::vector<std::unique_ptr<RawClient>> fromProxy;
        for (int i = 0; i < 5; ++i) {
            fromProxy.push_back(std::make_unique<RawClient>(behind.port()));
            CPPUNIT_ASSERT_EQUAL(200, fromProxy.back()->ask(get("/")).status);
        }
    }

    void slowReadersDelayNobody() {
        const std::string page(600'000, 'p');
        FrontConfig config;
        config.threads = 2;
        Served served([&](Request& request,
                          Response& response) { response.body(request.path() == "/big" ? page : "quick"); },
                      config);
        const double alone = p99Milliseconds(served.port(), 300);
        std::vector<std::unique_ptr<RawClient>> slow;
        for (int i = 0; i < 24; ++i) {
            slow.push_back(std::make_unique<RawClient>(served.port(), 4096));
            slow.back()->send(get("/big"));
        }
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().requests >= 24 + 300; }));
        std::atomic<bool> stop{false};
        std::atomic<std::size_t> taken{0};
        std::thread readers([&] {
            while (!stop) {
                // 100 octets each tenth of a second: 1 kB/s.
                for (const auto& client : slow)
                    taken += client->some(100, milliseconds(1)).size();
                std::this_thread::sleep_for(milliseconds(76));
            }
        });
        const double beside = p99Milliseconds(served.port(), 2000);
        stop = true;
        readers.join();
        std::cout << "p99 of a quick page: alone " << alone << " ms, beside 24 slow readers " << beside
                  << " ms\n";
        CPPUNIT_ASSERT(taken > 0);
        CPPUNIT_ASSERT(beside < 50);
        // The answers are still under way, none was cut short.
        CPPUNIT_ASSERT_EQUAL(std::int64_t(24), served.metrics().open.load());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(0), served.metrics().tooSlow.load());
        std::string whole = slow[0]->some(1'000'000, milliseconds(1500));
        CPPUNIT_ASSERT(whole.size() > 500'000);
    }

    void idleConnectionsCostLittle() {
        Served served(hello);
        const std::size_t before = residentBytes();
        std::vector<std::unique_ptr<RawClient>> idle;
        for (int i = 0; i < 1000; ++i) {
            idle.push_back(std::make_unique<RawClient>(served.port()));
            if (i % 2 == 0) CPPUNIT_ASSERT_EQUAL(200, idle.back()->ask(get("/")).status);
        }
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().open == 1000; }));
        const std::size_t grown = residentBytes() - std::min(before, residentBytes());
        const double quick = p99Milliseconds(served.port(), 500);
        std::cout << "1000 idle connections: " << grown / 1024 << " KiB with their clients, p99 beside them "
                  << quick << " ms\n";
        CPPUNIT_ASSERT(grown < 1000 * 4096 + 8 * 1024 * 1024);
        CPPUNIT_ASSERT(quick < 50);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LimitsTest);
