// SPDX-License-Identifier: Apache-2.0
// events/1 and jobs/1 as plugins meet them at the C table: what is declared goes out with its transaction,
// comes to each subscriber in a transaction of its own, and cannot go round for ever.
#include "ServiceHouse.h"

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::contract;

class EventsContractTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EventsContractTest);
    CPPUNIT_TEST(anEventComesToItsSubscriberOnce);
    CPPUNIT_TEST(anEventGoesOutWithItsTransactionAlone);
    CPPUNIT_TEST(eventsAskedWronglyAreRefused);
    CPPUNIT_TEST(anEventThatGoesRoundIsStoppedAfterEightHops);
    CPPUNIT_TEST(aJobRunsForWhoeverAskedForIt);
    CPPUNIT_TEST(jobsAskedWronglyAreRefused);
    CPPUNIT_TEST_SUITE_END();

    static std::string happened(const std::string& payload) {
        return R"({"event":"zoo_caller.happened/1","payload":)" + payload + "}";
    }

public:
    void anEventComesToItsSubscriberOnce() {
        ServiceHouse house;
        const std::string insert = "INSERT INTO zoo_other_note (id, account, organisation, word) VALUES (";
        for (int i = 1; i <= 5; ++i)
            house.good(house.clerk, "events/1", "publish",
                       happened("{\"steps\":[" + beginWrite + R"(,{"do":"exec","sql":")" + insert +
                                std::to_string(i) + ", 7, 1, 'x')\"}," + commit + "]}"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, house.awaited("SELECT COUNT(*) FROM zoo_other_said", 5));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, house.number("SELECT COUNT(*) FROM zoo_other_note"));
        for (const std::string& word : house.said("zoo_other"))
            CPPUNIT_ASSERT_EQUAL_MESSAGE(word, std::size_t{0},
                                         word.find(std::to_string(DALATE_CALL_EVENT) + " ["));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, house.said("zoo_caller").size());
    }

    void anEventGoesOutWithItsTransactionAlone() {
        ServiceHouse house;
        const std::string publish =
            asking("events/1", "publish", happened(R"({"steps":[]})"), R"(,"given":true)");
        house.run(house.clerk, "[" + beginWrite + "," + publish + "," + rollback + "]");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, house.number("SELECT COUNT(*) FROM event"));
        house.run(house.clerk, "[" + beginWrite + "," + publish + "," + commit + "]");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, house.awaited("SELECT COUNT(*) FROM zoo_other_said", 1));
        // The number of what was given up is taken again: no subscriber waits for a gap.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, house.number("SELECT MAX(id) FROM event"));
    }

    void eventsAskedWronglyAreRefused() {
        ServiceHouse house;
        const std::string long300k(300'000, 'x');
        house.refuses(house.clerk,
                      {{"one that is not declared", "events/1", "publish",
                        R"({"event":"zoo_caller.imagined/1","payload":{}})", "422 core.event.undeclared"},
                       {"another major of one that is", "events/1", "publish",
                        R"({"event":"zoo_caller.happened/2","payload":{}})", "422 core.event.undeclared"},
                       {"without a major", "events/1", "publish",
                        R"({"event":"zoo_caller.happened","payload":{}})", "422 core.event.undeclared"},
                       {"another plugin's", "events/1", "publish",
                        R"({"event":"zoo_other.happened/1","payload":{}})", "422 core.event.undeclared"},
                       {"a number", "events/1", "publish", R"({"event":5})", "422 core.argument.type"},
                       {"none", "events/1", "publish", "{}", "422 core.argument.missing"},
                       {"arguments that are a list", "events/1", "publish", "[]", "422 core.argument.type"},
                       {"a payload too long", "events/1", "publish", happened("\"" + long300k + "\""),
                        "413 core.event.size"},
                       {"no such method", "events/1", "subscribe", "{}", "404 core.service.method"}});
        const Value late = house.run(
            house.clerk,
            "[" + beginRead + "," + asking("events/1", "publish", happened("{}"), R"(,"given":true)") + "]");
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.host.tx_read_only"),
                             wordOf(*std::next(late.view().begin())));
    }

    void anEventThatGoesRoundIsStoppedAfterEightHops() {
        ServiceHouse house;
        // Each subscriber publishes its own event with the same payload, which the other one handles.
        house.good(house.clerk, "events/1", "publish", happened(R"({"steps":[{"do":"echo"}]})"));
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{8},
            house.awaited(
                "SELECT (SELECT COUNT(*) FROM zoo_caller_said) + (SELECT COUNT(*) FROM zoo_other_said)", 8));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, house.number("SELECT COUNT(*) FROM event"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, house.number("SELECT MAX(hops) FROM event"));
        const std::string last = house.said("zoo_caller").back();
        CPPUNIT_ASSERT_MESSAGE(last, last.find("core.event.hops") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, house.number("SELECT COUNT(*) FROM event_dead"));
    }

    void aJobRunsForWhoeverAskedForIt() {
        ServiceHouse house;
        const std::string put = R"({"name":"run","arguments":{"steps":[)" +
                                asking("zoo_other/1", "who", R"({"word":"from a job"})") + "," +
                                asking("jobs/1", "progress", R"({"done":3,"total":4})") + "]}}";
        const std::string given = R"(,"given":true)";
        house.run(house.clerk,
                  "[" + beginWrite + "," + asking("jobs/1", "enqueue", put, given) + "," + rollback + "]");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, house.number("SELECT COUNT(*) FROM job"));
        const std::string id = house.good(house.clerk, "jobs/1", "enqueue", put)["job"].asText();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             house.awaited("SELECT COUNT(*) FROM job WHERE state = 'done'", 1));
        const Value status = house.good(house.clerk, "jobs/1", "status", R"({"job":")" + id + "\"}");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, *status["progress"]["done"].integer());
        const ValueView who = (*status["result"].begin())["out"];
        CPPUNIT_ASSERT_EQUAL(std::string("wang"), who["principal"]["name"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("from a job"), who["given"].asText());
        // Its asker and her office see it; nobody else does, and no other plugin.
        const Bad unseen{"somebody else's", "jobs/1", "status", R"({"job":")" + id + "\"}",
                         "404 core.job.unknown"};
        house.refuses(house.stranger, {unseen});
        house.refuses(house.citizen, {unseen}, {.plugin = "zoo_caller", .route = "run_own"});
        house.refuses(house.clerk, {unseen}, {.plugin = "zoo_other"});
        // A job that ends in a refusal keeps it.
        const std::string strict =
            R"({"name":"run","arguments":{"strict":true,"steps":[{"do":"fail","status":422,"id":"zoo_caller.no"}]}})";
        const std::string failed = house.good(house.clerk, "jobs/1", "enqueue", strict)["job"].asText();
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            house.awaited(
                "SELECT COUNT(*) FROM job WHERE state NOT IN ('queued', 'running') AND id = " + failed, 1));
        const std::string told =
            json::write(house.good(house.clerk, "jobs/1", "status", R"({"job":")" + failed + "\"}"));
        CPPUNIT_ASSERT_MESSAGE(told, told.find("zoo_caller.no") != std::string::npos);
    }

    void jobsAskedWronglyAreRefused() {
        ServiceHouse house;
        house.refuses(house.clerk,
                      {{"one that is not declared", "jobs/1", "enqueue", R"({"name":"sweep","arguments":{}})",
                        "400 core.job.undeclared"},
                       {"a number", "jobs/1", "enqueue", R"({"name":5})", "422 core.argument.type"},
                       {"none", "jobs/1", "enqueue", "{}", "422 core.argument.missing"},
                       {"a job that is none", "jobs/1", "status", R"({"job":4711})", "404 core.job.unknown"},
                       {"a job that is a word", "jobs/1", "status", R"({"job":"x"})", "404 core.job.unknown"},
                       {"no job", "jobs/1", "status", "{}", "422 core.argument.missing"},
                       {"progress outside a job", "jobs/1", "progress", R"({"done":1,"total":2})",
                        "400 core.job.no_job"},
                       {"no such method", "jobs/1", "kill", "{}", "404 core.service.method"}});
        const std::string bad = R"({"name":"run","arguments":{"steps":[)" +
                                asking("jobs/1", "progress", R"({"done":-1,"total":2})") + "," +
                                asking("jobs/1", "progress", R"({"done":"x","total":2})") + "," +
                                asking("jobs/1", "progress", "{}") + "]}}";
        const std::string id = house.good(house.clerk, "jobs/1", "enqueue", bad)["job"].asText();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             house.awaited("SELECT COUNT(*) FROM job WHERE state = 'done'", 1));
        const Value status = house.good(house.clerk, "jobs/1", "status", R"({"job":")" + id + "\"}");
        std::string words;
        for (const ValueView step : status["result"])
            words += wordOf(step) + "; ";
        CPPUNIT_ASSERT_EQUAL(
            std::string("400 core.job.progress; 422 core.argument.type; 422 core.argument.missing; "), words);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EventsContractTest);

} // namespace
