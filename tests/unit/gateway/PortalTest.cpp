// SPDX-License-Identifier: Apache-2.0
#include "unit/gateway/PortalFixture.h"

#include "base/Json.h"
#include "identity/Audit.h"
#include "identity/Tokens.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using dalate::test::Answer;
using dalate::test::Portal;

namespace {

gateway::GatewayConfig demoConfig() {
    gateway::GatewayConfig config;
    config.demo = true;
    return config;
}

gateway::CorePage fixed(std::string method, std::string path, std::string role) {
    return {std::move(method), std::move(path), std::move(role), [](gateway::Visit& visit) {
                visit.response.status(200);
                visit.response.set("Content-Type", "text/plain");
                visit.response.body("reached");
            }};
}

} // namespace

class PortalTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PortalTest);
    CPPUNIT_TEST(everyAnswerCarriesTheSecurityHeaders);
    CPPUNIT_TEST(publicPagesAreKeptAndRevalidated);
    CPPUNIT_TEST(aPersonSignsInAndOut);
    CPPUNIT_TEST(theSessionIdChangesAtSignIn);
    CPPUNIT_TEST(overTlsTheCookieIsHostBound);
    CPPUNIT_TEST(wrongPasswordsAreOneMessageAndSlowDown);
    CPPUNIT_TEST(signingInNeedsItsFormToken);
    CPPUNIT_TEST(backNeverLeadsAway);
    CPPUNIT_TEST(rolesHidePages);
    CPPUNIT_TEST(methodsAreNamed);
    CPPUNIT_TEST(machinesGetProblems);
    CPPUNIT_TEST(tokensDoNotOpenCorePages);
    CPPUNIT_TEST(theDemoDoorIsNotThereByDefault);
    CPPUNIT_TEST(theDemoDoorSignsInByRole);
    CPPUNIT_TEST(theDemoDoorIsClosedToOthersThanLoopback);
    CPPUNIT_TEST(preferencesAreKept);
    CPPUNIT_TEST(badTargetsAreRefused);
    CPPUNIT_TEST(faultsBecomePagesWithANumber);
    CPPUNIT_TEST(staticFilesAreServed);
    CPPUNIT_TEST(healthIsTold);
    CPPUNIT_TEST(headHasNoBody);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyAnswerCarriesTheSecurityHeaders() {
        Portal portal;
        portal.start();
        for (const char* target : {"/", "/sign-in", "/nothing-here", "/healthz", "/privacy", "/a//b"}) {
            const Answer answer = portal.get(target);
            const std::string policy = answer.field("Content-Security-Policy");
            if (std::string_view(target) != "/a//b")
                CPPUNIT_ASSERT_MESSAGE(policy, policy.find("script-src " + portal.origin() + "/static/;") !=
                                                   std::string::npos);
            CPPUNIT_ASSERT(policy.starts_with("default-src 'none'"));
            CPPUNIT_ASSERT_EQUAL(std::string("nosniff"), answer.field("X-Content-Type-Options"));
            CPPUNIT_ASSERT_EQUAL(std::string("same-origin"), answer.field("Referrer-Policy"));
            CPPUNIT_ASSERT_EQUAL(std::string("same-origin"), answer.field("Cross-Origin-Opener-Policy"));
            CPPUNIT_ASSERT_EQUAL(std::size_t{13}, answer.field("X-Request-Id").size());
            CPPUNIT_ASSERT(answer.field("Server").empty());
            CPPUNIT_ASSERT(answer.field("Strict-Transport-Security").empty());
        }
    }

    void publicPagesAreKeptAndRevalidated() {
        Portal portal;
        portal.start();
        const Answer first = portal.get("/privacy");
        CPPUNIT_ASSERT_EQUAL(200, first.status);
        CPPUNIT_ASSERT_EQUAL(std::string("no-cache"), first.field("Cache-Control"));
        CPPUNIT_ASSERT(first.cookie("form").empty());
        const std::string tag = first.field("ETag");
        CPPUNIT_ASSERT(!tag.empty());
        const Answer again = portal.send("GET", "/privacy", {{"If-None-Match", tag}});
        CPPUNIT_ASSERT_EQUAL(304, again.status);
        CPPUNIT_ASSERT(again.body.empty());
        const Answer english =
            portal.send("GET", "/privacy", {{"If-None-Match", tag}, {"Accept-Language", "en"}});
        CPPUNIT_ASSERT_EQUAL(200, english.status);
        const Answer signedIn =
            portal.send("GET", "/privacy", {{"Cookie", portal.signIn("wang")}, {"If-None-Match", "*"}});
        CPPUNIT_ASSERT_EQUAL(200, signedIn.status);
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), signedIn.field("Cache-Control"));
        CPPUNIT_ASSERT(signedIn.field("ETag").empty());
    }

    void aPersonSignsInAndOut() {
        Portal portal;
        portal.start();
        const Answer form = portal.get("/sign-in?back=/privacy");
        CPPUNIT_ASSERT_EQUAL(200, form.status);
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), form.field("Cache-Control"));
        const std::string cookie = Portal::pair(form.cookie("form"));
        const Answer done = portal.post(
            "/sign-in", cookie, "user=WANG&password=correct+horse+battery&back=/privacy&csrf=" + form.csrf());
        CPPUNIT_ASSERT_EQUAL(303, done.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/privacy"), done.field("Location"));
        const std::string session = done.cookie("sid");
        CPPUNIT_ASSERT(session.find("; HttpOnly; SameSite=Lax") != std::string::npos);
        CPPUNIT_ASSERT(session.find("Secure") == std::string::npos &&
                       session.find("Domain") == std::string::npos);
        CPPUNIT_ASSERT(session.find("Expires") == std::string::npos &&
                       session.find("Max-Age") == std::string::npos);

        const Answer home = portal.get("/", Portal::pair(session));
        CPPUNIT_ASSERT(home.body.find("人名wang") != std::string::npos);
        CPPUNIT_ASSERT(home.body.find("/bureau/plugins") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/sign-out", Portal::pair(session), "").status);
        const Answer out = portal.post("/sign-out", Portal::pair(session), "csrf=" + home.csrf());
        CPPUNIT_ASSERT_EQUAL(200, out.status);
        CPPUNIT_ASSERT(out.cookie("sid").find("Max-Age=0") != std::string::npos);
        const Answer after = portal.get("/", Portal::pair(session));
        CPPUNIT_ASSERT(after.body.find("人名wang") == std::string::npos);
        CPPUNIT_ASSERT(after.cookie("sid").find("Max-Age=0") != std::string::npos);
    }

    void theSessionIdChangesAtSignIn() {
        Portal portal;
        portal.start();
        const std::string planted = "sid=" + std::string(64, 'a');
        const Answer form = portal.get("/sign-in", planted);
        const std::string cookies = planted + "; " + Portal::pair(form.cookie("form"));
        const Answer done =
            portal.post("/sign-in", cookies, "user=wang&password=correct+horse+battery&csrf=" + form.csrf());
        CPPUNIT_ASSERT_EQUAL(303, done.status);
        CPPUNIT_ASSERT(Portal::pair(done.cookie("sid")) != planted);
        const std::string first = Portal::pair(done.cookie("sid"));
        const Answer home = portal.get("/", first);
        const Answer again =
            portal.post("/sign-in", first, "user=wang&password=correct+horse+battery&csrf=" + home.csrf());
        CPPUNIT_ASSERT_EQUAL(303, again.status);
        CPPUNIT_ASSERT(Portal::pair(again.cookie("sid")) != first);
        CPPUNIT_ASSERT(portal.get("/", first).body.find("人名wang") == std::string::npos);
    }

    void overTlsTheCookieIsHostBound() {
        Portal portal({}, {"127.0.0.1"});
        portal.start();
        const Portal::Fields proxied{{"X-Forwarded-Proto", "https"}, {"X-Forwarded-For", "192.0.2.7"}};
        const Answer form = portal.send("GET", "/sign-in", proxied);
        CPPUNIT_ASSERT(form.cookie("__Host-form").ends_with("; Secure"));
        CPPUNIT_ASSERT(!form.field("Strict-Transport-Security").empty());
        Portal::Fields fields = proxied;
        fields.emplace_back("Cookie", Portal::pair(form.cookie("__Host-form")));
        fields.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        const Answer done = portal.send("POST", "/sign-in", fields,
                                        "user=wang&password=correct+horse+battery&csrf=" + form.csrf());
        CPPUNIT_ASSERT_EQUAL(303, done.status);
        const std::string session = done.cookie("__Host-sid");
        CPPUNIT_ASSERT(session.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"));
        // The same value under the loopback name opens nothing over TLS.
        Portal::Fields renamed = proxied;
        renamed.emplace_back("Cookie", Portal::pair(session).substr(7));
        CPPUNIT_ASSERT(portal.send("GET", "/", renamed).body.find("人名wang") == std::string::npos);
    }

    void wrongPasswordsAreOneMessageAndSlowDown() {
        Portal portal;
        portal.start();
        const Answer form = portal.get("/sign-in");
        const std::string cookie = Portal::pair(form.cookie("form"));
        const auto attempt = [&](const std::string& user) {
            return portal.post("/sign-in", cookie, "user=" + user + "&password=sesame&csrf=" + form.csrf());
        };
        const Answer known = attempt("wang"), unknown = attempt("nobody");
        CPPUNIT_ASSERT_EQUAL(422, known.status);
        CPPUNIT_ASSERT_EQUAL(422, unknown.status);
        const std::string message = *test::coreTemplates()->texts().find("zh-CN", "core.sign_in.failed");
        CPPUNIT_ASSERT(known.body.find(message) != std::string::npos);
        CPPUNIT_ASSERT(unknown.body.find(message) != std::string::npos);
        CPPUNIT_ASSERT(known.body.find("sesame") == std::string::npos);
        CPPUNIT_ASSERT(known.cookie("sid").empty());
        int refused = 0;
        for (int i = 0; i < 8; ++i) {
            const Answer answer = attempt("wang");
            if (answer.status != 429) continue;
            ++refused;
            CPPUNIT_ASSERT(std::stoi(answer.field("Retry-After")) >= 1);
        }
        CPPUNIT_ASSERT(refused > 0);
        CPPUNIT_ASSERT_EQUAL(422, attempt("'%20OR%201%3D1%20--").status);
        CPPUNIT_ASSERT_EQUAL(422, attempt(std::string(5000, 'x')).status);
    }

    void signingInNeedsItsFormToken() {
        Portal portal;
        portal.start();
        const Answer form = portal.get("/sign-in"), other = portal.get("/sign-in");
        const std::string cookie = Portal::pair(form.cookie("form"));
        const std::string right = "user=wang&password=correct+horse+battery";
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/sign-in", "", right).status);
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/sign-in", cookie, right).status);
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/sign-in", cookie, right + "&csrf=" + other.csrf()).status);
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/sign-in", "form=x", right + "&csrf=" + form.csrf()).status);
        const Portal::Fields typed{{"Cookie", cookie}, {"Content-Type", "application/x-www-form-urlencoded"}};
        const auto with = [&](const char* name, const std::string& value) {
            Portal::Fields fields = typed;
            fields.emplace_back(name, value);
            return portal.send("POST", "/sign-in", fields, right + "&csrf=" + form.csrf()).status;
        };
        CPPUNIT_ASSERT_EQUAL(403, with("Origin", "http://evil.example"));
        CPPUNIT_ASSERT_EQUAL(403, with("Origin", "null"));
        CPPUNIT_ASSERT_EQUAL(403, with("Sec-Fetch-Site", "cross-site"));
        CPPUNIT_ASSERT_EQUAL(403, portal
                                      .send("POST", "/sign-in",
                                            {{"Cookie", cookie}, {"Content-Type", "text/plain"}},
                                            right + "&csrf=" + form.csrf())
                                      .status);
        CPPUNIT_ASSERT_EQUAL(303, with("Origin", portal.origin()));
    }

    void backNeverLeadsAway() {
        Portal portal;
        portal.start();
        const std::string session = portal.signIn("wang");
        for (const char* back :
             {"//evil", "%2F%2Fevil", "/%5Cevil", "https://evil", "javascript:alert(1)", "/a%0d%0aX:1"}) {
            CPPUNIT_ASSERT_EQUAL(std::string("/"),
                                 portal.get(std::string("/sign-in?back=") + back, session).field("Location"));
            CPPUNIT_ASSERT_EQUAL(std::string("/"),
                                 portal.get(std::string("/preferences?back=") + back).field("Location"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("/privacy?a=b"),
                             portal.get("/preferences?back=/privacy%3Fa%3Db").field("Location"));
        CPPUNIT_ASSERT_EQUAL(400, portal.get("/preferences?back=%0").status);
    }

    void rolesHidePages() {
        Portal portal;
        portal.gateway.add(fixed("GET", "/secret", "operator"));
        portal.gateway.add(fixed("POST", "/secret/{id}/act", "operator"));
        portal.create("zhao", {"operator"});
        portal.start();
        const Answer nobody = portal.get("/secret?a=1");
        CPPUNIT_ASSERT_EQUAL(303, nobody.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/sign-in?back=/secret%3Fa%3D1"), nobody.field("Location"));
        const Answer wrong = portal.get("/secret", portal.signIn("wang"));
        const Answer missing = portal.get("/not-there", portal.signIn("wang"));
        CPPUNIT_ASSERT_EQUAL(404, wrong.status);
        CPPUNIT_ASSERT_EQUAL(404, missing.status);
        CPPUNIT_ASSERT_EQUAL(wrong.body.size(), missing.body.size() + std::string("/secret").size() * 4 -
                                                    std::string("/not-there").size() * 4);
        CPPUNIT_ASSERT_EQUAL(404, portal.send("PUT", "/secret", {{"Cookie", portal.signIn("wang")}}).status);
        const std::string session = portal.signIn("zhao");
        CPPUNIT_ASSERT_EQUAL(std::string("reached"), portal.get("/secret", session).body);
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/secret/x/act", session, "").status);
        CPPUNIT_ASSERT_EQUAL(303, portal.post("/secret/x/act", "", "").status);
    }

    void methodsAreNamed() {
        Portal portal;
        portal.start();
        const Answer put = portal.send("PUT", "/sign-in");
        CPPUNIT_ASSERT_EQUAL(405, put.status);
        CPPUNIT_ASSERT_EQUAL(std::string("GET, HEAD, POST"), put.field("Allow"));
        CPPUNIT_ASSERT_EQUAL(405, portal.send("DELETE", "/static/portal.css").status);
        CPPUNIT_ASSERT_EQUAL(405, portal.get("/sign-out").status);
    }

    void machinesGetProblems() {
        Portal portal;
        portal.start();
        const Answer answer =
            portal.send("GET", "/nothing", {{"Accept", "application/json"}, {"Accept-Language", "en"}});
        CPPUNIT_ASSERT_EQUAL(404, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string("application/problem+json"), answer.field("Content-Type"));
        const Value problem = json::parse(answer.body).take();
        CPPUNIT_ASSERT_EQUAL(std::string("core.request.unknown"), std::string(problem["code"].text()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{404}, *problem["status"].integer());
        CPPUNIT_ASSERT_EQUAL("urn:dalate:request:" + answer.field("X-Request-Id"),
                             std::string(problem["instance"].text()));
        const Answer page = portal.send("GET", "/nothing", {{"Accept", "text/html"}});
        CPPUNIT_ASSERT(page.body.find(page.field("X-Request-Id")) != std::string::npos);
        CPPUNIT_ASSERT(page.body.find("tel:12345") != std::string::npos);
    }

    void tokensDoNotOpenCorePages() {
        Portal portal;
        portal.start();
        const std::string token = portal.database().write([&](storage::Tx& tx) {
            return identity::Tokens::issue(tx, {}, {"t", "trace", "trace.capture", portal.bureau, 0});
        });
        const auto with = [&](const std::string& value, const char* target) {
            return portal.send("GET", target, {{"Authorization", value}});
        };
        CPPUNIT_ASSERT_EQUAL(404, with("Bearer " + token, "/").status);
        CPPUNIT_ASSERT_EQUAL(404, with("bearer " + token, "/trace/list").status);
        const Answer bad = with("Bearer dlt_1_0", "/trace/list");
        CPPUNIT_ASSERT_EQUAL(401, bad.status);
        CPPUNIT_ASSERT(bad.field("WWW-Authenticate").starts_with("Bearer"));
        CPPUNIT_ASSERT_EQUAL(std::string("application/problem+json"), bad.field("Content-Type"));
        // A token beside a session: the cookie is not looked at.
        const Answer both =
            portal.send("GET", "/", {{"Authorization", "Bearer x"}, {"Cookie", portal.signIn("wang")}});
        CPPUNIT_ASSERT_EQUAL(401, both.status);
    }

    void theDemoDoorIsNotThereByDefault() {
        Portal portal;
        portal.start();
        const Answer home = portal.get("/");
        CPPUNIT_ASSERT(home.body.find("/demo/sign-in") == std::string::npos);
        const Answer form = portal.get("/sign-in");
        const Answer door = portal.post("/demo/sign-in", Portal::pair(form.cookie("form")),
                                        "account=bureau_admin&csrf=" + form.csrf());
        CPPUNIT_ASSERT_EQUAL(404, door.status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/demo/sign-in").status);
        CPPUNIT_ASSERT(door.cookie("sid").empty());
    }

    void theDemoDoorSignsInByRole() {
        Portal portal(demoConfig());
        portal.start();
        const Answer home = portal.get("/");
        CPPUNIT_ASSERT(home.body.find("action=\"/demo/sign-in\"") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), home.field("Cache-Control"));
        const std::string cookie = Portal::pair(home.cookie("form"));
        const Answer in = portal.post("/demo/sign-in", cookie, "account=bureau_admin&csrf=" + home.csrf());
        CPPUNIT_ASSERT_EQUAL(303, in.status);
        CPPUNIT_ASSERT(portal.get("/", Portal::pair(in.cookie("sid"))).body.find("人名wang") !=
                       std::string::npos);
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/demo/sign-in", cookie, "account=bureau_admin").status);
        for (const char* role : {"operator", "nobody", ""})
            CPPUNIT_ASSERT_EQUAL(
                404,
                portal.post("/demo/sign-in", cookie, "account=" + std::string(role) + "&csrf=" + home.csrf())
                    .status);
    }

    void theDemoDoorIsClosedToOthersThanLoopback() {
        Portal portal(demoConfig(), {"127.0.0.1"});
        portal.start();
        const Portal::Fields remote{{"X-Forwarded-For", "192.0.2.7"}, {"X-Forwarded-Proto", "https"}};
        const Answer home = portal.send("GET", "/", remote);
        Portal::Fields fields = remote;
        fields.emplace_back("Cookie", Portal::pair(home.cookie("__Host-form")));
        fields.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        const Answer door =
            portal.send("POST", "/demo/sign-in", fields, "account=bureau_admin&csrf=" + home.csrf());
        CPPUNIT_ASSERT_EQUAL(404, door.status);
        CPPUNIT_ASSERT(door.cookie("__Host-sid").empty());
    }

    void preferencesAreKept() {
        Portal portal;
        portal.start();
        const Answer english = portal.get("/preferences?language=en&elder=on&back=/privacy");
        CPPUNIT_ASSERT_EQUAL(303, english.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/privacy"), english.field("Location"));
        CPPUNIT_ASSERT(english.cookie("language").starts_with("language=en; Path=/"));
        const Answer page = portal.get("/privacy", "language=en; elder=on");
        CPPUNIT_ASSERT(page.body.find("<html lang=\"en\" data-elder=\"on\">") != std::string::npos);
        const Answer odd = portal.get("/preferences?language=xx%22%0d%0a&elder=maybe");
        CPPUNIT_ASSERT_EQUAL(303, odd.status);
        CPPUNIT_ASSERT(odd.field("Set-Cookie").empty());
        CPPUNIT_ASSERT(portal.get("/privacy", "language=../../etc").body.find("lang=\"zh-CN\"") !=
                       std::string::npos);
    }

    void badTargetsAreRefused() {
        Portal portal;
        portal.start();
        for (const char* target :
             {"//evil", "/a/../admin", "/%2e%2e/x", "/a%00b", "/a/%FF", "/static/../x", "/a\\b"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(target, 400, portal.get(target).status);
        CPPUNIT_ASSERT_EQUAL(400, portal.get("/privacy?a=%zz").status);
    }

    void faultsBecomePagesWithANumber() {
        Portal portal;
        portal.gateway.add(
            {"GET", "/throws", {}, [](gateway::Visit&) { throw std::runtime_error("152726-secret"); }});
        portal.gateway.add({"GET", "/throws-int", {}, [](gateway::Visit&) { throw 42; }});
        portal.gateway.add({"GET", "/splits", {}, [](gateway::Visit& visit) {
                                visit.response.set("X-Note", "a\r\nSet-Cookie: sid=planted");
                            }});
        portal.start();
        for (const char* target : {"/throws", "/throws-int", "/splits"}) {
            const Answer answer = portal.get(target);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(target, 500, answer.status);
            CPPUNIT_ASSERT(answer.body.find(answer.field("X-Request-Id")) != std::string::npos);
            CPPUNIT_ASSERT(answer.body.find("secret") == std::string::npos);
            CPPUNIT_ASSERT(answer.field("Set-Cookie").empty());
        }
    }

    void staticFilesAreServed() {
        Portal portal;
        portal.start();
        const Answer page = portal.get("/");
        const std::size_t at = page.body.find("/static/portal.");
        const std::string href = page.body.substr(at, page.body.find('"', at) - at);
        const Answer css = portal.get(href);
        CPPUNIT_ASSERT_EQUAL(200, css.status);
        CPPUNIT_ASSERT(css.field("Content-Type").starts_with("text/css"));
        CPPUNIT_ASSERT(css.field("Cache-Control").find("immutable") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(304, portal.send("GET", href, {{"If-None-Match", css.field("ETag")}}).status);
        const Answer packed = portal.send("GET", href, {{"Accept-Encoding", "gzip"}});
        CPPUNIT_ASSERT_EQUAL(std::string("gzip"), packed.field("Content-Encoding"));
        CPPUNIT_ASSERT(packed.body.size() < css.body.size());
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/static/passwd").status);
    }

    void healthIsTold() {
        Portal portal;
        portal.start();
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/healthz").status);
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/readyz").status);
        portal.ready = false;
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/healthz").status);
        CPPUNIT_ASSERT_EQUAL(503, portal.get("/readyz").status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/metrics").status);
        const std::string metrics = portal.gateway.metrics(nullptr, {});
        CPPUNIT_ASSERT(metrics.find("dalate_requests_total{class=\"core\",status=\"2xx\"} 3\n") !=
                       std::string::npos);
    }

    void headHasNoBody() {
        Portal portal;
        portal.start();
        const Answer head = portal.send("HEAD", "/privacy");
        CPPUNIT_ASSERT_EQUAL(200, head.status);
        CPPUNIT_ASSERT(head.body.empty());
        CPPUNIT_ASSERT(std::stoi(head.field("Content-Length")) > 1000);
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(PortalTest);
