// SPDX-License-Identifier: Apache-2.0
// What handlers may answer, and what they cannot do whatever they try.
#include "RawClient.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPCookie.h>

#include <cppunit/extensions/HelperMacros.h>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace dalate::http;
using namespace dalate::http::test;
using std::chrono::milliseconds;

class AnswerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AnswerTest);
    CPPUNIT_TEST(alwaysTellsLengthAndDateAndNoServer);
    CPPUNIT_TEST(letsNoLineEndIntoAField);
    CPPUNIT_TEST(turnsEveryExceptionIntoAPlain500);
    CPPUNIT_TEST(refusesStatusesThatAreNotFinal);
    CPPUNIT_TEST(sendsNoBodyWhereNoneIsAllowed);
    CPPUNIT_TEST(ignoresFieldsThatAreTheFronts);
    CPPUNIT_TEST(closesWhenTheHandlerSaysSo);
    CPPUNIT_TEST(sendsALargeAnswerThroughAFile);
    CPPUNIT_TEST(sendsFilesAndRanges);
    CPPUNIT_TEST(answersHeadForFilesAndStreams);
    CPPUNIT_TEST(says500WhenTheSpoolIsFull);
    CPPUNIT_TEST(says507WhenABodyFillsTheSpool);
    CPPUNIT_TEST(answersLaterThroughATicket);
    CPPUNIT_TEST(ticketsMayOvertakeTheHandler);
    CPPUNIT_TEST(aDroppedTicketBecomes500);
    CPPUNIT_TEST(aTicketSurvivesItsClientAndItsFront);
    CPPUNIT_TEST(streamsUntilItEnds);
    CPPUNIT_TEST(noticesThatAStreamsReaderHasGone);
    CPPUNIT_TEST(dropsAStreamReaderThatIsTooSlow);
    CPPUNIT_TEST_SUITE_END();

public:
    void alwaysTellsLengthAndDateAndNoServer() {
        Served served([](Request&, Response& response) { response.send() << "ab" << 12; });
        RawClient client(served.port());
        const Reply reply = client.ask(get("/"));
        CPPUNIT_ASSERT_EQUAL(std::string("ab12"), reply.body);
        CPPUNIT_ASSERT_EQUAL(std::string("4"), reply.fields.at("content-length"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(29), reply.fields.at("date").size());
        CPPUNIT_ASSERT(!reply.fields.count("server") && !reply.fields.count("connection"));
    }

    void letsNoLineEndIntoAField() {
        int refusedAtOnce = 0;
        Served served([&](Request& request, Response& response) {
            const std::string evil = "/x\r\nSet-Cookie: sid=evil";
            const std::string_view way = request.query();
            if (way == "base") return static_cast<Poco::Net::HTTPServerResponse&>(response).set("X-A", evil);
            if (way == "type") return response.setContentType("text/html" + evil);
            if (way == "cookie") return response.addCookie(Poco::Net::HTTPCookie("a", "b" + evil));
            if (way == "name")
                return static_cast<Poco::Net::HTTPServerResponse&>(response).set("X\r\nSet-Cookie", "a");
            if (way == "reason") {
                response.setReason("OK\r\nSet-Cookie: a=b");
                return response.body("harmless");
            }
            try {
                if (way == "redirect") response.redirect(evil);
                if (way == "set") response.set("X-A", evil);
                if (way == "add") response.add("X-A", std::string("nul\0", 4));
                if (way == "own-name") response.set("Bad Name", "v");
                if (way == "realm") response.requireAuthentication(evil);
            } catch (const Poco::InvalidArgumentException&) {
                ++refusedAtOnce;
                throw;
            }
        });
        for (const std::string way :
             {"redirect", "set", "add", "own-name", "realm", "base", "type", "cookie", "name"}) {
            RawClient client(served.port());
            const Reply reply = client.ask(get("/?" + way));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(way, 500, reply.status);
            CPPUNIT_ASSERT_MESSAGE(way, !reply.fields.count("set-cookie"));
            CPPUNIT_ASSERT_MESSAGE(way, client.closedWithin(milliseconds(5000)));
        }
        CPPUNIT_ASSERT_EQUAL(5, refusedAtOnce);
        RawClient client(served.port());
        const Reply reply = client.ask(get("/?reason"));
        CPPUNIT_ASSERT_EQUAL(200, reply.status);
        CPPUNIT_ASSERT(!reply.fields.count("set-cookie"));
    }

    void turnsEveryExceptionIntoAPlain500() {
        std::atomic<int> faults{0};
        FrontConfig config;
        config.onFault = [&](std::exception_ptr fault, const Request& request) {
            if (fault && request.path() == "/throw") ++faults;
            throw std::runtime_error("a report that fails must not matter");
        };
        Served served(
            [](Request& request, Response& response) {
                response.set("X-Half", "done");
                response.write("half an answer, with secrets");
                if (request.query() == "std") throw std::runtime_error("secret");
                if (request.query() == "poco") throw Poco::NotFoundException("secret");
                throw 42;
            },
            config);
        for (const char* kind : {"std", "poco", "int"}) {
            RawClient client(served.port());
            const Reply reply = client.ask(get(std::string("/throw?") + kind));
            CPPUNIT_ASSERT_EQUAL(500, reply.status);
            CPPUNIT_ASSERT(reply.body.find("secret") == std::string::npos);
            CPPUNIT_ASSERT(!reply.fields.count("x-half"));
            CPPUNIT_ASSERT(client.closedWithin(milliseconds(5000)));
        }
        CPPUNIT_ASSERT_EQUAL(3, faults.load());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(3), served.metrics().refused(500));
    }

    void refusesStatusesThatAreNotFinal() {
        Served served([](Request& request, Response& response) {
            response.status(std::stoi(std::string(request.query())));
        });
        for (const char* status : {"100", "101", "0", "512", "999"}) {
            RawClient client(served.port());
            CPPUNIT_ASSERT_EQUAL(500, client.ask(get(std::string("/?") + status)).status);
        }
    }

    void sendsNoBodyWhereNoneIsAllowed() {
        Served served([](Request& request, Response& response) {
            response.status(std::stoi(std::string(request.query())));
            response.body("must not be seen");
        });
        RawClient client(served.port());
        for (const char* status : {"204", "304"}) {
            const Reply reply = client.ask(get(std::string("/?") + status));
            CPPUNIT_ASSERT_EQUAL(std::string(status), std::to_string(reply.status));
            CPPUNIT_ASSERT(!reply.fields.count("content-length"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("must not be seen"), client.ask(get("/?200")).body);
    }

    void ignoresFieldsThatAreTheFronts() {
        Served served([](Request&, Response& response) {
            response.setContentLength(3);
            response.setChunkedTransferEncoding(true);
            response.set("Server", "Dalate/1");
            response.set("Date", "never");
            response.body("12345");
        });
        RawClient client(served.port());
        const Reply reply = client.ask(get("/"));
        CPPUNIT_ASSERT_EQUAL(std::string("12345"), reply.body);
        CPPUNIT_ASSERT(!reply.fields.count("transfer-encoding") && !reply.fields.count("server"));
        CPPUNIT_ASSERT(reply.fields.at("date") != "never");
    }

    void closesWhenTheHandlerSaysSo() {
        Served served([](Request&, Response& response) { response.setKeepAlive(false); });
        RawClient client(served.port());
        CPPUNIT_ASSERT_EQUAL(std::string("close"), client.ask(get("/")).fields.at("connection"));
        CPPUNIT_ASSERT(client.closedWithin(milliseconds(5000)));
    }

    void sendsALargeAnswerThroughAFile() {
        std::string body;
        for (int i = 0; body.size() < 5'000'000; ++i)
            body += std::to_string(i) + ";";
        Served served([&](Request& request, Response& response) {
            if (request.path() == "/taken") return response.body(body);
            for (std::size_t at = 0; at < body.size(); at += 70'000)
                response.send() << body.substr(at, 70'000);
        });
        RawClient client(served.port());
        for (const char* path : {"/streamed", "/taken"}) {
            const Reply reply = client.ask(get(path));
            CPPUNIT_ASSERT_EQUAL(body.size(), reply.body.size());
            CPPUNIT_ASSERT(reply.body == body);
        }
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().spooled == 0; }));
    }

    void sendsFilesAndRanges() {
        const std::string path =
            std::filesystem::temp_directory_path() / ("answer-test-" + std::to_string(::getpid()));
        std::string content;
        for (int i = 0; content.size() < 2'000'000; ++i)
            content += std::to_string(i);
        std::ofstream(path) << content;
        Served served([&](Request& request, Response& response) {
            if (request.path() == "/missing") return response.sendFile(path + ".no", "text/plain");
            if (request.path() == "/all") return response.sendFile(path, "text/plain");
            response.status(206);
            response.sendFile(::open(path.c_str(), O_RDONLY | O_CLOEXEC), 1000, 500'000);
        });
        RawClient client(served.port());
        CPPUNIT_ASSERT(client.ask(get("/all")).body == content);
        const Reply range = client.ask(get("/range"));
        CPPUNIT_ASSERT_EQUAL(206, range.status);
        CPPUNIT_ASSERT(range.body == content.substr(1000, 500'000));
        CPPUNIT_ASSERT_EQUAL(500, client.ask(get("/missing")).status);
        std::filesystem::remove(path);
    }

    void answersHeadForFilesAndStreams() {
        std::shared_ptr<Stream> stream;
        Served served([&](Request& request, Response& response) {
            if (request.path() == "/stream")
                stream = response.openStream();
            else
                response.sendFile("/proc/self/exe", "application/octet-stream");
        });
        RawClient client(served.port());
        client.send("HEAD /file HTTP/1.1\r\nHost: a\r\n\r\n");
        CPPUNIT_ASSERT(
            std::stoul(client.reply(milliseconds(5000), true).value().fields.at("content-length")) > 1000);
        client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
        CPPUNIT_ASSERT_EQUAL(200, client.reply().value().status);
        CPPUNIT_ASSERT_EQUAL(std::string(), client.rest().value());
        CPPUNIT_ASSERT(!stream->append("x"));
    }

    void says500WhenTheSpoolIsFull() {
        FrontConfig config;
        config.spoolQuota = 100'000;
        Served served(
            [](Request&, Response& response) { response.send() << std::string(200'000, 'x') << "end"; },
            config);
        RawClient client(served.port());
        CPPUNIT_ASSERT_EQUAL(500, client.ask(get("/")).status);
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().spooled == 0; }));
    }

    void says507WhenABodyFillsTheSpool() {
        FrontConfig config;
        config.spoolQuota = 100'000;
        config.bodyPolicy = [](const RequestHead&) { return Admission::upTo(1'000'000); };
        Served served([](Request&, Response& response) { response.body("ok"); }, config);
        RawClient client(served.port());
        client.trySend(post("/", std::string(200'000, 'x')));
        CPPUNIT_ASSERT_EQUAL(507, client.reply().value().status);
        RawClient second(served.port());
        CPPUNIT_ASSERT_EQUAL(200, second.ask(post("/", std::string(90'000, 'x'))).status);
    }

    void answersLaterThroughATicket() {
        std::atomic<int> handled{0};
        std::vector<std::thread> others;
        std::mutex mutex;
        FrontConfig config;
        config.threads = 1;
        Served served(
            [&](Request& request, Response& response) {
                ++handled;
                if (request.path() == "/now") return response.body("now");
                response.set("X-Kept", "yes");
                const std::lock_guard lock(mutex);
                others.emplace_back([ticket = response.defer()] {
                    std::this_thread::sleep_for(milliseconds(50));
                    ticket->complete(201, "text/plain", "later");
                    CPPUNIT_ASSERT(!ticket->complete(200, "text/plain", "again"));
                });
            },
            config);
        RawClient waiting(served.port());
        waiting.send(get("/later") + get("/later"));
        CPPUNIT_ASSERT(eventually([&] { return handled == 1; }));
        // The only worker is free while the ticket is out.
        RawClient other(served.port());
        CPPUNIT_ASSERT_EQUAL(std::string("now"), other.ask(get("/now")).body);
        for (int i = 0; i < 2; ++i) {
            const Reply reply = waiting.reply().value();
            CPPUNIT_ASSERT_EQUAL(201, reply.status);
            CPPUNIT_ASSERT_EQUAL(std::string("later"), reply.body);
            CPPUNIT_ASSERT_EQUAL(std::string("yes"), reply.fields.at("x-kept"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("now"), waiting.ask(get("/now")).body);
        for (std::thread& thread : others)
            thread.join();
    }

    void ticketsMayOvertakeTheHandler() {
        Served served([](Request&, Response& response) {
            const std::shared_ptr<Ticket> ticket = response.defer();
            std::thread([ticket] { ticket->complete(200, "text/plain", "quick"); }).join();
            std::this_thread::sleep_for(milliseconds(5));
        });
        RawClient client(served.port());
        for (int i = 0; i < 10; ++i)
            CPPUNIT_ASSERT_EQUAL(std::string("quick"), client.ask(get("/")).body);
    }

    void aDroppedTicketBecomes500() {
        Served served([](Request& request, Response& response) {
            const std::shared_ptr<Ticket> ticket = response.defer();
            if (request.path() == "/fill")
                ticket->complete([](Response&) { throw std::runtime_error("no"); });
        });
        for (const char* path : {"/drop", "/fill"}) {
            RawClient client(served.port());
            CPPUNIT_ASSERT_EQUAL(500, client.ask(get(path)).status);
        }
    }

    void aTicketSurvivesItsClientAndItsFront() {
        std::shared_ptr<Ticket> first;
        std::shared_ptr<Ticket> second;
        std::mutex mutex;
        {
            Served served([&](Request& request, Response& response) {
                const std::lock_guard lock(mutex);
                (request.path() == "/1" ? first : second) = response.defer();
            });
            auto client = std::make_unique<RawClient>(served.port());
            client->send(get("/1"));
            RawClient other(served.port());
            other.send(get("/2"));
            CPPUNIT_ASSERT(eventually([&] {
                const std::lock_guard lock(mutex);
                return first && second;
            }));
            client.reset();
            CPPUNIT_ASSERT(first->complete(200, "text/plain", "nobody reads this"));
            CPPUNIT_ASSERT(eventually([&] { return served.metrics().open == 1; }));
            const StopReport report = served.front().stop(milliseconds(50));
            CPPUNIT_ASSERT_EQUAL(std::size_t(1), report.requestsLeft);
            CPPUNIT_ASSERT_EQUAL(std::size_t(0), report.threadsLeft);
        }
        CPPUNIT_ASSERT(second->complete(200, "text/plain", "the front is gone"));
    }

    void streamsUntilItEnds() {
        std::shared_ptr<Stream> stream;
        std::atomic<bool> opened{false};
        Served served([&](Request&, Response& response) {
            response.set("Content-Type", "text/event-stream");
            stream = response.openStream();
            stream->append("data: 0\n\n");
            opened = true;
        });
        RawClient client(served.port());
        client.send(get("/"));
        const Reply head = client.reply().value();
        CPPUNIT_ASSERT_EQUAL(std::string("chunked"), head.fields.at("transfer-encoding"));
        CPPUNIT_ASSERT_EQUAL(std::string("9\r\ndata: 0\n\n\r\n"), client.some(14, milliseconds(5000)));
        for (int i = 1; i < 4; ++i) {
            const std::string event = "data: " + std::to_string(i) + "\n\n";
            CPPUNIT_ASSERT(stream->append(event));
            CPPUNIT_ASSERT_EQUAL("9\r\n" + event + "\r\n", client.some(14, milliseconds(5000)));
        }
        stream->end();
        CPPUNIT_ASSERT_EQUAL(std::string("0\r\n\r\n"), client.rest().value());
        CPPUNIT_ASSERT(!stream->append("late"));

        RawClient old(served.port());
        opened = false;
        old.send("GET / HTTP/1.0\r\n\r\n");
        CPPUNIT_ASSERT(eventually([&] { return opened.load(); }));
        CPPUNIT_ASSERT_EQUAL(200, old.reply().value().status);
        stream->end();
        CPPUNIT_ASSERT_EQUAL(std::string("data: 0\n\n"), old.rest().value());
    }

    void noticesThatAStreamsReaderHasGone() {
        std::shared_ptr<Stream> stream;
        Served served([&](Request&, Response& response) { stream = response.openStream(); });
        {
            RawClient client(served.port());
            CPPUNIT_ASSERT_EQUAL(200, client.ask(get("/")).status);
            CPPUNIT_ASSERT(stream->open());
        }
        CPPUNIT_ASSERT(eventually([&] { return !stream->open(); }));
        CPPUNIT_ASSERT(!stream->append("x"));
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().open == 0; }));
    }

    void dropsAStreamReaderThatIsTooSlow() {
        std::shared_ptr<Stream> stream;
        Served served([&](Request&, Response& response) { stream = response.openStream(100'000); });
        RawClient client(served.port(), 4096);
        CPPUNIT_ASSERT_EQUAL(200, client.ask(get("/")).status);
        const std::string event(10'000, 'e');
        std::size_t appended = 0;
        while (stream->append(event) && appended < 200'000'000) {
            appended += event.size();
            std::this_thread::sleep_for(std::chrono::microseconds(50));
        }
        CPPUNIT_ASSERT(appended < 200'000'000);
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().open == 0; }));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(1), served.metrics().tooSlow.load());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AnswerTest);
