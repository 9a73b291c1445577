// SPDX-License-Identifier: Apache-2.0
// One plugin asks another by name and major version: who asks stays who asks, and what she may see is what
// she may see there; versions stand side by side; what is not declared, not there or not awake is refused
// with its own word.
#include "ServiceHouse.h"

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::contract;

class BrokerContractTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BrokerContractTest);
    CPPUNIT_TEST(majorsStandSideBySide);
    CPPUNIT_TEST(theCallerStaysWhoSheIsAndSeesWhatSheMay);
    CPPUNIT_TEST(whatIsNotThereIsRefused);
    CPPUNIT_TEST(aRefusalComesBackAsItWasSaid);
    CPPUNIT_TEST(aServiceJoinsTheCallersTransaction);
    CPPUNIT_TEST(aPluginThatSleepsIsMissed);
    CPPUNIT_TEST_SUITE_END();

public:
    void majorsStandSideBySide() {
        ServiceHouse house;
        for (const char* major : {"1", "2"}) {
            const Value who =
                house.good(house.clerk, std::string("zoo_other/") + major, "who", R"({"word":"旗"})");
            CPPUNIT_ASSERT_EQUAL(std::string(major), who["major"].asText());
            CPPUNIT_ASSERT_EQUAL(std::string("zoo_other/") + major + ".who", who["subject"].asText());
            CPPUNIT_ASSERT_EQUAL(std::string("旗"), who["given"].asText());
            CPPUNIT_ASSERT_EQUAL(std::int64_t{DALATE_CALL_SERVICE}, *who["kind"].integer());
        }
    }

    void theCallerStaysWhoSheIsAndSeesWhatSheMay() {
        ServiceHouse house;
        int id = 0;
        for (const auto& [account, organisation] : {std::pair{7, 1}, {8, 1}, {10, 2}, {11, 3}})
            house.write("INSERT INTO zoo_other_note (id, account, organisation, word) VALUES (" +
                        std::to_string(++id) + ", " + std::to_string(account) + ", " +
                        std::to_string(organisation) + ", 'w')");
        const auto asked = [&](const identity::Principal& who, const char* route) {
            return house.good(who, "zoo_other/1", "who", "{}",
                              {.plugin = "zoo_caller", .route = route, .language = "en"});
        };
        const Value clerk = asked(house.clerk, "run_office");
        CPPUNIT_ASSERT_EQUAL(std::string("wang"), clerk["principal"]["name"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("en"), clerk["language"].asText());
        CPPUNIT_ASSERT(!clerk["may"].truth());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, *clerk["notes"].integer());
        // What counts is what she may there, whatever the asking route would show.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, *asked(house.clerk, "run_all")["notes"].integer());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, *asked(house.stranger, "run_office")["notes"].integer());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, *asked(house.citizen, "run_own")["notes"].integer());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, *asked(house.inspector, "run_all")["notes"].integer());
        CPPUNIT_ASSERT(asked(house.inspector, "run_all")["may"].truth());
        const Value nobody = asked(identity::Principal(), "run");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, *nobody["notes"].integer());
        CPPUNIT_ASSERT_EQUAL(std::string("anonymous"), nobody["principal"]["kind"].asText());
    }

    void whatIsNotThereIsRefused() {
        ServiceHouse house;
        house.refuses(house.clerk,
                      {{"a major that nobody offers", "zoo_other/3", "who", "{}", "404 core.service.unknown"},
                       {"no major", "zoo_other", "who", "{}", "404 core.service.unknown"},
                       {"a name that nobody has", "zoo_nobody/1", "who", "{}", "404 core.service.unknown"},
                       {"a method that it lacks", "zoo_other/1", "when", "{}", "404 core.service.method"},
                       {"a method of the other major", "zoo_other/2", "run", "{}", "404 core.service.method"},
                       {"no name", "", "who", "{}", "404 core.service.unknown"}});
        house.refuses(
            house.clerk,
            {{"what is not among its uses", "zoo_caller/1", "who", "{}", "403 core.service.undeclared"}},
            {.plugin = "zoo_other"});
        // Its own it may ask without saying so.
        house.good(house.clerk, "zoo_caller/1", "who", "{}");
        const Value nowhere =
            house.run(house.clerk, "[" + asking("zoo_other/1", "who", "{}", R"(,"nowhere":true)") + "]");
        CPPUNIT_ASSERT_EQUAL(std::string("400"), (*nowhere.view().begin())["status"].asText());
    }

    void aRefusalComesBackAsItWasSaid() {
        ServiceHouse house;
        const Value refused =
            house.ask(house.clerk, "zoo_other/1", "run",
                      R"({"strict":true,"steps":[{"do":"fail","status":409,"id":"zoo_other.taken"}]})");
        CPPUNIT_ASSERT_EQUAL(std::string("409 zoo_other.taken"), wordOf(refused));
        // One asks the other asks the first …: it ends, and the callers go on.
        std::string steps = asking("zoo_other/1", "who", "{}");
        for (int depth = 0; depth < 12; ++depth)
            steps = asking(depth % 2 ? "zoo_caller/1" : "zoo_other/1", "run", "{\"steps\":[" + steps + "]}");
        const std::string told = json::write(house.run(house.clerk, "[" + steps + "]"));
        CPPUNIT_ASSERT_MESSAGE(told, told.find("core.plugin.depth") != std::string::npos ||
                                         told.find("core.service.undeclared") != std::string::npos);
        std::string own = asking("zoo_caller/1", "who", "{}");
        for (int depth = 0; depth < 12; ++depth)
            own = asking("zoo_caller/1", "run", "{\"steps\":[" + own + "]}");
        const std::string deep = json::write(house.run(house.clerk, "[" + own + "]"));
        CPPUNIT_ASSERT_MESSAGE(deep, deep.find("core.plugin.depth") != std::string::npos);
    }

    void aServiceJoinsTheCallersTransaction() {
        ServiceHouse house;
        const auto exec = [](const std::string& table) {
            return R"({"do":"exec","sql":"INSERT INTO )" + table +
                   " (id, account, organisation, word) VALUES (1, 7, 1, 'w')\"}";
        };
        const std::string insert = exec("zoo_other_note");
        const std::string foreign = exec("zoo_caller_note");
        const auto serve = [](const std::string& act, const std::string& end) {
            return asking("zoo_other/1", "run", "{\"steps\":[" + beginWrite + "," + act + "," + end + "]}",
                          R"(,"given":true)");
        };
        const auto notes = [&] { return house.number("SELECT COUNT(*) FROM zoo_other_note"); };
        house.run(house.clerk, "[" + beginWrite + "," + serve(insert, commit) + "," + rollback + "]");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, notes());
        house.run(house.clerk, "[" + beginWrite + "," + serve(insert, rollback) + "," + commit + "]");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, notes());
        house.run(house.clerk, "[" + beginWrite + "," + serve(insert, commit) + "," + commit + "]");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, notes());
        // In the caller's transaction it still writes its own tables alone.
        const Value told =
            house.run(house.clerk, "[" + beginWrite + "," + serve(foreign, commit) + "," + commit + "]");
        const Value inside((*std::next(told.view().begin()))["out"]);
        CPPUNIT_ASSERT_MESSAGE(json::write(told),
                               wordOf(*std::next(inside.view().begin())).starts_with("400 "));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, house.number("SELECT COUNT(*) FROM zoo_caller_note"));
    }

    void aPluginThatSleepsIsMissed() {
        ServiceHouse house;
        house.lifecycle().want("zoo_other", plugin::Desired::disabled, "test");
        CPPUNIT_ASSERT(house.lifecycle().settle(std::chrono::seconds(20)));
        house.refuses(house.clerk, {{"asleep", "zoo_other/1", "who", "{}", "404 core.service.unknown"}});
        // What it is told meanwhile waits for it.
        house.good(house.clerk, "events/1", "publish",
                   R"({"event":"zoo_caller.happened/1","payload":{"steps":[]}})");
        house.lifecycle().want("zoo_other", plugin::Desired::enabled, "test");
        CPPUNIT_ASSERT(house.lifecycle().settle(std::chrono::seconds(20)));
        house.good(house.clerk, "zoo_other/1", "who", "{}");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, house.awaited("SELECT COUNT(*) FROM zoo_other_said", 1));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BrokerContractTest);

} // namespace
