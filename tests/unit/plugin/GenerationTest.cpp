// SPDX-License-Identifier: Apache-2.0
// What a generation demands of a plugin's code on account of its declarations. Libraries are the zoo's affair
// (tests/contract); here are the plugins without one.
#include "TestPort.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::plugin;
using namespace dalate::plugin::test;

class GenerationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GenerationTest);
    CPPUNIT_TEST(declarationsAloneNeedNoLibrary);
    CPPUNIT_TEST(whatDeclarationsNameAndNobodyBindsIsToldWithItsPlace);
    CPPUNIT_TEST_SUITE_END();

    static std::unique_ptr<Generation> load(HostPort& port, const std::string& more = {}) {
        return Generation::load(
            manifestOf(R"({"id":"demo1","version":"1.2.3","vendor":"v","api":"0.2","name":"demo1.name",
                           "cases":["cases/ticket.json"])" +
                       more + "}"),
            "/nowhere", {}, 1, port);
    }

public:
    void declarationsAloneNeedNoLibrary() {
        TestPort port;
        const auto generation = load(port);
        CPPUNIT_ASSERT_EQUAL(std::string("demo1"), generation->id());
        CPPUNIT_ASSERT_EQUAL(Generation::noHandler, generation->namedHandler(DALATE_BIND_GUARD, "may_close"));
    }

    void whatDeclarationsNameAndNobodyBindsIsToldWithItsPlace() {
        TestPort port;
        port.needs = {{DALATE_BIND_GUARD, "may_close", "cases/ticket.json:12 $.transitions[3].guard"},
                      {DALATE_BIND_EFFECT, "count", "cases/ticket.json:14 $.transitions[3].effects[0]"}};
        try {
            load(port, R"(,"subscribes":["other.lot_held/1"])");
            CPPUNIT_FAIL("loaded");
        } catch (const Faulty& faulty) {
            CPPUNIT_ASSERT_EQUAL(
                std::string("core.plugin.unbound@cases/ticket.json:12 $.transitions[3].guard\n"
                            "core.plugin.unbound@cases/ticket.json:14 $.transitions[3].effects[0]\n"
                            "core.plugin.unbound@$.subscribes[0]\n"),
                lines(faulty.problems()));
            CPPUNIT_ASSERT_EQUAL(std::string("guard may_close"),
                                 faulty.problems().at(0).details["names"].asText());
            CPPUNIT_ASSERT_EQUAL(std::string("effect count"),
                                 faulty.problems().at(1).details["names"].asText());
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(GenerationTest);
