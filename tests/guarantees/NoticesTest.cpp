// SPDX-License-Identifier: Apache-2.0
//
// Nobody is told twice, and nobody is left untold, whenever the daemon dies. A citizen's calls are dealt
// with, each of which tells her once, and the daemon is killed with SIGKILL after each: at once after the
// commit, some way through the sending, or the moment the mail server has the letter. What the inbox shows
// and what a mail server has received are counted at the end. A kill between the server's yes and the row
// that remembers it sends the letter out once more, as mail always may (RFC 1047): under the same Message-ID
// (RFC 5322, 3.6.4), by which a reader's program can know it. Such a letter is counted apart and said, not as
// broken; a second Message-ID would be.
#include "support/CountyFixture.h"
#include "support/Page.h"
#include "support/SmtpServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdio>
#include <random>
#include <set>

#include <unistd.h>

using namespace dalate;
using namespace dalate::testing;

namespace {

const std::string list = "/cases/hotline/call";

class NoticesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NoticesTest);
    CPPUNIT_TEST(killedAfterEachCommit);
    CPPUNIT_TEST_SUITE_END();

    SmtpServer server_;
    TemporaryFolder folder_;
    std::unique_ptr<Daemon> daemon_;
    std::unique_ptr<Client> citizen_, desk_, handler_;

    void start() {
        daemon_.reset();
        Daemon::Options options = Daemon::built();
        options.settings = {"mail.host=127.0.0.1", "mail.port=" + std::to_string(server_.port()),
                            "mail.from=portal@county.example", "notices.quiet="};
        daemon_ = std::make_unique<Daemon>(options, folder_.path() / "data");
        citizen_ = signedIn(*daemon_, "citizen");
        desk_ = signedIn(*daemon_, "hotline_desk");
        handler_ = signedIn(*daemon_, "hotline_handler");
    }
    void move(Client& client, const std::string& path, const std::string& step, Form fields = {}) {
        std::string version =
            between(client.get(path + "/move/" + step).body, "name=\"_version\" value=\"", "\"");
        if (version.empty()) version = between(client.get(path).body, "name=\"_version\" value=\"", "\"");
        fields.emplace_back("_version", version);
        const Answer moved = client.post(path + "/move/" + step, std::move(fields));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(step + mainOf(moved.body), 303, moved.status);
    }
    /// A call filed and dealt with: its person has been told once the last move has answered.
    void answered(const std::string& title) {
        citizen_->get(list + "/open");
        const Answer sent = citizen_->post(list + "/open", {{"title", title},
                                                            {"what", "村口第三盏路灯不亮"},
                                                            {"place", "第一示范村"},
                                                            {"phone", "13912345678"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(sent.body), 303, sent.status);
        const std::string path = sent.header("location").substr(0, sent.header("location").size() - 5);
        move(*desk_, path, "accept");
        move(*desk_, path, "assign");
        move(*handler_, path, "handle", {{"result", "已换灯"}});
    }
    /// Until the server has one more, at most two seconds.
    void awaitLetter(std::size_t before) {
        for (int waits = 0; waits < 20'000 && server_.received().size() == before; ++waits)
            ::usleep(100);
    }
    std::size_t letters() {
        std::set<std::string> ids;
        for (const SmtpServer::Received& letter : server_.received())
            ids.insert(between(letter.data, "Message-ID: <", ">"));
        return ids.size();
    }

public:
    void killedAfterEachCommit() {
        constexpr std::size_t rounds = 24;
        start();
        citizen_->get("/inbox/addresses");
        const Answer set = citizen_->post("/inbox/addresses", {{"mail", "citizen@mail.example"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(set.body), 303, set.status);
        std::mt19937 random{4711};
        std::uniform_int_distribution<unsigned> microseconds(0, 60'000);
        for (std::size_t round = 1; round <= rounds; ++round) {
            const std::size_t before = server_.received().size();
            answered("第" + std::to_string(round) + "盏灯");
            if (round % 3 == 1) ::usleep(microseconds(random));
            if (round % 3 == 2) awaitLetter(before);
            daemon_->kill();
            start();
        }
        for (int waits = 0; waits < 300 && letters() < rounds; ++waits)
            ::usleep(100'000);
        // What would be one too many has its time to come.
        ::sleep(3);
        const std::size_t received = server_.received().size(), sent = letters();
        const std::size_t shown = countOf(mainOf(citizen_->get("/inbox").body), "/open\"");
        const auto off = [](std::size_t is) { return is > rounds ? is - rounds : rounds - is; };
        const std::size_t broken = off(sent) + off(shown);
        std::printf(
            "guarantee: doubled notices, tries %zu, broken %zu\n"
            "  %zu kills; in the inbox %zu, letters %zu, sent once more under the same Message-ID %zu\n",
            rounds * 2, broken, rounds, shown, sent, received - sent);
        std::fflush(stdout);
        CPPUNIT_ASSERT_EQUAL(rounds, shown);
        CPPUNIT_ASSERT_EQUAL(rounds, sent);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(NoticesTest);

} // namespace
