// SPDX-License-Identifier: Apache-2.0
// Notices from a case to a person: in her inbox in her language, and by mail from a server. That none is lost
// or doubled where the daemon is killed is proved under tests/guarantees.
#include "support/CountyFixture.h"
#include "support/Page.h"
#include "support/SmtpServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <unistd.h>

using namespace dalate;
using namespace dalate::testing;

namespace {

const std::string list = "/cases/hotline/call";

class NoticesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NoticesTest);
    CPPUNIT_TEST(whoeverIsToldReadsItOpensItAndHasItByMail);
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
    std::string answered(const std::string& title) {
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
        return path;
    }
    void giveAddress() {
        citizen_->get("/inbox/addresses");
        const Answer set = citizen_->post("/inbox/addresses", {{"mail", "citizen@mail.example"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(set.body), 303, set.status);
    }
    bool received(std::size_t letters) {
        for (int waits = 0; waits < 100 && server_.received().size() < letters; ++waits)
            ::usleep(100'000);
        return server_.received().size() >= letters;
    }

public:
    void setUp() override { start(); }

    void whoeverIsToldReadsItOpensItAndHasItByMail() {
        giveAddress();
        const std::string path = answered("路灯不亮");
        const std::string inbox = citizen_->get("/inbox").body;
        CPPUNIT_ASSERT_MESSAGE(mainOf(inbox), contains(inbox, "Your call has been dealt with") &&
                                                  contains(inbox, "路灯不亮"));
        CPPUNIT_ASSERT(!contains(desk_->get("/inbox").body, "Your call has been dealt with"));
        const std::string open =
            "/inbox/" + between(inbox, "action=\"/inbox/", "/open\"", inbox.find("<table")) + "/open";
        const Answer opened = citizen_->post(open, {});
        CPPUNIT_ASSERT_EQUAL(303, opened.status);
        const std::string to = citizen_->get(opened.header("location")).header("location");
        CPPUNIT_ASSERT_EQUAL(path, to);
        const std::string read = citizen_->get("/inbox").body;
        CPPUNIT_ASSERT(!contains(mainOf(read), "tag-busy"));
        CPPUNIT_ASSERT(contains(read, "data-live-shown=\"count\" hidden"));
        CPPUNIT_ASSERT(received(1));
        CPPUNIT_ASSERT_EQUAL(std::string("<citizen@mail.example>"), server_.received()[0].to);
        CPPUNIT_ASSERT_EQUAL(0, daemon_->stop());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(NoticesTest);

} // namespace
