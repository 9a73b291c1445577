// SPDX-License-Identifier: Apache-2.0
// Every method of every shared service refuses a key that it does not take and a value of another type, and
// says which: a plugin's mistyped key is no silent default.
#include "ServiceHouse.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>
#include <vector>

namespace {

using namespace dalate;
using namespace dalate::contract;

/// What a method takes, each key with a value of another type, as JSON.
struct Takes {
    const char* service;
    const char* method;
    /// What it must have, members as JSON.
    std::string least;
    std::vector<std::pair<std::string, std::string>> wrong;
};

const std::vector<Takes> all{
    {"cases/1",
     "open",
     R"("machine":"ticket")",
     {{"machine", "5"},
      {"subject", "7"},
      {"parent", R"("x")"},
      {"applicant", "[]"},
      {"organisation", R"("mine")"},
      {"as", "1"}}},
    {"cases/1",
     "move",
     R"("case":1)",
     {{"case", "{}"}, {"transition", "3"}, {"version", R"("new")"}, {"reason", "[]"}, {"as", "1"}}},
    {"cases/1", "get", R"("case":1)", {{"case", "true"}, {"as", "1"}}},
    {"cases/1", "allowed", R"("case":1)", {{"case", "[]"}}},
    {"cases/1", "history", R"("case":1)", {{"case", "{}"}}},
    {"cases/1", "comment", R"("case":1)", {{"case", "[]"}, {"text", "5"}, {"internal", R"("yes")"}}},
    {"cases/1", "attach", R"("case":1,"file":2)", {{"case", "[]"}, {"file", "{}"}, {"name", "3"}}},
    {"cases/1",
     "relate",
     R"("case":1,"relation":"handler","account":8)",
     {{"case", "[]"}, {"relation", "5"}, {"account", R"("wang")"}, {"end", "1"}}},
    {"cases/1",
     "list",
     "",
     {{"machine", "1"},
      {"state", "[]"},
      {"desk", "{}"},
      {"words", "5"},
      {"life", "true"},
      {"assignee", R"("x")"},
      {"applicant", "[]"},
      {"limit", R"("all")"},
      {"after", "5"},
      {"after", R"({"changedAt":"x","case":1})"}}},
    {"cases/1", "todo", "", {{"limit", "{}"}, {"limit", "1.5"}}},
    {"forms/1",
     "validate",
     R"("form":"ticket","sent":"json")",
     {{"form", "1"}, {"sent", "1"}, {"at", R"("now")"}}},
    {"forms/1",
     "model",
     R"("form":"ticket")",
     {{"form", "[]"},
      {"action", "1"},
      {"answers", "[]"},
      {"raw", "1"},
      {"problems", "{}"},
      {"prefill", R"("no")"}}},
    {"forms/1",
     "details",
     R"("form":"ticket","personal":"masked")",
     {{"answers", "[1]"}, {"personal", "true"}}},
    {"forms/1", "draft", R"("form":"ticket")", {{"subject", "1"}, {"at", "[]"}}},
    {"forms/1",
     "keep",
     R"("form":"ticket","raw":{})",
     {{"subject", "1"}, {"raw", "[]"}, {"version", R"("last")"}}},
    {"forms/1", "drop", R"("form":"ticket")", {{"subject", "{}"}}},
    {"files/1",
     "keep",
     R"("upload":"u","object":"a/1","visibility":"owner")",
     {{"upload", "5"}, {"object", "[]"}, {"visibility", "1"}}},
    {"files/1", "info", R"("file":1)", {{"file", "{}"}}},
    {"files/1", "list", R"("object":"a/1")", {{"object", "1"}}},
    {"files/1", "remove", R"("file":1)", {{"file", "[]"}}},
    {"notices/1",
     "send",
     R"("notice":"told","to":{"account":8},"key":"k")",
     {{"notice", "5"}, {"to", "[]"}, {"values", R"("v")"}, {"key", "1"}}},
    {"notices/1", "list", "", {{"limit", R"("all")"}, {"before", "[]"}}},
    {"notices/1", "read", R"("notice":1)", {{"notice", "{}"}}},
    {"events/1", "publish", R"("event":"zoo_caller.happened/1")", {{"event", "1"}}},
    {"rules/1", "value", R"("rule":"fee")", {{"rule", "1"}, {"at", R"("today")"}, {"case", "[]"}}},
    {"rules/1", "due", R"("term":"3 days")", {{"term", "3"}, {"start", R"("now")"}, {"at", "{}"}}},
    {"jobs/1", "enqueue", R"("name":"run")", {{"name", "[]"}}},
    {"jobs/1", "status", R"("job":1)", {{"job", "{}"}}},
    {"jobs/1", "progress", R"("done":1,"total":2)", {{"done", R"("half")"}, {"total", "[]"}}},
    {"jobs/1", "reached", "", {}},
    {"lists/1", "rows", R"("list":"none")", {{"list", "1"}, {"query", "[]"}, {"limit", R"("all")"}}},
    {"lists/1",
     "table",
     R"("list":"none","path":"/x")",
     {{"path", "1"}, {"query", R"("q")"}, {"limit", "{}"}}},
    {"live/1", "topic", R"("name":"lots")", {{"name", "1"}}},
    {"live/1", "changed", R"("name":"lots")", {{"name", "[]"}}},
};

class ArgumentsContractTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ArgumentsContractTest);
    CPPUNIT_TEST(aKeyThatIsNotTakenIsRefused);
    CPPUNIT_TEST(aValueOfAnotherTypeIsRefused);
    CPPUNIT_TEST(aTextTooLongIsRefusedNotClipped);
    CPPUNIT_TEST(theRefusalNamesServiceMethodAndKey);
    CPPUNIT_TEST_SUITE_END();

    static std::string with(const std::string& least, const std::string& key, const std::string& value) {
        std::string in = "{\"" + key + "\":" + value;
        // The least without that key: a second member of one name would be no JSON.
        const Value rest = json::parse("{" + least + "}").take();
        for (const ValueView member : rest.view())
            if (member.key() != key)
                in += ",\"" + std::string(member.key()) + "\":" + json::write(Value(member));
        return in + "}";
    }

public:
    void aKeyThatIsNotTakenIsRefused() {
        ServiceHouse house;
        std::vector<Bad> bad;
        for (const Takes& one : all)
            bad.push_back({std::string(one.service) + "." + one.method, one.service, one.method,
                           with(one.least, "colour", "null"), "422 core.argument.unknown"});
        bad.push_back({"within to", "notices/1", "send",
                       R"({"notice":"told","key":"k","to":{"account":8,"organization":1}})",
                       "422 core.argument.unknown"});
        bad.push_back({"within after", "cases/1", "list", R"({"after":{"changedAt":1,"case":2,"page":3}})",
                       "422 core.argument.unknown"});
        house.refuses(house.clerk, bad);
    }

    void aValueOfAnotherTypeIsRefused() {
        ServiceHouse house;
        std::vector<Bad> bad;
        for (const Takes& one : all)
            for (const auto& [key, value] : one.wrong)
                bad.push_back({std::string(one.service) + "." + one.method + " " + key + " " + value,
                               one.service, one.method, with(one.least, key, value),
                               "422 core.argument.type"});
        house.refuses(house.clerk, bad);
    }

    void aTextTooLongIsRefusedNotClipped() {
        ServiceHouse house;
        const auto open = [](std::size_t length) {
            return R"({"machine":"ticket","answers":{"title":"a","pages":1},"subject":")" +
                   std::string(length, 's') + "\"}";
        };
        house.refuses(
            house.clerk,
            {{"a subject too long", "cases/1", "open", open(201), "422 core.argument.long"},
             {"a draft's subject too long", "forms/1", "draft",
              R"({"form":"ticket","subject":")" + std::string(201, 's') + "\"}", "422 core.argument.long"}});
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{200},
            house.good(house.clerk, "cases/1", "open", open(200))["subject"].asText().size());
    }

    void theRefusalNamesServiceMethodAndKey() {
        ServiceHouse house;
        const auto told = [&](const std::string& in) {
            const Value step = house.ask(house.clerk, "cases/1", "open", in);
            const ValueView details = step["details"];
            return details["service"].asText() + " " + details["method"].asText() + " " +
                   details["key"].asText();
        };
        CPPUNIT_ASSERT_EQUAL(std::string("cases/1 open aplicant"),
                             told(R"({"machine":"ticket","aplicant":4})"));
        CPPUNIT_ASSERT_EQUAL(std::string("cases/1 open machine"), told("{}"));
        CPPUNIT_ASSERT_EQUAL(std::string("cases/1 open $"), told("[]"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ArgumentsContractTest);

} // namespace
