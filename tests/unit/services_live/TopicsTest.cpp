// SPDX-License-Identifier: Apache-2.0
// Pages are fed through a real front: what a browser would read off the wire.
#include "unit/identity/TestDatabase.h"
#include "unit/services_live/LiveBrowser.h"

#include "services/Registry.h"
#include "services/live/PluginTopics.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace dalate;
using namespace dalate::test;
using identity::Principal;
using services::live::PluginTopics;
using services::live::Topics;

Principal person(std::int64_t id) {
    Principal who;
    who.kind = Principal::Kind::person;
    who.user = id;
    return who;
}

class TopicsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TopicsTest);
    CPPUNIT_TEST(aPageBeginsWithTheStateAndFollowsIt);
    CPPUNIT_TEST(whatIsNotCommittedIsNotShown);
    CPPUNIT_TEST(sayingTheSameAgainSaysNothing);
    CPPUNIT_TEST(nobodySeesWhatIsNotHers);
    CPPUNIT_TEST(aRightThatEndsEndsTheStream);
    CPPUNIT_TEST(aStreamEndsAfterItsLifeAndASilentOneBeats);
    CPPUNIT_TEST(aPersonHasSoManyStreams);
    CPPUNIT_TEST(aPageThatIsClosedIsForgotten);
    CPPUNIT_TEST(oneFaultKeepsNobodyElseWaiting);
    CPPUNIT_TEST(aPluginsTopicIsSealedForItsReader);
    CPPUNIT_TEST(changesAreSaidAfterTheCommit);
    CPPUNIT_TEST(stopEndsAll);
    CPPUNIT_TEST_SUITE_END();

    TestDatabase db_;
    std::atomic<Micros> clock_{1'000'000};
    std::unique_ptr<Topics> topics_;
    std::unique_ptr<Streams> streams_;
    std::unique_ptr<http::Front> front_;

    void set(std::int64_t id, std::int64_t value) {
        db_.write([&](storage::Tx& tx) {
            tx.exec("UPDATE thing SET value = :value WHERE id = :id", {{"value", value}, {"id", id}});
        });
    }
    Browser open(std::vector<std::string> names, Principal who = person(1)) {
        streams_->names = topics_->allowed(who, names);
        streams_->who = std::move(who);
        const std::size_t before = topics_->readers();
        Browser browser(front_->port());
        CPPUNIT_ASSERT(browser.sees("retry:"));
        CPPUNIT_ASSERT(topics_->readers() >= std::min<std::size_t>(before, 1));
        return browser;
    }

public:
    void setUp() override {
        db_.write([](storage::Tx& tx) {
            tx.exec("CREATE TABLE thing (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, value INTEGER NOT "
                    "NULL)");
            tx.exec("INSERT INTO thing (id, owner, value) VALUES (1, 1, 10), (2, 2, 20), (3, 1, 30)");
        });
        Topics::Options options;
        options.clock = [this] { return clock_.load(); };
        options.streamsAPerson = 2;
        options.topicsAStream = 3;
        topics_ = std::make_unique<Topics>(db_.pool(), options);
        topics_->add(
            {"thing",
             [](storage::Tx& tx, const Principal& who, std::string_view object) -> std::optional<Value> {
                 if (object == "broken") throw Error(500, "test.broken");
                 auto rows = tx.query("SELECT value FROM thing WHERE id = :id AND owner = :owner",
                                      {{"id", object}, {"owner", who.user}});
                 if (!rows.next()) throw Error(404, "test.unknown");
                 return Value::map([&](MapWriter& m) { m.set("value", rows.integer(0)); });
             }});
        streams_ = std::make_unique<Streams>(*topics_);
        http::FrontConfig settings;
        settings.bind = {"127.0.0.1:0"};
        settings.threads = 1;
        front_ = std::make_unique<http::Front>(std::move(settings), *streams_);
        front_->start();
    }
    void tearDown() override {
        if (topics_) topics_->stop();
        front_->stop(std::chrono::milliseconds(500));
        front_.reset();
        streams_.reset();
        topics_.reset();
    }

    void aPageBeginsWithTheStateAndFollowsIt() {
        Browser browser = open({"thing/1", "thing/3"});
        topics_->look(false);
        CPPUNIT_ASSERT(browser.sees(R"({"topic":"thing/3","state":{"value":30}})"));
        CPPUNIT_ASSERT(browser.sees(R"({"topic":"thing/1","state":{"value":10}})"));
        set(1, 11);
        topics_->touch("thing/1");
        topics_->look(false);
        CPPUNIT_ASSERT(browser.sees(R"({"topic":"thing/1","state":{"value":11}})"));
        // Nobody has said so, as where another process has written.
        set(3, 31);
        topics_->look(false);
        topics_->look(true);
        CPPUNIT_ASSERT(browser.sees(R"({"value":31})"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, browser.states());
    }
    void whatIsNotCommittedIsNotShown() {
        Browser browser = open({"thing/1"});
        topics_->look(true);
        {
            auto lease = db_.pool().lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            tx.exec("UPDATE thing SET value = 99 WHERE id = 1");
            topics_->touch("thing/1");
            topics_->look(true);
        }
        topics_->look(true);
        set(1, 12);
        topics_->look(true);
        CPPUNIT_ASSERT(browser.sees(R"({"value":12})"));
        CPPUNIT_ASSERT(browser.all.find("99") == std::string::npos);
    }
    void sayingTheSameAgainSaysNothing() {
        Browser browser = open({"thing/1"});
        for (int i = 0; i < 5; ++i) {
            topics_->touch("thing/1");
            topics_->look(i % 2 == 0);
        }
        CPPUNIT_ASSERT(browser.sees(R"({"value":10})"));
        browser.read(100);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, browser.states());
    }
    void nobodySeesWhatIsNotHers() {
        const std::vector<std::string> asked{"thing/1", "thing/2", "thing/9", "nothing/1",
                                             "thing",   "",        "thing/1"};
        CPPUNIT_ASSERT_THROW(topics_->allowed(person(1), asked), Error);
        CPPUNIT_ASSERT(topics_->allowed(person(1), {"thing/2", "thing/9", "nothing/1"}).empty());
        CPPUNIT_ASSERT(topics_->allowed(person(1), {"thing", "", "thing/1' OR 1=1"}).empty());
        CPPUNIT_ASSERT(topics_->allowed(Principal(), {"thing/1"}).empty());
        const auto hers = topics_->allowed(person(1), {"thing/1", "thing/2", "thing/1"});
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hers.size());
    }
    void aRightThatEndsEndsTheStream() {
        Browser browser = open({"thing/1"});
        topics_->look(true);
        db_.write([](storage::Tx& tx) { tx.exec("UPDATE thing SET owner = 2, value = 77 WHERE id = 1"); });
        topics_->look(true);
        CPPUNIT_ASSERT(!browser.sees("77"));
        CPPUNIT_ASSERT(browser.ended);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, topics_->readers());
    }
    void aStreamEndsAfterItsLifeAndASilentOneBeats() {
        Browser browser = open({"thing/1"});
        topics_->look(true);
        clock_ += Topics::Options().beat;
        topics_->look(false);
        CPPUNIT_ASSERT(browser.sees("\n:\n\n") || browser.sees(":\n\n"));
        clock_ += Topics::Options().life;
        topics_->look(false);
        browser.sees("never");
        CPPUNIT_ASSERT(browser.ended);
    }
    void aPersonHasSoManyStreams() {
        Browser oldest = open({"thing/1"}), second = open({"thing/1"}), other = open({"thing/2"}, person(2));
        Browser third = open({"thing/1"});
        oldest.sees("never");
        CPPUNIT_ASSERT(oldest.ended && !second.ended && !other.ended);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, topics_->readers());
    }
    void aPageThatIsClosedIsForgotten() {
        {
            Browser browser = open({"thing/1"});
            topics_->look(true);
        }
        for (int waits = 0; waits < 100 && topics_->readers() > 0; ++waits) {
            set(1, 100 + waits);
            topics_->look(true);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, topics_->readers());
    }
    void oneFaultKeepsNobodyElseWaiting() {
        // Sound when it was asked for, broken since.
        Browser broken = open({"thing/1"}), sound = open({"thing/2"}, person(2));
        topics_->look(true);
        streams_->names = {"thing/broken"};
        Browser worse(front_->port());
        CPPUNIT_ASSERT(worse.sees("retry:"));
        set(2, 21);
        topics_->look(true);
        CPPUNIT_ASSERT(sound.sees(R"({"value":21})"));
    }
    void aPluginsTopicIsSealedForItsReader() {
        PluginTopics plugins(*topics_, [this] { return clock_.load(); });
        const std::string topic = plugins.sealed(person(1), "fake", "holds");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, topics_->allowed(person(1), {topic}).size());
        CPPUNIT_ASSERT(topics_->allowed(person(2), {topic}).empty());
        CPPUNIT_ASSERT(topics_->allowed(Principal(), {topic}).empty());
        const std::string other = "plugin/fake/other" + topic.substr(topic.find('~'));
        for (const std::string& forged :
             {other, std::string("plugin/fake/holds"), std::string("plugin/fake/holds~"),
              topic.substr(0, topic.size() - 1), topic + "0", "plugin/~" + topic})
            CPPUNIT_ASSERT_MESSAGE(forged, topics_->allowed(person(1), {forged}).empty());
        Browser browser = open({topic});
        topics_->look(false);
        CPPUNIT_ASSERT(browser.sees(R"("changed":0)"));
        plugins.say("fake", "holds");
        topics_->look(false);
        CPPUNIT_ASSERT(browser.sees("\"changed\":" + std::to_string(clock_.load())));
        // Twice in one moment is two changes.
        plugins.say("fake", "holds");
        topics_->look(false);
        CPPUNIT_ASSERT(browser.sees("\"changed\":" + std::to_string(clock_.load() + 1)));
        topics_->stop();
    }
    void changesAreSaidAfterTheCommit() {
        PluginTopics plugins(*topics_, [this] { return clock_.load(); });
        services::Registry registry;
        offerLive(registry, plugins);
        Principal who = person(1);
        services::AfterCommit after;
        services::ServiceContext context{.plugin = "fake",
                                         .principal = who,
                                         .scope = {},
                                         .declaredJobs = {},
                                         .language = "en",
                                         .requestId = {},
                                         .baseUrl = {},
                                         .deadline = {},
                                         .tx = nullptr,
                                         .afterCommit = &after};
        const auto ask = [&](const char* method, const std::string& name) {
            return registry.find("live/1", method)->answer(context, Value::map([&](MapWriter& m) {
                                                               m.set("name", name);
                                                           }));
        };
        const std::string topic = ask("topic", "holds")["topic"].asText();
        Browser browser = open({topic});
        topics_->look(false);
        CPPUNIT_ASSERT(browser.sees(R"("changed":0)"));
        ask("changed", "holds");
        topics_->look(true);
        browser.read(50);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, browser.states());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, after.size());
        after[0]();
        topics_->look(false);
        CPPUNIT_ASSERT(browser.sees("\"changed\":" + std::to_string(clock_.load())));
        for (const std::string& name :
             {std::string(), std::string("a~b"), std::string("A"), std::string(101, 'a')})
            CPPUNIT_ASSERT_THROW(ask("topic", name), Error);
        who = Principal();
        CPPUNIT_ASSERT_EQUAL(std::string(), ask("topic", "holds")["topic"].asText());
        topics_->stop();
    }
    void stopEndsAll() {
        Browser browser = open({"thing/1"});
        topics_->start();
        CPPUNIT_ASSERT(browser.sees(R"({"value":10})"));
        topics_->stop();
        browser.sees("never");
        CPPUNIT_ASSERT(browser.ended);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TopicsTest);

} // namespace
