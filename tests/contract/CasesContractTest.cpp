// SPDX-License-Identifier: Apache-2.0
// cases/1 and rules/1 as a plugin meets them at the C table: what each method answers, and what it says to
// every kind of wrong argument and wrong moment.
#include "ServiceHouse.h"

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::contract;

const std::string ticket = R"({"machine":"ticket","answers":{"title":"印章","pages":3},"subject":"s1"})";

class CasesContractTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CasesContractTest);
    CPPUNIT_TEST(aCaseGoesItsWayThroughTheTable);
    CPPUNIT_TEST(aCaseStandsAndFallsWithTheCallersTransaction);
    CPPUNIT_TEST(whatIsAskedWronglyIsRefused);
    CPPUNIT_TEST(anotherPluginsCaseIsNone);
    CPPUNIT_TEST(theCallerSeesAsFarAsHerPermission);
    CPPUNIT_TEST(guardsAskAndEffectsWriteInTheMove);
    CPPUNIT_TEST(everyMethodKeepsToItsMoment);
    CPPUNIT_TEST(rulesAnswerInTheirOwnTime);
    CPPUNIT_TEST_SUITE_END();

    static std::string opened(ServiceHouse& house,
                              const ServiceHouse::Sending& how = ServiceHouse::Sending()) {
        return house.good(house.clerk, "cases/1", "open", ticket, how)["case"].asText();
    }
    static std::string move(const std::string& id, const std::string& transition, const std::string& more) {
        return R"({"case":")" + id + R"(","transition":")" + transition + "\"," + more + "}";
    }
    static std::string of(const std::string& id, const std::string& more = {}) {
        return R"({"case":")" + id + "\"" + more + "}";
    }

public:
    void aCaseGoesItsWayThroughTheTable() {
        ServiceHouse house;
        const Value fresh = house.good(house.clerk, "cases/1", "open", ticket);
        const std::string id = fresh["case"].asText();
        CPPUNIT_ASSERT_EQUAL(std::string("zoo_caller"), fresh["plugin"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("印章"), fresh["title"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("open"), fresh["state"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("s1"), fresh["subject"].asText());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, *fresh["applicant"].integer());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, *fresh["version"].integer());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, *fresh["answers"]["pages"].integer());

        const Value moves = house.good(house.clerk, "cases/1", "allowed", of(id));
        CPPUNIT_ASSERT(json::write(moves).find("\"close\"") != std::string::npos);
        CPPUNIT_ASSERT(json::write(moves).find("\"give_up\"") == std::string::npos);
        house.good(house.clerk, "cases/1", "comment", of(id, R"(,"text":"请补材料","internal":false)"));
        house.good(house.clerk, "cases/1", "relate", of(id, R"(,"relation":"handler","account":10)"));
        house.good(house.clerk, "cases/1", "relate",
                   of(id, R"(,"relation":"handler","account":10,"end":true)"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             house.good(house.clerk, "cases/1", "todo", "{}")["items"].size());
        const Value seen = house.good(house.clerk, "cases/1", "get", of(id));
        const std::string version = seen["version"].asText();
        const Value closed = house.good(house.clerk, "cases/1", "move",
                                        move(id, "close", R"("reason":"齐了","version":)" + version));
        CPPUNIT_ASSERT_EQUAL(std::string("closed"), closed["state"].asText());
        CPPUNIT_ASSERT(*closed["closedAt"].integer() > 0);
        const Value list = house.good(house.clerk, "cases/1", "list", R"({"life":"ended","words":"印章"})");
        CPPUNIT_ASSERT_EQUAL(id, (*list["cases"].begin())["case"].asText());
        const std::string trail = json::write(house.good(house.clerk, "cases/1", "history", of(id)));
        for (const char* act : {"\"open\"", "\"comment\"", "\"relate\"", "\"unrelate\"", "\"move\"", "齐了"})
            CPPUNIT_ASSERT_MESSAGE(std::string(act) + " " + trail, trail.find(act) != std::string::npos);
        // The system's own way, which no person has.
        const std::string other = opened(house);
        const Value gone = house.good(house.clerk, "cases/1", "move",
                                      move(other, "give_up", R"("version":1,"as":"system")"));
        CPPUNIT_ASSERT_EQUAL(std::string("closed"), gone["state"].asText());
    }

    void aCaseStandsAndFallsWithTheCallersTransaction() {
        ServiceHouse house;
        const std::string given = R"(,"given":true)", open = asking("cases/1", "open", ticket, given);
        const auto cases = [&] { return house.number("SELECT COUNT(*) FROM case_record"); };
        house.run(house.clerk, "[" + beginWrite + "," + open + "," + rollback + "]");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, cases());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, house.number("SELECT COUNT(*) FROM case_number"));
        // Nothing is answered while it is open, and it is given up when the call ends.
        const ServiceHouse::Sending left{.plugin = "zoo_caller", .route = "run_office", .status = 409};
        CPPUNIT_ASSERT_EQUAL(
            std::string("core.host.tx_open"),
            house.run(house.clerk, "[" + beginWrite + "," + open + "]", left).view().asText());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, cases());
        // What is refused in it takes nothing else along.
        const Value steps = house.run(
            house.clerk, "[" + beginWrite + "," + open + "," +
                             asking("cases/1", "open", R"({"machine":"none"})", given) + "," + commit + "]");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, cases());
        CPPUNIT_ASSERT_EQUAL(std::string("0"), wordOf(*std::next(steps.view().begin(), 3)));
    }

    void whatIsAskedWronglyIsRefused() {
        ServiceHouse house;
        const std::string id = opened(house);
        const std::string version = R"("version":1)", long5000(5000, 'x');
        house.refuses(
            house.clerk,
            {{"no machine of that name", "cases/1", "open", R"({"machine":"none"})",
              "404 core.case.no_machine"},
             {"no machine", "cases/1", "open", "{}", "422 core.argument.missing"},
             {"arguments that are no map", "cases/1", "open", "[]", "422 core.argument.type"},
             {"no arguments", "cases/1", "open", "null", "422 core.argument.missing"},
             {"a machine that is a number", "cases/1", "open", R"({"machine":5})", "422 core.argument.type"},
             {"no answers", "cases/1", "open", R"({"machine":"ticket"})", "422 core.case.answers"},
             {"an answer of another type", "cases/1", "open",
              R"({"machine":"ticket","answers":{"title":"a","pages":"three"}})", "422 core.case.answers"},
             {"an answer that was not asked", "cases/1", "open",
              R"({"machine":"ticket","answers":{"title":"a","pages":1,"state":"closed"}})",
              "422 core.case.answers"},
             {"an answer too long", "cases/1", "open",
              R"({"machine":"ticket","answers":{"title":")" + long5000 + R"(","pages":1}})",
              "422 core.case.answers"},
             {"an answer above the rule's limit", "cases/1", "open",
              R"({"machine":"ticket","answers":{"title":"a","pages":11}})", "422 core.case.answers"},
             {"answers that are a list", "cases/1", "open", R"({"machine":"ticket","answers":[1]})",
              "422 core.case.answers"},
             {"for an applicant who does not exist", "cases/1", "open",
              R"({"machine":"ticket","answers":{"title":"a","pages":1},"applicant":4711})",
              "422 core.case.person"},
             {"no such case", "cases/1", "get", R"({"case":"4711"})", "404 core.case.unknown"},
             {"a case that is a word", "cases/1", "get", R"({"case":"x"})", "404 core.case.unknown"},
             {"a case that is a list", "cases/1", "get", R"({"case":[]})", "422 core.argument.type"},
             {"no case", "cases/1", "get", "{}", "422 core.argument.missing"},
             {"above 64 bits", "cases/1", "get", R"({"case":"99999999999999999999"})",
              "404 core.case.unknown"},
             {"no such transition", "cases/1", "move", move(id, "vanish", version),
              "409 core.case.no_such_move"},
             {"no transition", "cases/1", "move", of(id, "," + version), "409 core.case.no_such_move"},
             {"a version not seen", "cases/1", "move", move(id, "close", R"("version":9,"reason":"r")"),
              "409 core.case.version_unknown"},
             {"no version", "cases/1", "move", move(id, "close", R"("reason":"r")"),
              "409 core.case.version_unknown"},
             {"a version that is a word", "cases/1", "move",
              move(id, "close", R"("reason":"r","version":"new")"), "422 core.argument.type"},
             {"no reason where one is required", "cases/1", "move", move(id, "close", version),
              "422 core.case.reason"},
             {"a reason of blanks", "cases/1", "move", move(id, "close", version + R"(,"reason":" \n")"),
              "422 core.case.reason"},
             {"a reason too long", "cases/1", "move",
              move(id, "close", version + R"(,"reason":")" + long5000 + "\""), "422 core.case.reason_long"},
             {"answers where nothing is asked", "cases/1", "move",
              move(id, "close", version + R"(,"reason":"r","answers":{"x":1})"), "422 core.case.no_form"},
             {"an answer unknown to the step's form", "cases/1", "move",
              move(id, "note", version + R"(,"answers":{"x":1})"), "422 core.case.answers"},
             {"the system's way by a person", "cases/1", "move", move(id, "give_up", version),
              "403 core.case.not_yours"},
             {"a person's way by the system", "cases/1", "move",
              move(id, "close", version + R"(,"reason":"r","as":"system")"), "403 core.case.not_yours"},
             {"an empty comment", "cases/1", "comment", of(id, R"(,"text":" ")"), "422 core.case.comment"},
             {"an internal word by who asked for it", "cases/1", "comment",
              of(id, R"(,"text":"t","internal":true)"), "403 core.case.not_yours"},
             {"no comment", "cases/1", "comment", of(id), "422 core.case.comment"},
             {"a comment too long", "cases/1", "comment", of(id, R"(,"text":")" + long5000 + "\""),
              "422 core.case.comment"},
             {"a relation not declared", "cases/1", "relate", of(id, R"(,"relation":"friend","account":8)"),
              "422 core.case.relation"},
             {"a relation to nobody", "cases/1", "relate", of(id, R"(,"relation":"handler","account":"x")"),
              "422 core.argument.type"},
             {"a file that is none", "cases/1", "attach", of(id, R"(,"file":"x","name":"a.pdf")"),
              "404 core.case.unknown"},
             {"no such method", "cases/1", "destroy", of(id), "404 core.service.method"},
             {"another major", "cases/2", "get", of(id), "404 core.service.unknown"}});
        // A case stays as it was, and is moved by whoever asks rightly.
        house.refuses(house.inspector, {{"somebody whom the machine does not name", "cases/1", "get", of(id),
                                         "404 core.case.unknown"}});
        house.good(house.clerk, "cases/1", "move", move(id, "close", version + R"(,"reason":"r")"));
        house.refuses(house.clerk,
                      {{"out of a state that has ended", "cases/1", "move",
                        move(id, "close", R"("version":2,"reason":"r")"), "409 core.case.no_such_move"}});
    }

    void anotherPluginsCaseIsNone() {
        ServiceHouse house;
        const std::string id = opened(house, {.plugin = "zoo_other"});
        house.refuses(
            house.clerk,
            {{"get", "cases/1", "get", of(id), "404 core.case.unknown"},
             {"move", "cases/1", "move", move(id, "close", R"("version":1,"reason":"r")"),
              "404 core.case.unknown"},
             {"move by the system", "cases/1", "move", move(id, "give_up", R"("version":1,"as":"system")"),
              "404 core.case.unknown"},
             {"allowed", "cases/1", "allowed", of(id), "404 core.case.unknown"},
             {"history", "cases/1", "history", of(id), "404 core.case.unknown"},
             {"comment", "cases/1", "comment", of(id, R"(,"text":"t")"), "404 core.case.unknown"},
             {"attach", "cases/1", "attach", of(id, R"(,"file":1,"name":"n")"), "404 core.case.unknown"},
             {"relate", "cases/1", "relate", of(id, R"(,"relation":"handler","account":8)"),
              "404 core.case.unknown"},
             {"its rules' time", "rules/1", "value", R"({"rule":"fee","case":")" + id + "\"}",
              "404 core.case.unknown"}});
        CPPUNIT_ASSERT_EQUAL(std::size_t{0},
                             house.good(house.clerk, "cases/1", "list", "{}")["cases"].size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0},
                             house.good(house.clerk, "cases/1", "todo", "{}")["items"].size());
    }

    void theCallerSeesAsFarAsHerPermission() {
        ServiceHouse house;
        opened(house);
        const ServiceHouse::Sending own{.plugin = "zoo_caller", .route = "run_own"};
        house.good(house.citizen, "cases/1", "open", ticket, own);
        const auto seen = [&](const identity::Principal& who, const char* route) {
            return house.good(who, "cases/1", "list", "{}", {.plugin = "zoo_caller", .route = route})["cases"]
                .size();
        };
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seen(house.citizen, "run_own"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, seen(house.clerk, "run_office"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, seen(house.stranger, "run_office"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, seen(house.inspector, "run_all"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, seen(identity::Principal(), "run"));
    }

    void guardsAskAndEffectsWriteInTheMove() {
        ServiceHouse house;
        const std::string id = opened(house);
        const auto note = [&](const std::string& phase, const std::string& steps) {
            const Value text = Value::of(steps);
            return house.ask(
                house.clerk, "cases/1", "move",
                move(id, "note", R"("version":1,"answers":{")" + phase + "\":" + json::write(text) + "}"));
        };
        // A guard reads, and may write nothing, by whatever door.
        const Value guarded = note(
            "guard",
            "[" + asking("cases/1", "get", of(id)) + "," +
                asking("cases/1", "comment", of(id, R"(,"text":"t")")) + "," +
                asking("jobs/1", "enqueue", R"({"name":"run","arguments":{}})") + "," +
                asking("events/1", "publish", R"({"event":"zoo_caller.happened/1","payload":{}})") + "," +
                asking("notices/1", "send", R"({"notice":"told","to":{"account":8},"key":"k"})") + "," +
                beginWrite + "," + asking("zoo_other/1", "run", "{\"steps\":[" + beginWrite + "]}") + "]");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(json::write(guarded), std::string("409 zoo_caller.said"),
                                     wordOf(guarded));
        std::string words;
        for (const ValueView step : guarded["details"]["said"])
            words += wordOf(step) + "; ";
        CPPUNIT_ASSERT_EQUAL(std::string("0; 400 core.host.tx_read_only; 400 core.host.tx_read_only; "
                                         "400 core.host.tx_read_only; 400 core.host.tx_read_only; "
                                         "400 core.host.tx_read_only; 0; "),
                             words);
        const Value last(*std::next(guarded["details"]["said"].begin(), 6));
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.host.tx_read_only"), wordOf(*last["out"].begin()));
        CPPUNIT_ASSERT_EQUAL(std::string("open"),
                             house.good(house.clerk, "cases/1", "get", of(id))["state"].asText());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             *house.good(house.clerk, "cases/1", "get", of(id))["version"].integer());

        // An effect's services are part of the move: also what another plugin does for it.
        const std::string other =
            "INSERT INTO zoo_other_note (id, account, organisation, word) VALUES (1, 7, 1, 'moved')";
        const Value moved = note(
            "effect", "[" + asking("notices/1", "send", R"({"notice":"told","to":{"account":8},"key":"k"})") +
                          "," +
                          asking("zoo_other/1", "run",
                                 "{\"steps\":[" + beginWrite + R"(,{"do":"exec","sql":")" + other + "\"}," +
                                     commit + "]}") +
                          "]");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(json::write(moved), std::string("0"), wordOf(moved));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, house.number("SELECT COUNT(*) FROM zoo_other_note"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, house.number("SELECT COUNT(*) FROM notice"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, house.said("zoo_caller").size());
    }

    void everyMethodKeepsToItsMoment() {
        ServiceHouse house;
        const std::string id = opened(house);
        const std::string comment = of(id, R"(,"text":"t")");
        const auto words = [&](const std::string& steps) {
            std::string all;
            const Value answers = house.run(house.clerk, "[" + steps + "]");
            for (const ValueView step : answers.view())
                all += wordOf(step) + "; ";
            return all;
        };
        CPPUNIT_ASSERT_EQUAL(std::string("0; 400 core.host.tx_read_only; 0; "),
                             words(beginRead + "," +
                                   asking("cases/1", "comment", comment, R"(,"given":true)") + "," +
                                   asking("cases/1", "get", of(id), R"(,"given":true)")));
        // A second transaction of the same thread would wait for the first for ever.
        CPPUNIT_ASSERT_EQUAL(std::string("0; 400 core.host.tx_not_given; 0; 0; "),
                             words(beginWrite + "," + asking("cases/1", "comment", comment) + "," +
                                   asking("cases/1", "get", of(id)) + "," + commit));
        // A call belongs to its thread, and its bytes are judged before they are followed.
        CPPUNIT_ASSERT_EQUAL(std::string("400; 0; "),
                             words(asking("cases/1", "comment", comment, R"(,"elsewhere":true)") + "," +
                                   asking("cases/1", "get", of(id))));
        CPPUNIT_ASSERT_EQUAL(
            std::string("400 core.host.value; 400 core.host.value; "),
            words(asking("cases/1", "comment", comment, R"(,"bytes":"no value at all, but bytes")") + "," +
                  asking("cases/1", "comment", comment, R"(,"cut":3)")));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, house.number("SELECT COUNT(*) FROM case_comment"));
    }

    void rulesAnswerInTheirOwnTime() {
        ServiceHouse house;
        const Value fee = house.good(house.clerk, "rules/1", "value", R"({"rule":"fee"})");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{800}, *fee["value"].integer());
        CPPUNIT_ASSERT_EQUAL(std::string("money"), fee["type"].asText());
        const std::string summer2024 = "1720000000000000";
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1000},
            *house.good(house.clerk, "rules/1", "value", R"({"rule":"fee","at":)" + summer2024 + "}")["value"]
                 .integer());
        const std::string id = opened(house);
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{800},
            *house.good(house.clerk, "rules/1", "value", R"({"rule":"fee","case":")" + id + "\"}")["value"]
                 .integer());
        CPPUNIT_ASSERT(*house.good(house.clerk, "rules/1", "due", R"({"term":"3 days"})")["at"].integer() >
                       now());
        CPPUNIT_ASSERT(
            *house.good(house.clerk, "rules/1", "due", R"({"rule":"answer_term"})")["at"].integer() > now());
        house.refuses(
            house.clerk,
            {{"no rule", "rules/1", "value", "{}", "422 core.argument.missing"},
             {"a rule that is a list", "rules/1", "value", R"({"rule":["fee"]})", "422 core.argument.type"},
             {"a rule that is none", "rules/1", "value", R"({"rule":"fees"})", "404 core.rule.unknown"},
             {"a moment that is a word", "rules/1", "value", R"({"rule":"fee","at":"today"})",
              "422 core.argument.type"},
             {"a moment before time", "rules/1", "value", R"({"rule":"fee","at":-1})", "400 core.rule.asked"},
             {"a moment after all time", "rules/1", "value", R"({"rule":"fee","at":9000000000000000000})",
              "400 core.rule.asked"},
             {"a moment without a value", "rules/1", "value", R"({"rule":"fee","at":1})",
              "409 core.rule.no_value"},
             {"a moment and a case", "rules/1", "value", R"({"rule":"fee","at":1,"case":")" + id + "\"}",
              "400 core.rule.asked"},
             {"a case that is none", "rules/1", "value", R"({"rule":"fee","case":4711})",
              "404 core.case.unknown"},
             {"no term", "rules/1", "due", "{}", "400 core.rule.asked"},
             {"a term and a rule", "rules/1", "due", R"({"term":"3 days","rule":"answer_term"})",
              "400 core.rule.asked"},
             {"a term of no form", "rules/1", "due", R"({"term":"3 weeks"})", "422 core.term.form"},
             {"a term that is a number", "rules/1", "due", R"({"term":3})", "422 core.argument.type"},
             {"a rule of another type", "rules/1", "due", R"({"rule":"fee"})", "422 core.rule.type"},
             {"a start after all time", "rules/1", "due", R"({"term":"3 days","start":9000000000000000000})",
              "400 core.rule.asked"}});
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CasesContractTest);

} // namespace
