// SPDX-License-Identifier: Apache-2.0
#include "identity/Csrf.h"
#include "identity/Digest.h"
#include "identity/Permissions.h"

#include <cppunit/extensions/HelperMacros.h>

#include <set>

using namespace dalate;
using namespace dalate::identity;

class RightsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RightsTest);
    CPPUNIT_TEST(permissionsAreDeniedByDefault);
    CPPUNIT_TEST(aTokenHoldsOnlyWhatItsScopeCarries);
    CPPUNIT_TEST(maskedTokensDifferAndMatch);
    CPPUNIT_TEST(foreignAndMalformedTokensDoNotMatch);
    CPPUNIT_TEST(aPrincipalSurvivesItsValueForm);
    CPPUNIT_TEST_SUITE_END();

    static Permissions sample() {
        return Permissions({{"traceability.event.write",
                             "write",
                             "organisation",
                             {"farmer", "cooperative"},
                             {"traceability.capture"}},
                            {"traceability.event.read", "read", "county", {"regulator"}, {}}});
    }

public:
    void permissionsAreDeniedByDefault() {
        const Permissions permissions = sample();
        Principal nobody, farmer;
        farmer.kind = Principal::Kind::person;
        farmer.roles = {"farmer"};
        CPPUNIT_ASSERT(permissions.holds(farmer, "traceability.event.write"));
        CPPUNIT_ASSERT(!permissions.holds(farmer, "traceability.event.read"));
        CPPUNIT_ASSERT(!permissions.holds(farmer, "traceability.event.rea"));
        CPPUNIT_ASSERT(!permissions.holds(farmer, ""));
        CPPUNIT_ASSERT(!permissions.holds(nobody, "traceability.event.write"));
        nobody.roles = {"farmer"};
        CPPUNIT_ASSERT(!permissions.holds(nobody, "traceability.event.write"));
    }

    void aTokenHoldsOnlyWhatItsScopeCarries() {
        const Permissions permissions = sample();
        Principal token;
        token.kind = Principal::Kind::token;
        token.tokenPlugin = "traceability";
        token.tokenScope = "traceability.capture";
        CPPUNIT_ASSERT(permissions.holds(token, "traceability.event.write"));
        CPPUNIT_ASSERT(!permissions.holds(token, "traceability.event.read"));
        token.tokenPlugin = "trace";
        CPPUNIT_ASSERT(!permissions.holds(token, "traceability.event.write"));
        token.tokenPlugin = "traceability";
        token.tokenScope = "";
        CPPUNIT_ASSERT(!permissions.holds(token, "traceability.event.write"));
        token.roles = {"farmer"};
        CPPUNIT_ASSERT(!permissions.holds(token, "traceability.event.write"));
    }

    void maskedTokensDifferAndMatch() {
        const std::string secret = Csrf::newSecret();
        std::set<std::string> seen;
        for (int i = 0; i < 100; ++i) {
            const std::string token = Csrf::mask(secret);
            CPPUNIT_ASSERT(Csrf::matches(secret, token));
            CPPUNIT_ASSERT(token.find(secret) == std::string::npos);
            CPPUNIT_ASSERT(seen.insert(token).second);
        }
    }

    void foreignAndMalformedTokensDoNotMatch() {
        const std::string secret = Csrf::newSecret();
        const std::string token = Csrf::mask(secret);
        CPPUNIT_ASSERT(!Csrf::matches(Csrf::newSecret(), token));
        CPPUNIT_ASSERT(!Csrf::matches("", token));
        CPPUNIT_ASSERT(!Csrf::matches(secret, ""));
        CPPUNIT_ASSERT(!Csrf::matches("", ""));
        CPPUNIT_ASSERT(!Csrf::matches(secret, token.substr(1)));
        CPPUNIT_ASSERT(!Csrf::matches(secret, token + "0"));
        CPPUNIT_ASSERT(!Csrf::matches(secret, std::string(128, 'z')));
        CPPUNIT_ASSERT(!Csrf::matches(secret, std::string(128, '0')));
        for (std::size_t i = 0; i < token.size(); ++i) {
            std::string flipped = token;
            flipped[i] = flipped[i] == '0' ? '1' : '0';
            CPPUNIT_ASSERT(!Csrf::matches(secret, flipped));
        }
    }

    void aPrincipalSurvivesItsValueForm() {
        Principal person;
        person.kind = Principal::Kind::person;
        person.user = 7;
        person.name = "王建国";
        person.organisation = 9;
        person.organisationName = "农牧局";
        person.roles = {"regulator", "bureau_admin"};
        const Principal back = Principal::fromValue(person.toValue());
        CPPUNIT_ASSERT(back.isPerson() && back.user == 7 && back.organisation == 9 &&
                       back.roles == person.roles);
        CPPUNIT_ASSERT_EQUAL(person.name, back.name);
        CPPUNIT_ASSERT(Principal::fromValue({}).isAnonymous());
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(RightsTest);
