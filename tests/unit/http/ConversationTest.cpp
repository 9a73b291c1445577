// SPDX-License-Identifier: Apache-2.0
// Whole conversations over real sockets: what reaches the handler, in which order, and what comes back.
#include "RawClient.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace dalate::http;
using namespace dalate::http::test;
using std::chrono::milliseconds;

namespace {

/// Answers with method, path, query and body.
void echo(Request& request, Response& response) {
    std::ostringstream body;
    body << request.stream().rdbuf();
    response.set("Content-Type", "text/plain");
    response.body(request.getMethod() + " " + std::string(request.path()) + "?" +
                  std::string(request.query()) + " " + body.str());
}

} // namespace

class ConversationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConversationTest);
    CPPUNIT_TEST(keepsTheConnectionBetweenRequests);
    CPPUNIT_TEST(servesPipelinedRequestsInOrder);
    CPPUNIT_TEST(servesManyPipelinedRequestsWithBodies);
    CPPUNIT_TEST(answersHeadWithoutBody);
    CPPUNIT_TEST(readsFixedAndChunkedBodies);
    CPPUNIT_TEST(readsALargeBodyIntoAFile);
    CPPUNIT_TEST(saysContinueOnlyWhenItWillRead);
    CPPUNIT_TEST(neverHandsOverAShortBody);
    CPPUNIT_TEST(refusesTooLargeBodiesUnread);
    CPPUNIT_TEST(unreadBodyIsNeverTheNextRequest);
    CPPUNIT_TEST(answersHttp10AndCloses);
    CPPUNIT_TEST(closesWhenAskedAndIgnoresWhatFollows);
    CPPUNIT_TEST(answersAHalfClosedClient);
    CPPUNIT_TEST(takesRequestsOctetByOctet);
    CPPUNIT_TEST(servesIpv6);
    CPPUNIT_TEST(tellsTheClientsAddress);
    CPPUNIT_TEST(fillsPocosRequest);
    CPPUNIT_TEST(refusesAndClosesWithAPage);
    CPPUNIT_TEST_SUITE_END();

public:
    void keepsTheConnectionBetweenRequests() {
        Served served(echo);
        RawClient client(served.port());
        for (int i = 0; i < 5; ++i) {
            const std::string path = "/" + std::to_string(i);
            CPPUNIT_ASSERT_EQUAL("GET " + path + "?a=b ", client.ask(get(path + "?a=b")).body);
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(1), served.metrics().accepted.load());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(5), served.metrics().requests.load());
    }

    void servesPipelinedRequestsInOrder() {
        Served served([](Request& request, Response& response) {
            if (request.path() == "/slow") std::this_thread::sleep_for(milliseconds(60));
            response.body(std::string(request.path()));
        });
        RawClient client(served.port());
        client.send(get("/slow") + get("/2") + post("/3", "body") + get("/4"));
        for (const char* expected : {"/slow", "/2", "/3", "/4"})
            CPPUNIT_ASSERT_EQUAL(std::string(expected), client.reply().value().body);
        CPPUNIT_ASSERT_EQUAL(std::string("/5"), client.ask(get("/5")).body);
    }

    void servesManyPipelinedRequestsWithBodies() {
        Served served(echo);
        RawClient client(served.port());
        std::string all;
        for (int i = 0; i < 3000; ++i)
            all += post("/" + std::to_string(i), std::string(static_cast<std::size_t>(i % 97), 'b'));
        std::thread sender([&] { client.trySend(all); });
        int wrong = 0;
        for (int i = 0; i < 3000; ++i) {
            const std::optional<Reply> reply = client.reply();
            const std::string expected =
                "POST /" + std::to_string(i) + "? " + std::string(static_cast<std::size_t>(i % 97), 'b');
            if (!reply || reply->body != expected) ++wrong;
            if (!reply) break;
        }
        sender.join();
        CPPUNIT_ASSERT_EQUAL(0, wrong);
    }

    void answersHeadWithoutBody() {
        Served served(echo);
        RawClient client(served.port());
        client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get("/y"));
        const Reply head = client.reply(milliseconds(5000), true).value();
        CPPUNIT_ASSERT_EQUAL(200, head.status);
        CPPUNIT_ASSERT_EQUAL(std::string("9"), head.fields.at("content-length"));
        CPPUNIT_ASSERT_EQUAL(std::string("GET /y? "), client.reply().value().body);
    }

    void readsFixedAndChunkedBodies() {
        Served served(echo);
        RawClient client(served.port());
        CPPUNIT_ASSERT_EQUAL(std::string("POST /f? hello"), client.ask(post("/f", "hello")).body);
        const std::string chunked = "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: dropped\r\n\r\n";
        CPPUNIT_ASSERT_EQUAL(std::string("PUT /c? abc0123456789"), client.ask(chunked).body);
        CPPUNIT_ASSERT_EQUAL(std::string("GET /n? "), client.ask(get("/n")).body);
    }

    void readsALargeBodyIntoAFile() {
        std::string body;
        for (int i = 0; body.size() < 3'000'000; ++i)
            body += std::to_string(i) + ",";
        std::atomic<bool> inFile{false};
        FrontConfig config;
        config.bodyPolicy = [](const RequestHead&) { return Admission::upTo(4'000'000); };
        Served served(
            [&](Request& request, Response& response) {
                inFile = request.bodyFile().has_value();
                std::stringstream copy;
                copy << request.stream().rdbuf();
                response.body(request.bodyBytes() == body && copy.str() == body &&
                                      request.bodySize() == body.size()
                                  ? "equal"
                                  : "different");
            },
            config);
        RawClient client(served.port());
        CPPUNIT_ASSERT_EQUAL(std::string("equal"), client.ask(post("/", body)).body);
        CPPUNIT_ASSERT(inFile);
        CPPUNIT_ASSERT_EQUAL(std::string("different"), client.ask(post("/", "x")).body);
        CPPUNIT_ASSERT(!inFile);
        CPPUNIT_ASSERT(eventually([&] { return served.metrics().spooled == 0; }));
    }

    void saysContinueOnlyWhenItWillRead() {
        FrontConfig config;
        config.bodyPolicy = [](const RequestHead& head) {
            return head.path() == "/refused" ? Admission::refuse(403) : Admission::upTo(10);
        };
        Served served(echo, config);
        const auto expecting = [](const std::string& path, int length) {
            return "POST " + path + " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: " +
                   std::to_string(length) + "\r\n\r\n";
        };
        RawClient client(served.port());
        CPPUNIT_ASSERT_EQUAL(100, client.ask(expecting("/ok", 5)).status);
        CPPUNIT_ASSERT_EQUAL(std::string("POST /ok? hello"), client.ask("hello").body);
        // The body came along: nobody waits for a 100.
        CPPUNIT_ASSERT_EQUAL(200, client.ask(expecting("/ok", 5) + "hello").status);
        CPPUNIT_ASSERT_EQUAL(413, client.ask(expecting("/ok", 11)).status);
        CPPUNIT_ASSERT(client.closedWithin(milliseconds(5000)));

        RawClient second(served.port());
        CPPUNIT_ASSERT_EQUAL(403, second.ask(expecting("/refused", 5)).status);
        CPPUNIT_ASSERT(second.closedWithin(milliseconds(5000)));
        RawClient third(served.port());
        CPPUNIT_ASSERT_EQUAL(417, third.ask(get("/", "Expect: coffee\r\n")).status);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(1), served.metrics().refused(403));
    }

    void neverHandsOverAShortBody() {
        std::atomic<int> handled{0};
        Served served([&](Request&, Response& response) {
            ++handled;
            response.body("filed");
        });
        const std::vector<std::string> shortOnes = {
            "POST /file HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nname=wang&role=admin",
            "POST /file HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
            "chunked\r\n\r\n14\r\nname=wang&role=admin\r\n",
            "POST /file HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nname\r\n0\r\n",
            "POST /file HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n",
        };
        for (const std::string& bytes : shortOnes) {
            RawClient client(served.port());
            client.send(bytes);
            client.endSending();
            const std::optional<std::string> rest = client.rest();
            CPPUNIT_ASSERT(rest.has_value());
            CPPUNIT_ASSERT(rest->find(" 200 ") == std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(0, handled.load());
    }

    void refusesTooLargeBodiesUnread() {
        std::atomic<int> handled{0};
        Served served([&](Request&, Response&) { ++handled; });
        RawClient client(served.port());
        CPPUNIT_ASSERT_EQUAL(
            413, client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n").status);

        // A client that sends all the same can still read the answer.
        RawClient eager(served.port());
        eager.trySend("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n" +
                      std::string(5'000'000, 'x'));
        const Reply reply = eager.reply().value();
        CPPUNIT_ASSERT_EQUAL(413, reply.status);
        CPPUNIT_ASSERT_EQUAL(std::string("close"), reply.fields.at("connection"));

        RawClient chunked(served.port());
        chunked.trySend("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n" +
                        std::string(0x20000, 'x'));
        CPPUNIT_ASSERT_EQUAL(413, chunked.reply().value().status);
        CPPUNIT_ASSERT_EQUAL(0, handled.load());
    }

    void unreadBodyIsNeverTheNextRequest() {
        std::mutex mutex;
        std::vector<std::string> seen;
        Served served([&](Request& request, Response& response) {
            const std::lock_guard lock(mutex);
            seen.emplace_back(request.path());
            response.status(403);
        });
        const std::string smuggled = get("/smuggled");
        RawClient client(served.port());
        CPPUNIT_ASSERT_EQUAL(403, client.ask(post("/outer", smuggled)).status);
        CPPUNIT_ASSERT_EQUAL(403, client.ask(get("/next")).status);
        const std::lock_guard lock(mutex);
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), seen.size());
        CPPUNIT_ASSERT_EQUAL(std::string("/next"), seen[1]);
    }

    void answersHttp10AndCloses() {
        Served served(echo);
        RawClient client(served.port());
        const Reply reply = client.ask("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("GET /old? "), reply.body);
        CPPUNIT_ASSERT_EQUAL(std::string("close"), reply.fields.at("connection"));
        CPPUNIT_ASSERT(client.closedWithin(milliseconds(5000)));
    }

    void closesWhenAskedAndIgnoresWhatFollows() {
        std::atomic<int> handled{0};
        Served served([&](Request&, Response& response) {
            ++handled;
            response.body("once");
        });
        RawClient client(served.port());
        client.send(get("/", "Connection: close\r\n") + get("/second"));
        const Reply reply = client.reply().value();
        CPPUNIT_ASSERT_EQUAL(std::string("close"), reply.fields.at("connection"));
        CPPUNIT_ASSERT_EQUAL(std::string(), client.rest().value());
        CPPUNIT_ASSERT_EQUAL(1, handled.load());
    }

    void answersAHalfClosedClient() {
        Served served(echo);
        RawClient client(served.port());
        client.send(get("/one") + get("/two"));
        client.endSending();
        CPPUNIT_ASSERT_EQUAL(std::string("GET /one? "), client.reply().value().body);
        CPPUNIT_ASSERT_EQUAL(std::string("GET /two? "), client.reply().value().body);
        CPPUNIT_ASSERT(client.closedWithin(milliseconds(5000)));
    }

    void takesRequestsOctetByOctet() {
        Served served(echo);
        RawClient client(served.port());
        const std::string bytes = post("/slow", "12345");
        for (const char c : bytes) {
            client.send({&c, 1});
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("POST /slow? 12345"), client.reply().value().body);
    }

    void servesIpv6() {
        FrontConfig config;
        config.bind = {"[::1]:0"};
        try {
            Served served([](Request& request, Response& response) { response.body(request.clientIp()); },
                          config);
            RawClient client(served.port(), true);
            CPPUNIT_ASSERT_EQUAL(std::string("::1"), client.ask(get("/")).body);
            CPPUNIT_ASSERT_EQUAL(std::string("[::1]:"), served.front().addresses().at(0).substr(0, 6));
        } catch (const std::system_error& error) {
            if (error.code() != std::errc::address_not_available &&
                error.code() != std::errc::address_family_not_supported)
                throw;
            std::cout << "skipped: this machine has no IPv6 loopback\n";
        }
    }

    void tellsTheClientsAddress() {
        const auto answer = [](Request& request, Response& response) {
            response.body(request.clientIp() + " " + request.clientAddress().host().toString() + " " +
                          std::string(request.host()) + (request.secure() ? " secure" : " plain"));
        };
        const std::string fields = "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"
                                   "X-Forwarded-Host: county.example.cn\r\n";
        Served direct(answer);
        RawClient toDirect(direct.port());
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1 127.0.0.1 test plain"),
                             toDirect.ask(get("/", fields)).body);

        FrontConfig config;
        config.trustedProxies = {"127.0.0.0/8"};
        Served behind(answer, config);
        RawClient toBehind(behind.port());
        CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.7 192.0.2.7 county.example.cn secure"),
                             toBehind.ask(get("/", fields)).body);
    }

    void fillsPocosRequest() {
        Served served([](Request& own, Response& response) {
            Poco::Net::HTTPServerRequest& request = own;
            Poco::Net::NameValueCollection cookies;
            request.getCookies(cookies);
            response.send() << request.getMethod() << '|' << request.getURI() << '|' << request.getVersion()
                            << '|' << request.getHost() << '|' << cookies.get("sid") << '|'
                            << request.getContentLength64() << '|' << request.serverAddress().port() << '|'
                            << request.clientAddress().host().toString() << '|'
                            << (&request.response() == &response);
        });
        RawClient client(served.port());
        CPPUNIT_ASSERT_EQUAL("PATCH|/a%20b?c|HTTP/1.1|h:1|x|2|" + std::to_string(served.port()) +
                                 "|127.0.0.1|1",
                             client
                                 .ask("PATCH /a%20b?c HTTP/1.1\r\nHost: h:1\r\nCookie: sid=x\r\n"
                                      "Content-Length: 2\r\n\r\nzz")
                                 .body);
    }

    void refusesAndClosesWithAPage() {
        FrontConfig config;
        config.errorPage = [](int status) { return "<p>page for " + std::to_string(status) + "</p>"; };
        Served served(echo, config);
        struct Case {
            std::string bytes;
            int status;
        };
        const std::vector<Case> cases = {
            {"GET / HTTP/1.1\r\n\r\n", 400},
            {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
            {"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
            {get("/", "X: " + std::string(17000, 'x') + "\r\n"), 431},
            {get("/" + std::string(9000, 'x')), 414},
            {get("/", "Transfer-Encoding: gzip\r\n"), 501},
            {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        };
        for (const Case& one : cases) {
            RawClient client(served.port());
            const Reply reply = client.ask(one.bytes + get("/after"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(one.bytes.substr(0, 60), one.status, reply.status);
            CPPUNIT_ASSERT_EQUAL("<p>page for " + std::to_string(one.status) + "</p>", reply.body);
            CPPUNIT_ASSERT_EQUAL(std::string("close"), reply.fields.at("connection"));
            CPPUNIT_ASSERT_EQUAL(std::string(), client.rest().value());
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(0), served.metrics().requests.load());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(2), served.metrics().refused(501));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConversationTest);
