// SPDX-License-Identifier: Apache-2.0
#include "County.h"

#include "services/cases/CaseService.h"

namespace {

using namespace dalate;
using namespace dalate::test;

/// cases/1 as plugins meet it: values in, values out.
class ServiceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServiceTest);
    CPPUNIT_TEST(aCaseGoesItsWayByValues);
    CPPUNIT_TEST(anotherPluginsCaseIsNotThere);
    CPPUNIT_TEST(thePluginsCodeActsAsTheSystemOnlyWhereDeclared);
    CPPUNIT_TEST(listsSeeAsFarAsTheCall);
    CPPUNIT_TEST(aTodoListOfAnyLengthIsAskedFor);
    CPPUNIT_TEST_SUITE_END();

    County f_;
    Registry registry_;
    const Principal citizen_ = County::citizen(), agent_ = County::agent();

    Value ask(const Principal& who, const char* method, const Value& in, std::string_view plugin = "desk",
              storage::Scope scope = {}) {
        const auto service = registry_.find("cases/1", method);
        return f_.write([&](storage::Tx& tx, AfterCommit& after) {
            ServiceContext context{plugin, who, scope, {}, "zh-CN", "r9", {}, {}, &tx, &after, nullptr, nullptr, 0};
            return service->answer(context, in);
        });
    }
    template <class Fill>
    static Value with(Fill&& fill) {
        return Value::map(std::forward<Fill>(fill));
    }
    Value opened() {
        return ask(citizen_, "open", with([](MapWriter& m) {
                       m.set("machine", "ticket").set("answers", County::answers({{"subject", "Lamp"}}));
                       m.set("subject", "lamp/7");
                   }));
    }
    static Value move(ValueView kase, const char* transition) {
        return with([&](MapWriter& m) {
            m.set("case", kase["case"]).set("version", kase["version"]).set("transition", transition);
        });
    }

public:
    void setUp() override { offerCases(registry_, f_.engine); }

    void aCaseGoesItsWayByValues() {
        const Value fresh = opened();
        CPPUNIT_ASSERT(fresh["case"].isText());
        CPPUNIT_ASSERT_EQUAL(std::string("lamp/7"), fresh["subject"].asText());
        const Value key = with([&](MapWriter& m) { m.set("case", fresh["case"]); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, ask(agent_, "allowed", key)["moves"].size());
        CPPUNIT_ASSERT_EQUAL(std::string("take"), (*ask(agent_, "allowed", key)["moves"].begin())["transition"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("withdraw"),
                             (*ask(citizen_, "allowed", key)["moves"].begin())["transition"].asText());
        const Value moved = ask(agent_, "move", move(fresh, "take"));
        CPPUNIT_ASSERT_EQUAL(std::string("working"), moved["state"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("core.case.version"),
                             County::refusal([&] { ask(agent_, "move", move(fresh, "take")); }));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("without a version nothing moves",
                                     std::string("core.case.version_unknown"),
                                     County::refusal([&] {
                                         ask(agent_, "move", with([&](MapWriter& m) {
                                                 m.set("case", fresh["case"]).set("transition", "pass_on");
                                             }));
                                     }));
        ask(citizen_, "comment", with([&](MapWriter& m) { m.set("case", fresh["case"]).set("text", "Soon?"); }));
        ask(citizen_, "attach", with([&](MapWriter& m) { m.set("case", fresh["case"]).set("file", "77").set("name", "a"); }));
        const Value trail = ask(citizen_, "history", key);
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, trail["entries"].size());
        CPPUNIT_ASSERT(trail["chain"]["whole"].truth());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, ask(agent_, "todo", Value::map())["items"].size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, ask(citizen_, "todo", Value::map())["items"].size());
    }

    void anotherPluginsCaseIsNotThere() {
        const Value fresh = opened();
        const Value key = with([&](MapWriter& m) { m.set("case", fresh["case"]); });
        const Value file = with([&](MapWriter& m) { m.set("case", fresh["case"]).set("file", 77); });
        const Value relation = with([&](MapWriter& m) {
            m.set("case", fresh["case"]).set("relation", "helper").set("account", 2);
        });
        for (const auto& [method, in] : {std::pair("attach", &file), std::pair("relate", &relation)})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(method, std::string("core.case.unknown"), County::refusal([&, in = in, method = method] {
                                             ask(agent_, method, *in, "other", {storage::Scope::Kind::county, 1, 1});
                                         }));
        for (const char* method : {"get", "allowed", "history", "move", "comment"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(method, std::string("core.case.unknown"), County::refusal([&] {
                                             ask(agent_, method, key, "other", {storage::Scope::Kind::county, 1, 1});
                                         }));
        for (const char* bad : {"", "x", "99999999999999999999"})
            CPPUNIT_ASSERT_EQUAL(std::string("core.case.unknown"), County::refusal([&] {
                ask(agent_, "get", with([&](MapWriter& m) { m.set("case", bad); }));
            }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.away"), County::refusal([&] {
            ask(agent_, "open", with([](MapWriter& m) { m.set("machine", "ticket"); }), "other");
        }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.case.no_machine"), County::refusal([&] {
            ask(agent_, "open", with([](MapWriter& m) { m.set("machine", "nothing"); }));
        }));
    }

    void thePluginsCodeActsAsTheSystemOnlyWhereDeclared() {
        const Value fresh = opened();
        const auto system = [&](const char* transition) {
            return with([&](MapWriter& m) {
                m.set("case", fresh["case"]).set("version", fresh["version"]).set("transition", transition);
                m.set("as", "system");
            });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("core.case.not_yours"),
                             County::refusal([&] { ask(Principal{}, "move", system("take")); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.case.unknown"),
                             County::refusal([&] { ask(Principal{}, "move", move(fresh, "escalate")); }));
        CPPUNIT_ASSERT_EQUAL(std::string("overdue"), ask(Principal{}, "move", system("escalate"))["state"].asText());
    }

    void aTodoListOfAnyLengthIsAskedFor() {
        for (int i = 0; i < 3; ++i)
            opened();
        const auto size = [&](std::int64_t limit, std::string_view plugin = "desk") {
            return ask(agent_, "todo", with([&](MapWriter& m) { m.set("limit", limit); }), plugin)["items"].size();
        };
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, size(-1));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, size(0));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, size(2));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, size(std::numeric_limits<std::int64_t>::max()));
        // What waits of another plugin's takes no place of this one's.
        f_.sql("UPDATE case_record SET plugin = 'other' WHERE number IN ('T202401-0001', 'T202401-0002')");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, size(1));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, size(5, "other"));
    }

    void listsSeeAsFarAsTheCall() {
        for (int i = 0; i < 3; ++i)
            opened();
        const auto size = [&](const Principal& who, storage::Scope scope, std::string_view plugin = "desk") {
            return ask(who, "list", with([](MapWriter& m) { m.set("machine", "ticket"); }), plugin, scope)["cases"].size();
        };
        const Principal stranger = County::citizen(9);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, size(citizen_, {storage::Scope::Kind::self, 1, 0}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, size(stranger, {storage::Scope::Kind::self, 9, 0}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, size(Principal{}, {}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, size(agent_, {storage::Scope::Kind::organisation, 2, 70}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, size(agent_, {storage::Scope::Kind::organisation, 2, 71}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, size(agent_, {storage::Scope::Kind::county, 2, 70}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, size(agent_, {storage::Scope::Kind::county, 2, 70}, "other"));
        const Value page = ask(agent_, "list", with([](MapWriter& m) { m.set("limit", 2); }), "desk",
                               {storage::Scope::Kind::county, 2, 70});
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, page["cases"].size());
        const Value rest = ask(agent_, "list", with([&](MapWriter& m) { m.set("limit", 2).set("after", page["next"]); }),
                               "desk", {storage::Scope::Kind::county, 2, 70});
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rest["cases"].size());
        CPPUNIT_ASSERT(rest["next"].isNull());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServiceTest);

} // namespace
