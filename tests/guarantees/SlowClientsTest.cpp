// SPDX-License-Identifier: Apache-2.0
// Clients that take their answer a kilobyte a second, that never finish their head, or that leave in the
// middle of their body: the others do not notice, nobody stays for ever, and half a body is nothing.
#include "base/Clock.h"
#include "base/Json.h"
#include "support/Capture.h"
#include "support/Epcis.h"
#include "support/Page.h"
#include "support/Visitors.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::testing;
using std::chrono::milliseconds;

/// A raw connection: what no decent client would do.
class Raw {
public:
    explicit Raw(std::uint16_t port, int receiveBuffer = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        CPPUNIT_ASSERT(socket_ >= 0);
        if (receiveBuffer > 0)
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CPPUNIT_ASSERT_EQUAL(0, ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to));
        ::fcntl(socket_, F_SETFL, O_NONBLOCK);
    }
    ~Raw() { ::close(socket_); }
    Raw(const Raw&) = delete;
    Raw& operator=(const Raw&) = delete;

    /// False once the other side is gone.
    bool send(std::string_view bytes) {
        const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return n == static_cast<ssize_t>(bytes.size()) || (n < 0 && errno == EAGAIN);
    }
    void finish() { ::shutdown(socket_, SHUT_WR); }

    /// Takes at most `most` bytes of what is there; notes the end.
    std::size_t take(std::size_t most) {
        char buffer[16384];
        const ssize_t n = ::recv(socket_, buffer, std::min(most, sizeof buffer), 0);
        if (n == 0 || (n < 0 && errno != EAGAIN)) ended_ = true;
        if (n <= 0) return 0;
        received_.append(buffer, static_cast<std::size_t>(n));
        return static_cast<std::size_t>(n);
    }
    /// Takes all until the end; false where it does not come in time.
    bool drain(milliseconds within) {
        const auto until = std::chrono::steady_clock::now() + within;
        while (!ended_ && std::chrono::steady_clock::now() < until) {
            pollfd one{socket_, POLLIN, 0};
            ::poll(&one, 1, 50);
            take(16384);
        }
        return ended_;
    }
    bool ended() const { return ended_; }
    const std::string& received() const { return received_; }
    int status() const { return received_.size() < 12 ? 0 : std::atoi(received_.c_str() + 9); }
    /// Whether head and body are whole.
    bool whole() const {
        const std::size_t head = received_.find("\r\n\r\n");
        const std::string length = between(received_, "Content-Length: ", "\r\n");
        return head != std::string::npos && !length.empty() &&
               received_.size() == head + 4 + std::stoul(length);
    }

private:
    int socket_;
    std::atomic<bool> ended_ = false; // read by the test while another thread takes
    std::string received_;
};

/// What others meet meanwhile: pages asked for one after the other.
struct Others {
    std::size_t asked = 0, failed = 0;
    double p99 = 0; ///< milliseconds
};

class SlowClientsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SlowClientsTest);
    CPPUNIT_TEST(slowReadersDoNotSlowOthers);
    CPPUNIT_TEST(headsThatNeverEndAreCutOff);
    CPPUNIT_TEST(deadlinesAreTheOperators);
    CPPUNIT_TEST(halfABodyIsNothing);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;
    std::unique_ptr<Daemon> daemon_;
    std::unique_ptr<Client> cooperative_;
    std::uint16_t port_ = 0;

    static void say(const std::string& attack, std::size_t tries, std::size_t broken,
                    const std::string& more) {
        std::printf("guarantee: %s, tries %zu, broken %zu\n  %s\n", attack.c_str(), tries, broken,
                    more.c_str());
        std::fflush(stdout);
    }

    /// Asks for a page again and again for so long.
    Others others(milliseconds during) {
        Client client(daemon_->url());
        Others met;
        std::vector<double> times;
        const Micros until = steadyNow() + during.count() * 1000;
        while (steadyNow() < until) {
            const Micros before = steadyNow();
            if (client.get(met.asked % 2 ? "/" : "/traceability/").status != 200) ++met.failed;
            times.push_back(static_cast<double>(steadyNow() - before) / 1000);
            ++met.asked;
        }
        std::sort(times.begin(), times.end());
        met.p99 = times.at(times.size() * 99 / 100);
        return met;
    }

    /// 50 ms, or what a machine busy with other things needs anyway.
    static double bound(const Others& undisturbed) { return std::max(50.0, 2 * undisturbed.p99); }

    static std::string inWords(const Others& before, const Others& during) {
        char text[160];
        std::snprintf(text, sizeof text,
                      "others: p99 %.1f ms of %zu pages before, %.1f ms of %zu during, %zu failed",
                      before.p99, before.asked, during.p99, during.asked, during.failed);
        return text;
    }

    std::string head(const std::string& request, const std::string& more) const {
        return request + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) + "\r\n" + more;
    }
    void start(const Daemon::Options& options, const char* folder) {
        tearDown();
        daemon_ = std::make_unique<Daemon>(options, folder_.path() / folder);
        port_ = static_cast<std::uint16_t>(std::stoi(daemon_->url().substr(daemon_->url().rfind(':') + 1)));
        cooperative_ = systemOf(*daemon_);
    }
    /// 500 events with a note of so many octets each, to answer with.
    void captureMuch(std::size_t note) {
        std::vector<std::string> events;
        for (int i = 0; i < 500; ++i)
            events.push_back(EpcisEvent("ObjectEvent", now() - day - i * minute)
                                 .action("OBSERVE")
                                 .step("receiving")
                                 .list("epcList", {"urn:epc:id:sgtin:9521141.012345." + std::to_string(i)})
                                 .set("ext:note", std::string(note, 'n'))
                                 .text());
        CPPUNIT_ASSERT(capture(*cooperative_, epcisDocument(events))["success"].truth());
    }
    std::string largeAnswer() const {
        return head("GET /traceability/epcis/events?perPage=500", bearer() + "Connection: close\r\n\r\n");
    }
    std::string bearer() const {
        return "Authorization: Bearer " + daemon_->access()["tokens"]["traceability"].asText() + "\r\n";
    }

public:
    void setUp() override {
        rlimit files{};
        ::getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
        start(Daemon::built(), "data");
    }
    void tearDown() override {
        cooperative_.reset();
        daemon_.reset();
    }

    void slowReadersDoNotSlowOthers() {
        constexpr std::size_t readers = 200;
        captureMuch(1000);
        const Others before = others(milliseconds(1000));

        // Their sockets hold little, so the answer waits in the daemon.
        std::vector<std::unique_ptr<Raw>> slow;
        const std::string request = largeAnswer();
        for (std::size_t i = 0; i < readers; ++i) {
            slow.push_back(std::make_unique<Raw>(port_, 2048));
            CPPUNIT_ASSERT(slow.back()->send(request));
        }
        const auto begun = [&] {
            return std::count_if(slow.begin(), slow.end(),
                                 [](const auto& r) { return !r->received().empty(); });
        };
        for (int tries = 0; tries < 600 && begun() < static_cast<long>(readers); ++tries) {
            for (const auto& reader : slow)
                reader->take(10);
            std::this_thread::sleep_for(milliseconds(20));
        }
        CPPUNIT_ASSERT_EQUAL(static_cast<long>(readers), static_cast<long>(begun()));

        std::atomic<bool> stop = false;
        std::thread trickle([&] {
            while (!stop) {
                for (const auto& reader : slow)
                    reader->take(102);
                std::this_thread::sleep_for(milliseconds(100));
            }
        });
        const Others during = others(milliseconds(4000));
        stop = true;
        trickle.join();
        const auto cut = std::count_if(slow.begin(), slow.end(), [](const auto& r) { return r->ended(); });

        std::size_t broken = 0;
        for (const auto& reader : slow)
            if (!reader->drain(milliseconds(10000)) || reader->status() != 200 || !reader->whole()) ++broken;
        say("200 readers at 1 kB/s", readers, broken + (during.p99 >= bound(before)) + during.failed,
            inWords(before, during));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("a reader at 1 kB/s is slow, not dead", 0L, static_cast<long>(cut));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("served whole in the end", std::size_t{0}, broken);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, during.failed);
        CPPUNIT_ASSERT_MESSAGE(inWords(before, during), during.p99 < bound(before));
    }

    void headsThatNeverEndAreCutOff() {
        constexpr std::size_t attackers = 1000;
        const Others before = others(milliseconds(1000));
        std::vector<std::unique_ptr<Raw>> half;
        for (std::size_t i = 0; i < attackers; ++i) {
            half.push_back(std::make_unique<Raw>(port_));
            half.back()->send(head("GET /", "X-Long: "));
        }
        // A byte now and then does not buy time: the deadline counts from the head's first byte.
        std::atomic<bool> stop = false;
        std::thread trickle([&] {
            while (!stop) {
                for (const auto& one : half) {
                    if (one->ended()) continue;
                    one->take(4096);
                    one->send("x");
                }
                std::this_thread::sleep_for(milliseconds(500));
            }
        });
        const Others during = others(milliseconds(8000));
        const auto open = [&] {
            return std::count_if(half.begin(), half.end(), [](const auto& r) { return !r->ended(); });
        };
        for (int tries = 0; tries < 100 && open() > 0; ++tries)
            std::this_thread::sleep_for(milliseconds(100));
        stop = true;
        trickle.join();
        const auto left = static_cast<std::size_t>(open());
        std::size_t served = 0;
        for (const auto& one : half)
            if (one->status() != 0 && one->status() != 408) ++served;
        say("1,000 heads that never end", attackers,
            left + served + (during.p99 >= bound(before)) + during.failed, inWords(before, during));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("still open after the deadline", std::size_t{0}, left);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("answered as if they were requests", std::size_t{0}, served);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, during.failed);
        CPPUNIT_ASSERT_MESSAGE(inWords(before, during), during.p99 < bound(before));
    }

    void deadlinesAreTheOperators() {
        constexpr std::size_t clients = 40;
        Daemon::Options options = Daemon::built();
        options.settings = {"http.head_seconds=2", "http.write_stall_seconds=2"};
        start(options, "deadlines");
        // More than the kernel takes off the daemon's hands (4 MiB).
        captureMuch(16'000);
        const Others before = others(milliseconds(1000));
        std::vector<std::unique_ptr<Raw>> half, stopped;
        for (std::size_t i = 0; i < clients; ++i) {
            half.push_back(std::make_unique<Raw>(port_));
            half.back()->send(head("GET /", "X-Long: "));
            stopped.push_back(std::make_unique<Raw>(port_, 2048));
            CPPUNIT_ASSERT(stopped.back()->send(largeAnswer()));
        }
        // They take their answer well for a second, so that their average is good for minutes.
        for (int turns = 0; turns < 50; ++turns) {
            for (const auto& reader : stopped)
                reader->take(16384);
            std::this_thread::sleep_for(milliseconds(20));
        }
        const Others during = others(milliseconds(5000));
        std::size_t broken = 0, begun = 0;
        for (const auto& one : half)
            if (!one->drain(milliseconds(1000)) || (one->status() != 0 && one->status() != 408)) ++broken;
        for (const auto& reader : stopped) {
            if (reader->received().size() > 1000) ++begun;
            // Whoever was not cut off gets the rest now.
            if (!reader->drain(milliseconds(5000)) || reader->whole()) ++broken;
        }
        say("heads and readers that stop, 2 s as configured", 2 * clients,
            broken + (during.p99 >= bound(before)) + during.failed, inWords(before, during));
        CPPUNIT_ASSERT_EQUAL(clients, begun);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, broken);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, during.failed);
        CPPUNIT_ASSERT_MESSAGE(inWords(before, during), during.p99 < bound(before));
    }

    void halfABodyIsNothing() {
        const std::string gtin = "0" + withCheckDigit("695123459960"),
                          plot = placeUri(withCheckDigit("695123459961"));
        registerProduct(*cooperative_, gtin, "Test crop");
        registerParty(*cooperative_, plot, "Test plot");
        const auto farmer = signedIn(*daemon_, "farmer");
        const std::string page = farmer->get("/traceability/records/new/harvest").body;
        const std::string form = "csrf=" + formEncoded(farmer->csrf()) +
                                 "&crop=" + formEncoded(gtin + "|" + plot) +
                                 "&weight=12&day=" + between(page, "name=\"day\" value=\"", "\"");
        const std::string event = EpcisEvent("ObjectEvent", now() - day)
                                      .action("OBSERVE")
                                      .step("receiving")
                                      .list("epcList", {"urn:epc:id:sgtin:9521141.012345.1"})
                                      .alone();
        const std::string document =
            epcisDocument({EpcisEvent("ObjectEvent", now() - day)
                               .action("OBSERVE")
                               .step("receiving")
                               .list("epcList", {"urn:epc:id:sgtin:9521141.012345.2"})
                               .text()});
        struct Target {
            std::string request, headers, body;
        };
        const std::vector<Target> targets = {
            {"POST /traceability/records/new/harvest",
             "Content-Type: application/x-www-form-urlencoded\r\nCookie: " + farmer->cookies() + "\r\n",
             form},
            {"POST /traceability/epcis/capture", "Content-Type: application/json\r\n" + bearer(), document},
            {"POST /traceability/epcis/events", "Content-Type: application/json\r\n" + bearer(), event},
        };
        std::size_t tries = 0, broken = 0;
        for (const Target& target : targets) {
            // The whole body, announced as longer; and a part of it, announced as it is. A form's part is a
            // form.
            std::vector<std::pair<std::string, std::size_t>> sent;
            for (const std::size_t more :
                 {std::size_t{1}, std::size_t{2}, std::size_t{100}, std::size_t{60000}})
                sent.emplace_back(target.body, target.body.size() + more);
            for (const std::size_t part : {1u, 2u, 3u, 4u})
                sent.emplace_back(target.body.substr(0, target.body.size() * part / 5), target.body.size());
            sent.emplace_back(target.body.substr(0, target.body.size() - 1), target.body.size());
            sent.emplace_back("", target.body.size());
            for (const auto& [bytes, announced] : sent)
                for (const bool gently : {true, false}) {
                    Raw one(port_);
                    one.send(head(target.request, target.headers + "Content-Length: " +
                                                      std::to_string(announced) + "\r\n\r\n"));
                    one.send(bytes);
                    if (gently) {
                        one.finish();
                        const bool ended = one.drain(milliseconds(5000));
                        if (!ended || (one.status() >= 200 && one.status() < 400)) ++broken;
                    }
                    // Otherwise the destructor leaves without a word.
                    ++tries;
                }
            // Chunks without the last one are no whole body either.
            Raw chunked(port_);
            char size[16];
            std::snprintf(size, sizeof size, "%zx\r\n", target.body.size());
            chunked.send(head(target.request, target.headers + "Transfer-Encoding: chunked\r\n\r\n") + size +
                         target.body + "\r\n");
            chunked.finish();
            if (!chunked.drain(milliseconds(5000)) || (chunked.status() >= 200 && chunked.status() < 400))
                ++broken;
            ++tries;
        }
        std::this_thread::sleep_for(milliseconds(300)); // a job that should not be would have run by now
        const std::size_t stored = queryEvents(*cooperative_).view().size();
        const std::size_t captures = cooperative_->get("/traceability/epcis/capture").json().view().size();
        const std::string records = farmer->get("/traceability/records").body;
        const std::size_t recorded = countOf(records, "action=\"/traceability/records/void/");
        say("bodies shorter than announced", tries, broken + stored + captures + recorded,
            "form, capture and event, cut at ten places, with and without FIN");
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, stored);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, captures);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, recorded);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, broken);
        // The same bodies whole are stored: the attack failed for the right reason.
        for (const Target& target : targets) {
            Raw one(port_);
            one.send(head(target.request, target.headers + "Connection: close\r\nContent-Length: " +
                                              std::to_string(target.body.size()) + "\r\n\r\n") +
                     target.body);
            CPPUNIT_ASSERT(one.drain(milliseconds(5000)));
            CPPUNIT_ASSERT_MESSAGE(target.request + one.received(),
                                   one.status() >= 200 && one.status() < 400);
        }
        for (int waits = 0; waits < 50 && queryEvents(*cooperative_).view().size() < 3; ++waits)
            std::this_thread::sleep_for(milliseconds(50));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, queryEvents(*cooperative_).view().size());
        CPPUNIT_ASSERT_EQUAL(std::string::npos, daemon_->log().find(" error "));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SlowClientsTest);

} // namespace
