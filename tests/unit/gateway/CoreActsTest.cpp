// SPDX-License-Identifier: Apache-2.0
// What the gateway asks before an act on one of the core's own pages: how many there were, whether its files are wanted;
// and what it asks of the page.
#include "unit/gateway/PortalFixture.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using dalate::test::Answer;
using dalate::test::Portal;

namespace {

gateway::CorePage act(std::string path) {
    return {"POST", std::move(path), {}, [](gateway::Visit& visit) {
                visit.response.status(200);
                visit.response.body("reached");
            }};
}

} // namespace

class CoreActsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CoreActsTest);
    CPPUNIT_TEST(actsOnCorePagesAreLimited);
    CPPUNIT_TEST(noPageIsMadeInsideATransaction);
    CPPUNIT_TEST(filesAreLookedAtOnlyWhereTheyAreAskedFor);
    CPPUNIT_TEST_SUITE_END();

public:
    void actsOnCorePagesAreLimited() {
        gateway::GatewayConfig config;
        config.personPosts = {4, 3'600'000'000};
        config.addressPosts = {2, 3'600'000'000};
        Portal portal(config);
        portal.gateway.add(act("/act"));
        portal.start();
        // Signing in is one act of the address.
        const std::string sid = portal.signIn("wang");
        const std::string csrf = portal.get("/", sid).csrf();
        CPPUNIT_ASSERT(!csrf.empty());
        for (int i = 0; i < 4; ++i)
            CPPUNIT_ASSERT_EQUAL(200, portal.post("/act", sid, "csrf=" + csrf).status);
        const Answer late = portal.post("/act", sid, "csrf=" + csrf);
        CPPUNIT_ASSERT_EQUAL(429, late.status);
        CPPUNIT_ASSERT(!late.field("Retry-After").empty());
        // Reading goes on, and others are counted for themselves; a wrong token counts too.
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/", sid).status);
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/act", {}, "csrf=no").status);
        CPPUNIT_ASSERT_EQUAL(429, portal.post("/act", {}, "csrf=no").status);
    }

    void noPageIsMadeInsideATransaction() {
        Portal portal;
        const auto add = [&](const std::string& path, bool held) {
            portal.gateway.add({"GET", path, {}, [&portal, held](gateway::Visit& visit) {
                                    const auto lease = portal.database().pool().lease();
                                    storage::Tx tx(*lease, storage::Tx::Mode::read);
                                    if (!held) tx.rollback();
                                    gateway::PageOrder order;
                                    order.name = "pages/privacy";
                                    portal.gateway.pages().send(visit.response, visit.who, order);
                                }});
        };
        add("/held", true);
        add("/ended", false);
        portal.start();
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/ended").status);
        const Answer held = portal.get("/held");
        CPPUNIT_ASSERT_EQUAL(500, held.status);
        CPPUNIT_ASSERT(held.body.find(held.field("X-Request-Id")) != std::string::npos);
    }

    void filesAreLookedAtOnlyWhereTheyAreAskedFor() {
        // This gateway has no store: a file that is to be taken is refused 415, one that is left unread is
        // not.
        Portal portal;
        std::string asked;
        gateway::CorePage page = act("/act/{thing}");
        page.takesFiles = true;
        page.fileFields = [&](gateway::Visit& visit) {
            asked = visit.params.at(0).second + " " + std::to_string(visit.form.size());
            return std::vector<std::string>{"photo"};
        };
        portal.gateway.add(page);
        portal.start();
        const Answer form = portal.get("/sign-in");
        const std::string cookie = Portal::pair(form.cookie("form"));
        const auto send = [&](const std::string& field, const std::string& token) {
            const std::string body = "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + token +
                                     "\r\n--b\r\nContent-Disposition: form-data; name=\"" + field +
                                     "\"; filename=\"a.txt\"\r\n\r\nx\r\n--b--\r\n";
            return portal
                .send("POST", "/act/lamp",
                      {{"Cookie", cookie}, {"Content-Type", "multipart/form-data; boundary=b"}}, body)
                .status;
        };
        CPPUNIT_ASSERT_EQUAL(403, send("photo", "no"));
        CPPUNIT_ASSERT_EQUAL(std::string(), asked);
        CPPUNIT_ASSERT_EQUAL(200, send("stray", form.csrf()));
        CPPUNIT_ASSERT_EQUAL(std::string("lamp 0"), asked);
        CPPUNIT_ASSERT_EQUAL(415, send("photo", form.csrf()));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CoreActsTest);
