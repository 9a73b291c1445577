// SPDX-License-Identifier: Apache-2.0
#include "gateway/Access.h"
#include "gateway/Counters.h"
#include "gateway/CsrfGuard.h"
#include "gateway/RateLimit.h"
#include "identity/Csrf.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::gateway;
using identity::Principal;

namespace {

Principal person(std::vector<std::string> roles) {
    Principal p;
    p.kind = Principal::Kind::person;
    p.user = 1;
    p.roles = std::move(roles);
    return p;
}

Principal token(const char* plugin, const char* scope) {
    Principal p;
    p.kind = Principal::Kind::token;
    p.token = 1;
    p.tokenPlugin = plugin;
    p.tokenScope = scope;
    return p;
}

char letter(Verdict verdict) {
    return verdict == Verdict::pass ? 'P' : verdict == Verdict::signIn ? 'S' : 'H';
}

} // namespace

class AccessTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AccessTest);
    CPPUNIT_TEST(theMatrixOfRoutesAndCallersHolds);
    CPPUNIT_TEST(nothingPassesWhenThePluginIsOff);
    CPPUNIT_TEST(anUndeclaredPermissionIsHeldByNobody);
    CPPUNIT_TEST(unsafeRequestsNeedOriginAndToken);
    CPPUNIT_TEST(bucketsEmptyAndRefill);
    CPPUNIT_TEST(bucketsAreOneEach);
    CPPUNIT_TEST(countersComeOutInPrometheusForm);
    CPPUNIT_TEST_SUITE_END();

    using Kind = AccessRule::Kind;

    const identity::Permissions permissions{{
        {"trace.event.write", "write", "organisation", {"farmer"}, {"trace.capture"}},
        {"trace.event.read", "read", "county", {"regulator"}, {}},
    }};
    const AccessRule open{Kind::everyone, {}, {}, "trace"};
    const AccessRule session{Kind::session, {}, {}, "trace"};
    const AccessRule read{Kind::permission, "trace.event.read", {}, "trace"};
    const AccessRule capture{Kind::permission, "trace.event.write", "trace.capture", "trace"};
    const AccessRule openToken{Kind::everyone, {}, "trace.capture", "trace"};
    const AccessRule readToken{Kind::permission, "trace.event.read", "trace.capture", "trace"};

public:
    void theMatrixOfRoutesAndCallersHolds() {
        const Principal callers[] = {Principal{},
                                     person({"citizen"}),
                                     person({"farmer"}),
                                     person({"regulator"}),
                                     person({"operator", "bureau_admin", "auditor"}),
                                     token("trace", "trace.capture"),
                                     token("trace", "trace.other"),
                                     token("other", "trace.capture")};
        const struct {
            const AccessRule& rule;
            const char* expected; // a letter a caller: Pass, Sign in, Hidden
        } matrix[] = {
            {open, "PPPPPHHH"},    {session, "SPPPPHHH"},   {read, "SHHPHHHH"},
            {capture, "SHPHHPHH"}, {openToken, "PPPPPPHH"}, {readToken, "SHHPHHHH"},
        };
        for (const auto& row : matrix) {
            std::string verdicts;
            for (const Principal& caller : callers)
                verdicts += letter(decideAccess(row.rule, caller, true, permissions));
            CPPUNIT_ASSERT_EQUAL(std::string(row.expected), verdicts);
        }
    }

    void nothingPassesWhenThePluginIsOff() {
        for (const AccessRule* rule : {&open, &session, &read, &capture, &openToken})
            for (const Principal& caller :
                 {Principal{}, person({"regulator", "farmer"}), token("trace", "trace.capture")})
                CPPUNIT_ASSERT(decideAccess(*rule, caller, false, permissions) == Verdict::hidden);
    }

    void anUndeclaredPermissionIsHeldByNobody() {
        const AccessRule rule{Kind::permission, "trace.event.delete", {}, "trace"};
        CPPUNIT_ASSERT(decideAccess(rule, person({"regulator"}), true, permissions) == Verdict::hidden);
        CPPUNIT_ASSERT(decideAccess(read, person({"regulator"}), true, identity::Permissions()) ==
                       Verdict::hidden);
        CPPUNIT_ASSERT(decideAccess(AccessRule{}, person({"regulator"}), true, permissions) ==
                       Verdict::hidden);
    }

    void unsafeRequestsNeedOriginAndToken() {
        const std::string secret = identity::Csrf::newSecret(), other = identity::Csrf::newSecret();
        const std::string good = identity::Csrf::mask(secret), foreign = identity::Csrf::mask(other);
        const std::string none;
        using Said = std::optional<std::string_view>;
        const struct {
            const char* what;
            const char* method;
            Said site, origin;
            const std::string& secret;
            const std::string& token;
            bool passes;
        } cases[] = {
            {"a form of our own", "POST", "same-origin", "http://h:1", secret, good, true},
            {"an old browser", "POST", {}, {}, secret, good, true},
            {"a reading request needs nothing", "GET", "cross-site", "http://evil", none, none, true},
            {"HEAD", "HEAD", {}, {}, none, none, true},
            {"no token", "POST", "same-origin", "http://h:1", secret, none, false},
            {"another session's token", "POST", "same-origin", "http://h:1", secret, foreign, false},
            {"the secret itself", "POST", "same-origin", "http://h:1", secret, secret, false},
            {"nothing at all", "POST", {}, {}, none, none, false},
            {"a token without a secret", "POST", {}, {}, none, good, false},
            {"from another site", "POST", "cross-site", {}, secret, good, false},
            {"from a sibling host", "POST", "same-site", {}, secret, good, false},
            {"foreign origin", "POST", {}, "http://evil", secret, good, false},
            {"origin null", "POST", {}, "null", secret, good, false},
            {"another port", "POST", {}, "http://h:2", secret, good, false},
            {"another scheme", "POST", {}, "https://h:1", secret, good, false},
            {"origin in another case", "POST", {}, "HTTP://H:1", secret, good, true},
            {"DELETE", "DELETE", {}, {}, secret, none, false},
            {"PUT", "PUT", {}, {}, secret, none, false},
            {"an unknown method", "BREW", {}, {}, secret, none, false},
        };
        for (const auto& c : cases) {
            FormOrigin origin;
            origin.method = c.method;
            origin.secFetchSite = c.site;
            origin.origin = c.origin;
            origin.ownOrigin = "http://h:1";
            origin.secret = c.secret;
            origin.token = c.token;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(c.what, c.passes, mayChange(origin));
        }
    }

    void bucketsEmptyAndRefill() {
        RateLimit limit;
        const Rate rate{3, 60'000'000};
        Micros time = 1'000'000;
        for (int i = 0; i < 3; ++i)
            CPPUNIT_ASSERT_EQUAL(Micros{0}, limit.take("r", "c", rate, time));
        const Micros wait = limit.take("r", "c", rate, time);
        CPPUNIT_ASSERT(wait > 19'000'000 && wait <= 20'000'000);
        CPPUNIT_ASSERT(limit.take("r", "c", rate, time + wait - 1'000) > 0);
        time += 20'000'001;
        CPPUNIT_ASSERT_EQUAL(Micros{0}, limit.take("r", "c", rate, time));
        CPPUNIT_ASSERT(limit.take("r", "c", rate, time) > 0);
        time += 3600'000'000LL;
        for (int i = 0; i < 3; ++i)
            CPPUNIT_ASSERT_EQUAL(Micros{0}, limit.take("r", "c", rate, time));
        CPPUNIT_ASSERT(limit.take("r", "c", rate, time) > 0);
    }

    void bucketsAreOneEach() {
        RateLimit limit;
        const Rate rate{1, 60'000'000};
        CPPUNIT_ASSERT_EQUAL(Micros{0}, limit.take("r", "a", rate, 1));
        CPPUNIT_ASSERT_EQUAL(Micros{0}, limit.take("r", "b", rate, 1));
        CPPUNIT_ASSERT_EQUAL(Micros{0}, limit.take("s", "a", rate, 1));
        CPPUNIT_ASSERT(limit.take("r", "a", rate, 1) > 0);
        CPPUNIT_ASSERT_EQUAL(Micros{0}, limit.take("r", "a", Rate{}, 1));
    }

    void countersComeOutInPrometheusForm() {
        Counters counters;
        counters.count("trace", 200, 700);
        counters.count("trace", 404, 20'000'000);
        const std::string text = counters.prometheus(nullptr);
        for (const char* line : {"dalate_requests_total{class=\"trace\",status=\"2xx\"} 1\n",
                                 "dalate_requests_total{class=\"trace\",status=\"4xx\"} 1\n",
                                 "dalate_request_seconds_bucket{class=\"trace\",le=\"0.0005\"} 0\n",
                                 "dalate_request_seconds_bucket{class=\"trace\",le=\"0.001\"} 1\n",
                                 "dalate_request_seconds_bucket{class=\"trace\",le=\"10\"} 1\n",
                                 "dalate_request_seconds_bucket{class=\"trace\",le=\"+Inf\"} 2\n",
                                 "dalate_request_seconds_count{class=\"trace\"} 2\n"})
            CPPUNIT_ASSERT_MESSAGE(line, text.find(line) != std::string::npos);
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(AccessTest);
