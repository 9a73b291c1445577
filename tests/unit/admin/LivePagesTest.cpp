// SPDX-License-Identifier: Apache-2.0
#include "unit/gateway/PortalFixture.h"
#include "unit/services_live/LiveBrowser.h"

#include "admin/LivePages.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using dalate::test::Answer;
using dalate::test::Browser;
using dalate::test::Portal;
using services::live::Topics;

namespace {

Topics::Options fewStreams() {
    Topics::Options options;
    options.streams = 2;
    options.topicsAStream = 3;
    return options;
}

/// The portal with the pages' stream; `name/<login>` is a topic of that person alone.
struct LivePortal : Portal {
    Topics topics{database().pool(), fewStreams()};
    admin::LivePages pages{topics};

    LivePortal() {
        topics.add({"name",
                    [](storage::Tx& tx, const identity::Principal& who,
                       std::string_view login) -> std::optional<Value> {
                        auto rows = tx.query("SELECT name FROM account WHERE id = :id AND login = :login",
                                             {{"id", who.user}, {"login", login}});
                        if (!rows.next()) return std::nullopt;
                        return Value::map([&](MapWriter& m) { m.set("name", rows.text(0)); });
                    }});
        pages.addTo(gateway);
        create("li", {"agent"});
        start();
        topics.start();
    }
    ~LivePortal() { topics.stop(); }

    Browser open(const std::string& session, const std::string& query) {
        const std::string here = origin();
        return Browser(static_cast<std::uint16_t>(std::stoi(here.substr(here.rfind(':') + 1))),
                       "/live?" + query, session);
    }
};

} // namespace

class LivePagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LivePagesTest);
    CPPUNIT_TEST(aPageIsFedWhatItsPersonMaySee);
    CPPUNIT_TEST(whatIsNotHersIsNothing);
    CPPUNIT_TEST(aHouseThatIsFullSaysSo);
    CPPUNIT_TEST_SUITE_END();

public:
    void aPageIsFedWhatItsPersonMaySee() {
        LivePortal portal;
        Browser page = portal.open(portal.signIn("wang"), "topic=name/wang&topic=name/li&topic=nothing");
        CPPUNIT_ASSERT_MESSAGE(page.all, page.sees("人名wang"));
        CPPUNIT_ASSERT(page.all.find("text/event-stream") != std::string::npos);
        CPPUNIT_ASSERT(page.all.find("no-store") != std::string::npos);
        CPPUNIT_ASSERT(page.all.find("人名li") == std::string::npos);
        portal.database().write(
            [](storage::Tx& tx) { tx.exec("UPDATE account SET name = 'Wang Fang' WHERE login = 'wang'"); });
        portal.topics.touch("name/wang");
        CPPUNIT_ASSERT(page.sees("Wang Fang"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, page.states());
    }

    void whatIsNotHersIsNothing() {
        LivePortal portal;
        const std::string wang = portal.signIn("wang");
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/live?topic=name/li", wang).status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/live", wang).status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/live?topic=", wang).status);
        CPPUNIT_ASSERT_EQUAL(422, portal.get("/live?topic=a&topic=b&topic=c&topic=d", wang).status);
        CPPUNIT_ASSERT_EQUAL(405, portal.post("/live?topic=name/wang", wang, "").status);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("nobody signed in", 303, portal.get("/live?topic=name/wang").status);
        const Answer head = portal.send("HEAD", "/live?topic=name/wang", {{"Cookie", wang}});
        CPPUNIT_ASSERT_EQUAL(200, head.status);
        CPPUNIT_ASSERT(head.body.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, portal.topics.readers());
    }

    void aHouseThatIsFullSaysSo() {
        LivePortal portal;
        const std::string wang = portal.signIn("wang"), li = portal.signIn("li");
        Browser first = portal.open(wang, "topic=name/wang"), second = portal.open(wang, "topic=name/wang");
        CPPUNIT_ASSERT(first.sees("人名wang") && second.sees("人名wang"));
        CPPUNIT_ASSERT_EQUAL(503, portal.get("/live?topic=name/li", li).status);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("pages are served all the same", 200, portal.get("/", li).status);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LivePagesTest);
