// SPDX-License-Identifier: Apache-2.0
// forms/1 and notices/1 as a plugin meets them at the C table.
#include "ServiceHouse.h"

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::contract;

class FormsContractTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FormsContractTest);
    CPPUNIT_TEST(oneDeclarationJudgesPagesAndPrograms);
    CPPUNIT_TEST(draftsAreTheCallersOwn);
    CPPUNIT_TEST(formsAskedWronglyAreRefused);
    CPPUNIT_TEST(peopleAreToldOnceAndReadTheirOwn);
    CPPUNIT_TEST(noticesAskedWronglyAreRefused);
    CPPUNIT_TEST_SUITE_END();

    static inline const ServiceHouse::Sending own{.plugin = "zoo_caller", .route = "run_own"};

public:
    void oneDeclarationJudgesPagesAndPrograms() {
        ServiceHouse house;
        const auto judged = [&](const std::string& sent, const std::string& values) {
            return house.good(house.citizen, "forms/1", "validate",
                              R"({"form":"ticket","sent":")" + sent + R"(","values":)" + values + "}", own);
        };
        const Value posted =
            judged("posted", R"({"title":[" 印章 "],"pages":["3"],"phone":["139 1234 5678"]})");
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"title":"印章","pages":3,"phone":"13912345678"})"),
                             json::write(posted["answers"]));
        CPPUNIT_ASSERT(judged("json", R"({"title":"印章","pages":3})")["good"].truth());
        const struct {
            const char *values, *path, *id;
        } wrong[] = {
            {R"({"pages":3})", "$.title", "core.form.missing"},
            {R"({"title":"a","pages":"3"})", "$.pages", "core.form.json_type"},
            {R"({"title":["a"],"pages":3})", "$.title", "core.form.json_type"},
            {R"({"title":"a","pages":0})", "$.pages", "core.form.too_small"},
            {R"({"title":"a","pages":11})", "$.pages", "core.form.too_large"},
            {R"({"title":"a","pages":3,"phone":"12"})", "$.phone", "core.form.not_phone"},
            {R"({"title":"a","pages":3,"state":"closed"})", "$['state']", "core.form.unknown_field"}};
        for (const auto& one : wrong) {
            const Value answer = judged("json", one.values);
            CPPUNIT_ASSERT(!answer["good"].truth());
            const ValueView problem = *answer["problems"].begin();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(one.values, std::string(one.path) + " " + one.id,
                                         problem["path"].asText() + " " + problem["id"].asText());
            CPPUNIT_ASSERT(!problem["text"].text().empty());
        }
        const Value model =
            house.good(house.citizen, "forms/1", "model",
                       R"({"form":"ticket","action":"/zoo_caller/own","raw":{"title":["印章"]}})", own);
        CPPUNIT_ASSERT(json::write(model).find(R"("value":"印章")") != std::string::npos);
        CPPUNIT_ASSERT(json::write(model).find("题目") != std::string::npos);
        const auto details = [&](const char* personal) {
            return json::write(house.good(house.citizen, "forms/1", "details",
                                          std::string(R"({"form":"ticket","personal":")") + personal +
                                              R"(","answers":{"title":"a","pages":3,"phone":"13912345678"}})",
                                          own));
        };
        CPPUNIT_ASSERT(details("masked").find("139****5678") != std::string::npos);
        CPPUNIT_ASSERT(details("shown").find("13912345678") != std::string::npos);
    }

    void draftsAreTheCallersOwn() {
        ServiceHouse house;
        const std::string keep = R"({"form":"ticket","raw":{"title":["半截"]},"version":0})",
                          which = R"({"form":"ticket"})";
        CPPUNIT_ASSERT(house.good(house.citizen, "forms/1", "draft", which, own).view().isNull());
        house.good(house.citizen, "forms/1", "keep", keep, own);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"title":["半截"]})"),
                             json::write(house.good(house.citizen, "forms/1", "draft", which, own)["raw"]));
        // Neither another person's, nor another plugin's, nor about another subject.
        CPPUNIT_ASSERT(house.good(house.clerk, "forms/1", "draft", which).view().isNull());
        CPPUNIT_ASSERT(
            house.good(house.citizen, "forms/1", "draft", which, {.plugin = "zoo_other", .route = "run_own"})
                .view()
                .isNull());
        CPPUNIT_ASSERT(
            house.good(house.citizen, "forms/1", "draft", R"({"form":"ticket","subject":"s"})", own)
                .view()
                .isNull());
        CPPUNIT_ASSERT(!house.good(house.clerk, "forms/1", "drop", which)["dropped"].truth());
        CPPUNIT_ASSERT(house.good(house.citizen, "forms/1", "drop", which, own)["dropped"].truth());
        // With the caller's transaction it goes as it came.
        house.run(house.citizen,
                  "[" + beginWrite + "," + asking("forms/1", "keep", keep, R"(,"given":true)") + "," +
                      rollback + "]",
                  own);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, house.number("SELECT COUNT(*) FROM form_draft"));
    }

    void formsAskedWronglyAreRefused() {
        ServiceHouse house;
        const std::string raw = std::string(R"("raw":{"title":[")") + std::string(300'000, 'x') + "\"]}";
        house.refuses(
            house.citizen,
            {{"a form that is none", "forms/1", "validate", R"({"form":"none","sent":"json","values":{}})",
              "404 core.form.unknown"},
             {"no form", "forms/1", "model", "{}", "422 core.argument.missing"},
             {"arguments that are a list", "forms/1", "model", "[1]", "422 core.argument.type"},
             {"sent in no known way", "forms/1", "validate", R"({"form":"ticket","sent":"xml","values":{}})",
              "400 core.form.asked"},
             {"sent as a number", "forms/1", "validate", R"({"form":"ticket","sent":1,"values":{}})",
              "422 core.argument.type"},
             {"a moment before time", "forms/1", "validate",
              R"({"form":"ticket","sent":"json","values":{},"at":-1})", "400 core.form.asked"},
             {"personal left open", "forms/1", "details", R"({"form":"ticket","answers":{}})",
              "422 core.argument.missing"},
             {"a draft that is a list", "forms/1", "keep", R"({"form":"ticket","raw":[1]})",
              "422 core.argument.type"},
             {"a draft of a field that is none", "forms/1", "keep",
              R"({"form":"ticket","raw":{"stranger":["1"]}})", "400 core.form.asked"},
             {"a draft of numbers", "forms/1", "keep", R"({"form":"ticket","raw":{"pages":[3]}})",
              "400 core.form.asked"},
             {"a draft too long", "forms/1", "keep", R"({"form":"ticket","version":0,)" + raw + "}",
              "413 core.form.size"},
             {"no such method", "forms/1", "send", R"({"form":"ticket"})", "404 core.service.method"}},
            own);
        const ServiceHouse::Sending open{.plugin = "zoo_caller", .route = "run"};
        house.refuses(
            identity::Principal(),
            {{"a draft of nobody", "forms/1", "draft", R"({"form":"ticket"})", "403 core.form.no_draft"},
             {"kept for nobody", "forms/1", "keep", R"({"form":"ticket","raw":{},"version":0})",
              "403 core.form.no_draft"}},
            open);
        house.good(house.citizen, "forms/1", "keep", R"({"form":"ticket","raw":{"title":["1"]},"version":0})",
                   own);
        house.refuses(
            house.citizen,
            {{"over a newer one", "forms/1", "keep", R"({"form":"ticket","raw":{"title":["2"]},"version":0})",
              "409 core.form.draft_newer"}},
            own);
    }

    void peopleAreToldOnceAndReadTheirOwn() {
        ServiceHouse house;
        const auto tell = [&](const std::string& to, const std::string& key) {
            return *house
                        .good(house.clerk, "notices/1", "send",
                              R"({"notice":"told","to":)" + to + R"(,"values":{"title":"印章"},"key":")" +
                                  key + "\"}")["people"]
                        .integer();
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, tell(R"({"account":8})", "a"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, tell(R"({"account":8})", "a"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, tell(R"({"role":"agent"})", "b"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, tell(R"({"role":"agent","organisation":2})", "c"));
        const Value mine = house.good(house.citizen, "notices/1", "list", "{}", own);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, mine["notices"].size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, *mine["unread"].integer());
        const std::string id = (*mine["notices"].begin())["notice"].asText();
        // Somebody else's, and another plugin's, is none.
        const Bad foreign{"another's notice", "notices/1", "read", R"({"notice":")" + id + "\"}",
                          "404 core.notice.unknown"};
        house.refuses(house.clerk, {foreign});
        house.refuses(house.citizen, {foreign}, {.plugin = "zoo_other", .route = "run_own"});
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, house
                                                 .good(house.citizen, "notices/1", "list", "{}",
                                                       {.plugin = "zoo_other", .route = "run_own"})["notices"]
                                                 .size());
        house.good(house.citizen, "notices/1", "read", R"({"notice":")" + id + "\"}", own);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             *house.good(house.citizen, "notices/1", "list", "{}", own)["unread"].integer());
        house.run(house.clerk,
                  "[" + beginWrite + "," +
                      asking("notices/1", "send", R"({"notice":"told","to":{"account":8},"key":"d"})",
                             R"(,"given":true)") +
                      "," + rollback + "]");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             house.number("SELECT COUNT(*) FROM notice WHERE once_key = 'd'"));
    }

    void noticesAskedWronglyAreRefused() {
        ServiceHouse house;
        const auto send = [](const std::string& more) { return R"({"notice":"told",)" + more + "}"; };
        const std::string long500(500, 'k');
        house.refuses(
            house.clerk,
            {{"a kind that is not declared", "notices/1", "send",
              R"({"notice":"unheard","to":{"account":8},"key":"k"})", "404 core.notice.unknown"},
             {"no kind", "notices/1", "send", R"({"to":{"account":8},"key":"k"})",
              "422 core.argument.missing"},
             {"to nobody", "notices/1", "send", send(R"("key":"k")"), "422 core.argument.missing"},
             {"to a word", "notices/1", "send", send(R"("to":"agent","key":"k")"), "422 core.argument.type"},
             {"to two at once", "notices/1", "send", send(R"("to":{"account":8,"role":"agent"},"key":"k")"),
              "422 core.notice.asked"},
             {"to an account that is a word", "notices/1", "send", send(R"("to":{"account":"x"},"key":"k")"),
              "422 core.notice.asked"},
             {"to account 0", "notices/1", "send", send(R"("to":{"account":0},"key":"k")"),
              "422 core.notice.asked"},
             {"to a role without a name", "notices/1", "send", send(R"("to":{"role":""},"key":"k")"),
              "422 core.notice.asked"},
             {"to a role that is a list", "notices/1", "send", send(R"("to":{"role":["agent"]},"key":"k")"),
              "422 core.notice.asked"},
             {"to a relation of no case", "notices/1", "send",
              send(R"("to":{"relation":"handler"},"key":"k")"), "422 core.notice.asked"},
             {"an organisation that is a word", "notices/1", "send",
              send(R"("to":{"role":"agent","organisation":"x"},"key":"k")"), "422 core.notice.asked"},
             {"no key", "notices/1", "send", send(R"("to":{"account":8})"), "422 core.argument.missing"},
             {"a key too long", "notices/1", "send", send(R"("to":{"account":8},"key":")" + long500 + "\""),
              "422 core.argument.long"},
             {"values that are a list", "notices/1", "send",
              send(R"("to":{"account":8},"values":[1],"key":"k")"), "422 core.argument.type"},
             {"a page too long", "notices/1", "list", R"({"limit":201})", "422 core.notice.asked"},
             {"a page of none", "notices/1", "list", R"({"limit":0})", "422 core.notice.asked"},
             {"behind a word", "notices/1", "list", R"({"before":"x"})", "422 core.argument.type"},
             {"no notice", "notices/1", "read", "{}", "422 core.argument.missing"},
             {"a notice that is none", "notices/1", "read", R"({"notice":4711})", "404 core.notice.unknown"},
             {"no such method", "notices/1", "shout", "{}", "404 core.service.method"}});
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FormsContractTest);

} // namespace
