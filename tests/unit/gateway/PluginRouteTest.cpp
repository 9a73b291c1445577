// SPDX-License-Identifier: Apache-2.0
#include "unit/gateway/PortalFixture.h"

#include "identity/Tokens.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using dalate::test::Answer;
using dalate::test::Portal;
using identity::Activations;

namespace {

void flip(Portal& portal, Activations::Switch to) {
    portal.database().write([&](storage::Tx& tx) { Activations::set(tx, {}, "hello", portal.bureau, to); });
}

} // namespace

/// The way through the gateway to a real plugin, the sample hello: a public page with a public form.
class PluginRouteTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginRouteTest);
    CPPUNIT_TEST(aPublicFormWorksWithItsTokenOnly);
    CPPUNIT_TEST(theBureausSwitchIsFollowedAtOnce);
    CPPUNIT_TEST(withoutAnOwnerThePluginIsNotThere);
    CPPUNIT_TEST(bodiesObeyTheRoute);
    CPPUNIT_TEST(queriesObeyTheRoute);
    CPPUNIT_TEST(theRateHolds);
    CPPUNIT_TEST(tokensReachOnlyRoutesThatDeclareThem);
    CPPUNIT_TEST(aPluginsRefusalIsAPageInItsWords);
    CPPUNIT_TEST_SUITE_END();

    static std::string cookieOf(const Answer& page) { return Portal::pair(page.cookie("form")); }

public:
    void aPublicFormWorksWithItsTokenOnly() {
        Portal portal;
        portal.load().start();
        const Answer page = portal.get("/hello/");
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), page.field("Cache-Control"));
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/hello/", "", "name=x").status);
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/hello/", cookieOf(page), "name=x").status);
        const Answer signedBook =
            portal.post("/hello/", cookieOf(page), "name=%E7%8E%8B%3Cb%3E&csrf=" + page.csrf());
        CPPUNIT_ASSERT_EQUAL(303, signedBook.status);
        CPPUNIT_ASSERT(signedBook.field("Location").starts_with("/hello"));
        CPPUNIT_ASSERT(portal.get("/hello/").body.find("王&lt;b&gt;") != std::string::npos);
    }

    void theBureausSwitchIsFollowedAtOnce() {
        Portal portal;
        portal.load().start();
        const std::string tile = "href=\"/hello";
        for (int round = 0; round < 2; ++round) {
            CPPUNIT_ASSERT_EQUAL(200, portal.get("/hello/").status);
            CPPUNIT_ASSERT(portal.get("/").body.find(tile) != std::string::npos);
            const Answer put = portal.send("PUT", "/hello/");
            CPPUNIT_ASSERT_EQUAL(405, put.status);
            CPPUNIT_ASSERT_EQUAL(std::string("GET, HEAD, POST"), put.field("Allow"));
            flip(portal, Activations::Switch::off);
            CPPUNIT_ASSERT_EQUAL(404, portal.get("/hello/").status);
            CPPUNIT_ASSERT_EQUAL(404, portal.get("/hello/", portal.signIn("wang")).status);
            CPPUNIT_ASSERT_EQUAL(404, portal.send("PUT", "/hello/").status);
            CPPUNIT_ASSERT(portal.get("/").body.find(tile) == std::string::npos);
            flip(portal, Activations::Switch::on);
        }
    }

    void withoutAnOwnerThePluginIsNotThere() {
        Portal portal;
        portal.lifecycle.start();
        portal.start();
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/hello/").status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/hello/", portal.signIn("wang")).status);
    }

    void bodiesObeyTheRoute() {
        Portal portal;
        portal.load().start();
        const Answer page = portal.get("/hello/");
        const auto send = [&](const char* type, const std::string& body) {
            return portal.send("POST", "/hello/", {{"Cookie", cookieOf(page)}, {"Content-Type", type}}, body)
                .status;
        };
        const std::string form = "name=x&csrf=" + page.csrf();
        CPPUNIT_ASSERT_EQUAL(415, send("text/plain", form));
        CPPUNIT_ASSERT_EQUAL(415, send("application/json", "{}"));
        CPPUNIT_ASSERT_EQUAL(
            413, send("application/x-www-form-urlencoded", form + "&pad=" + std::string(5000, 'x')));
        CPPUNIT_ASSERT_EQUAL(
            413, send("application/x-www-form-urlencoded", form + "&pad=" + std::string(200'000, 'x')));
        CPPUNIT_ASSERT_EQUAL(400, send("application/x-www-form-urlencoded", form + "&x=%00"));
        CPPUNIT_ASSERT_EQUAL(303, send("application/x-www-form-urlencoded; charset=utf-8", form));
    }

    void queriesObeyTheRoute() {
        Portal portal;
        portal.load().start();
        CPPUNIT_ASSERT_EQUAL(400, portal.get("/hello/?role=admin").status);
        const Answer page = portal.get("/hello/");
        const Answer posted = portal.post("/hello/?name=smuggled", cookieOf(page), "csrf=" + page.csrf());
        CPPUNIT_ASSERT_EQUAL(400, posted.status);
    }

    void theRateHolds() {
        Portal portal;
        portal.load().start();
        const Answer page = portal.get("/hello/");
        int accepted = 0, refused = 0;
        for (int i = 0; i < 35; ++i) {
            const Answer answer = portal.post("/hello/", cookieOf(page), "name=x&csrf=" + page.csrf());
            accepted += answer.status == 303;
            refused += answer.status == 429;
            if (answer.status == 429) CPPUNIT_ASSERT(std::stoi(answer.field("Retry-After")) >= 1);
        }
        CPPUNIT_ASSERT_EQUAL(35, accepted + refused);
        CPPUNIT_ASSERT(accepted >= 30 && refused >= 1);
    }

    void tokensReachOnlyRoutesThatDeclareThem() {
        Portal portal;
        portal.load().start();
        const std::string token = portal.database().write([&](storage::Tx& tx) {
            return identity::Tokens::issue(tx, {}, {"t", "hello", "hello.sign", portal.bureau, 0});
        });
        CPPUNIT_ASSERT_EQUAL(404,
                             portal.send("GET", "/hello/", {{"Authorization", "Bearer " + token}}).status);
        const Answer bad = portal.send("GET", "/hello/", {{"Authorization", "Bearer nonsense"}});
        CPPUNIT_ASSERT_EQUAL(401, bad.status);
    }

    void aPluginsRefusalIsAPageInItsWords() {
        Portal portal;
        portal.load().start();
        const Answer page = portal.get("/hello/");
        const Answer refused = portal.post("/hello/", cookieOf(page), "name=&csrf=" + page.csrf());
        CPPUNIT_ASSERT_EQUAL(422, refused.status);
        const std::string* words = portal.host.templates()->texts().find("zh-CN", "hello.bad_name");
        CPPUNIT_ASSERT(words != nullptr && refused.body.find(*words) != std::string::npos);
        const Answer problem = portal.send("POST", "/hello/",
                                           {{"Cookie", cookieOf(page)},
                                            {"Content-Type", "application/x-www-form-urlencoded"},
                                            {"Accept", "application/json"}},
                                           "name=&csrf=" + page.csrf());
        CPPUNIT_ASSERT(problem.body.find("\"code\":\"hello.bad_name\"") != std::string::npos);
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(PluginRouteTest);
