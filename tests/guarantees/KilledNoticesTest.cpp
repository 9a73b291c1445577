// SPDX-License-Identifier: Apache-2.0
//
// The daemon is killed between the commit of a move and the notice's way out, again and again, at moments
// that chance picks. A checker then reads the database: each move that was committed has told its person
// once, no notice is of a move that was not, and each has left the house. A letter may be handed over twice
// where the kill falls between the mail server's word and ours; then both bear one Message-ID, by which a
// mailbox knows them for one.
#include "support/CountyFixture.h"
#include "support/Page.h"
#include "support/SmtpServer.h"

#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <cstdio>
#include <random>
#include <set>
#include <thread>

using namespace dalate;
using namespace dalate::testing;

namespace {

const std::string list = "/cases/hotline/call";

class KilledNoticesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(KilledNoticesTest);
    CPPUNIT_TEST(whatIsCommittedIsToldOnce);
    CPPUNIT_TEST_SUITE_END();

    SmtpServer server_;
    TemporaryFolder folder_;
    std::unique_ptr<Daemon> daemon_;

    void start() {
        daemon_.reset();
        Daemon::Options options = Daemon::built();
        options.settings = {"mail.host=127.0.0.1", "mail.port=" + std::to_string(server_.port()),
                            "mail.from=portal@county.example", "notices.quiet="};
        daemon_ = std::make_unique<Daemon>(options, folder_.path() / "data");
    }
    static Answer step(Client& client, const std::string& path, const std::string& name, Form fields = {}) {
        const std::string mark = "name=\"_version\" value=\"", at = path + "/move/" + name;
        std::string version = between(client.get(at).body, mark, "\"");
        if (version.empty()) version = between(client.get(path).body, mark, "\"");
        fields.emplace_back("_version", version);
        return client.post(at, std::move(fields));
    }
    std::int64_t number(const std::string& sql) const {
        storage::Pool pool({.file = folder_.path() / "data/dalate.db"});
        const auto lease = pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        auto rows = tx.query(sql);
        rows.next();
        return rows.integer(0);
    }

public:
    void whatIsCommittedIsToldOnce() {
        start();
        const auto citizen = signedIn(*daemon_, "citizen");
        citizen->get("/inbox/addresses");
        CPPUNIT_ASSERT_EQUAL(303,
                             citizen->post("/inbox/addresses", {{"mail", "citizen@mail.example"}}).status);
        citizen->get(list + "/open");
        const Answer filed = citizen->post(
            list + "/open", {{"title", "路灯"}, {"what", "不亮"}, {"place", ""}, {"phone", "13912345678"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(filed.body), 303, filed.status);
        const std::string path = filed.header("location").substr(0, filed.header("location").size() - 5);
        {
            const auto desk = signedIn(*daemon_, "hotline_desk");
            CPPUNIT_ASSERT_EQUAL(303, step(*desk, path, "accept").status);
            CPPUNIT_ASSERT_EQUAL(303, step(*desk, path, "assign").status);
        }
        std::mt19937 chance(20261124);
        constexpr int kills = 20;
        for (int life = 0; life < kills; ++life) {
            std::atomic<int> moved{0};
            std::thread clerks([&] {
                // It dies under their hands.
                try {
                    const auto desk = signedIn(*daemon_, "hotline_desk"),
                               handler = signedIn(*daemon_, "hotline_handler");
                    for (int i = 0; i < 200; ++i) {
                        step(*desk, path, "redo", {{"_reason", "再办"}});
                        if (step(*handler, path, "handle", {{"result", "办了"}}).status == 303) ++moved;
                    }
                } catch (const std::exception&) {}
            });
            for (int waits = 0; waits < 2000 && moved == 0; ++waits)
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            std::this_thread::sleep_for(std::chrono::milliseconds(chance() % 700));
            daemon_->kill();
            clerks.join();
            start();
        }
        const std::string left =
            "SELECT COUNT(*) FROM notice_outgoing WHERE channel = 'mail' AND state <> 'sent'";
        for (int waits = 0; waits < 600 && number(left) > 0; ++waits)
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        CPPUNIT_ASSERT_EQUAL(0, daemon_->stop());

        const std::int64_t moves = number("SELECT COUNT(*) FROM case_history WHERE transition = 'handle'");
        const std::int64_t told = number("SELECT COUNT(*) FROM notice WHERE name = 'answered'");
        std::int64_t broken =
            number("SELECT COUNT(*) FROM case_history h WHERE h.transition = 'handle' AND 1 <> (SELECT "
                   "COUNT(*) FROM notice n WHERE n.name = 'answered' AND n.once_key LIKE 'case/' || "
                   "h.case_id || '/' || h.entry || '/%')");
        broken += told != moves;
        broken += number(left) +
                  number("SELECT COUNT(*) FROM notice n WHERE n.name = 'answered' AND 1 <> (SELECT COUNT(*) "
                         "FROM notice_outgoing o WHERE o.notice = n.id AND o.channel = 'mail')");
        std::set<std::string> letters;
        const auto received = server_.received();
        for (const SmtpServer::Received& letter : received)
            letters.insert(between(letter.data, "Message-ID: <", ">"));
        broken += static_cast<std::int64_t>(letters.size()) != moves;
        std::printf(
            "guarantee: notices lost or doubled by kill -9 behind the commit, tries %lld, broken %lld\n"
            "  %d kills; letters handed over again under the same Message-ID: %zu\n",
            static_cast<long long>(moves), static_cast<long long>(broken), kills,
            received.size() - letters.size());
        std::fflush(stdout);
        CPPUNIT_ASSERT(moves >= kills);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, broken);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(KilledNoticesTest);

} // namespace
