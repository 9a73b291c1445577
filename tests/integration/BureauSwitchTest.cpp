// SPDX-License-Identifier: Apache-2.0
// A bureau administrator switches her plugin off and on: tile and routes follow at the next request, other people
// cannot, and the audit names her.
#include "support/Client.h"
#include "support/Daemon.h"

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::testing;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class BureauSwitchTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BureauSwitchTest);
    CPPUNIT_TEST(theSwitchIsFollowedAtTheNextRequest);
    CPPUNIT_TEST(nobodyElseMayUseIt);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;
    std::unique_ptr<Daemon> daemon_;

    std::unique_ptr<Client> as(const std::string& role) {
        auto client = std::make_unique<Client>(daemon_->url());
        const Value access = daemon_->access();
        const ValueView account = access["accounts"][role];
        client->signIn(account["user"].asText(), account["password"].asText());
        return client;
    }

public:
    void setUp() override { daemon_ = std::make_unique<Daemon>(Daemon::built(), folder_.path() / "data"); }
    void tearDown() override { daemon_.reset(); }

    void theSwitchIsFollowedAtTheNextRequest() {
        Client visitor(daemon_->url());
        const auto bureau = as("bureau_admin");
        const std::string route = "/hello/";
        CPPUNIT_ASSERT_EQUAL(200, visitor.get(route).status);
        CPPUNIT_ASSERT(contains(visitor.get("/").body, "href=\"/hello"));

        CPPUNIT_ASSERT_EQUAL(200, bureau->get("/bureau/plugins").status);
        CPPUNIT_ASSERT_EQUAL(303, bureau->post("/bureau/plugins/hello/off", {}).status);
        CPPUNIT_ASSERT_EQUAL(404, visitor.get(route).status);
        CPPUNIT_ASSERT(!contains(visitor.get("/").body, "href=\"/hello"));

        CPPUNIT_ASSERT_EQUAL(200, bureau->get("/bureau/plugins").status);
        CPPUNIT_ASSERT_EQUAL(303, bureau->post("/bureau/plugins/hello/on", {}).status);
        CPPUNIT_ASSERT_EQUAL(200, visitor.get(route).status);

        const auto auditor = as("auditor");
        const std::string audit = auditor->get("/audit").body;
        CPPUNIT_ASSERT_MESSAGE(audit, contains(audit, "plugin.activation.off"));
        CPPUNIT_ASSERT_MESSAGE(audit, contains(audit, "演示局管理员"));
    }

    void nobodyElseMayUseIt() {
        Client visitor(daemon_->url());
        visitor.get("/sign-in");
        CPPUNIT_ASSERT_EQUAL(303, visitor.post("/bureau/plugins/hello/off", {}).status);
        for (const char* role : {"citizen", "farmer", "operator", "regulator"}) {
            const auto client = as(role);
            client->get("/");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(role, 404, client->post("/bureau/plugins/hello/off", {}).status);
        }
        // Without the token of her own session even she may not.
        const auto bureau = as("bureau_admin");
        CPPUNIT_ASSERT_EQUAL(403, bureau->send("POST", "/bureau/plugins/hello/off",
                                               "application/x-www-form-urlencoded", "csrf=guessed").status);
        CPPUNIT_ASSERT_EQUAL(200, visitor.get("/hello/").status);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BureauSwitchTest);

} // namespace
