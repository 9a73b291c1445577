// SPDX-License-Identifier: Apache-2.0
#include "TestPort.h"

#include "plugin/Resolver.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate::plugin;
using namespace dalate::plugin::test;

namespace {

Manifest made(const std::string& id, const std::string& more = {}, const std::string& version = "1.0.0") {
    return manifestOf(R"({"id":")" + id + R"(","version":")" + version +
                      R"(","vendor":"v","api":"0.2","name":")" + id + R"(.name")" +
                      (more.empty() ? "" : "," + more) + "}");
}

std::string outcome(const std::vector<Manifest>& all, const std::vector<std::string>& seniority = {}) {
    std::vector<const Manifest*> wanted;
    for (const Manifest& m : all)
        wanted.push_back(&m);
    const Resolution r = resolve(
        wanted, seniority, [](std::string_view id) { return id == "asleep"; },
        [](std::string_view service) { return service == "jobs/1"; });
    std::string out;
    for (const std::string& id : r.order)
        out += id + " ";
    for (const auto& [id, problems] : r.rejected)
        for (const Problem& p : problems)
            out += "| " + id + " " + p.id.substr(12) + " " + p.details["cycle"].asText();
    return out;
}

} // namespace

class ResolverTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ResolverTest);
    CPPUNIT_TEST(requirementsComeFirst);
    CPPUNIT_TEST(whatIsMissingIsNamed);
    CPPUNIT_TEST(cyclesAreNamedAndOthersGoOn);
    CPPUNIT_TEST(servicesMustBeOffered);
    CPPUNIT_TEST(theSeniorKeepsItsPaths);
    CPPUNIT_TEST_SUITE_END();

public:
    void requirementsComeFirst() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("zz bb aa "),
            outcome({made("aa", R"("requires":["bb"])"), made("bb", R"("requires":["zz"])"), made("zz")}));
    }
    void whatIsMissingIsNamed() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("| aa requires_missing | bb requires_disabled | cc requires_rejected "),
            outcome({made("aa", R"("requires":["nobody"])"), made("bb", R"("requires":["asleep"])"),
                     made("cc", R"("requires":["aa"])")}));
        CPPUNIT_ASSERT_EQUAL(std::string("bb | aa requires_older "),
                             outcome({made("aa", R"("requires":["bb>=1.10.0"])"), made("bb", "", "1.9.9")}));
    }
    void cyclesAreNamedAndOthersGoOn() {
        CPPUNIT_ASSERT_EQUAL(std::string("dd | aa requires_cycle aa -> bb -> aa| bb requires_cycle bb -> aa "
                                         "-> bb| cc requires_rejected "),
                             outcome({made("aa", R"("requires":["bb"])"), made("bb", R"("requires":["aa"])"),
                                      made("cc", R"("requires":["aa"])"), made("dd")}));
    }
    void servicesMustBeOffered() {
        CPPUNIT_ASSERT_EQUAL(std::string("aa cc dd | bb uses_unknown "),
                             outcome({made("aa", R"("uses":["jobs/1"])"), made("bb", R"("uses":["maps/1"])"),
                                      made("cc", R"("uses":["dd/2"])"),
                                      made("dd", R"("provides":[{"service":"dd/2","methods":["x"]}])")}));
    }
    void theSeniorKeepsItsPaths() {
        const std::string taking =
            R"("routes":[{"name":"a","method":"GET","path":"/a","access":"public"}],"aliases":[{"path":"/01/{x}","route":"a"}])";
        CPPUNIT_ASSERT_EQUAL(std::string("aa | bb route_conflict "),
                             outcome({made("aa", taking), made("bb", taking)}));
        CPPUNIT_ASSERT_EQUAL(std::string("bb | aa route_conflict "),
                             outcome({made("aa", taking), made("bb", taking)}, {"bb"}));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ResolverTest);
