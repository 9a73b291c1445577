// SPDX-License-Identifier: Apache-2.0
#include "unit/services_events/EventsFixture.h"

#include <chrono>
#include <thread>

using namespace dalate;
using namespace dalate::services::events;
using dalate::test::EventsFixture;
using dalate::test::Subscribers;

class DeliveryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DeliveryTest);
    CPPUNIT_TEST(eventsComeInTheOrderOfTheirCommits);
    CPPUNIT_TEST(handlersAreToldWhatWasPublished);
    CPPUNIT_TEST(eachIsDeliveredOnce);
    CPPUNIT_TEST(aHandlerThatThrowsHasWrittenNothingAndGetsItAgain);
    CPPUNIT_TEST(thePauseDoublesAndLaterEventsWait);
    CPPUNIT_TEST(aFaultAtCommitKeepsNeitherWritesNorMark);
    CPPUNIT_TEST(afterEightTriesItIsDeadAndTheNextComes);
    CPPUNIT_TEST(aReplayedLetterIsDelivered);
    CPPUNIT_TEST(aReplayThatFailsStaysDead);
    CPPUNIT_TEST(subscribersDoNotHoldUpEachOther);
    CPPUNIT_TEST(aPluginThatIsAwayCatchesUp);
    CPPUNIT_TEST(anActivePluginWithoutItsHandlerIsNotCounted);
    CPPUNIT_TEST(aHandlerThatFindsAnotherAwayIsCounted);
    CPPUNIT_TEST(aHandlerHasAFewSeconds);
    CPPUNIT_TEST(aNewSubscriberStartsAtItsFirstActivation);
    CPPUNIT_TEST(aSubscriberUpButNotSeenYetMissesNothing);
    CPPUNIT_TEST(aNameNoLongerSubscribedComesNoMore);
    CPPUNIT_TEST(theCircleEndsAtTheHopLimit);
    CPPUNIT_TEST(oldEventsGoOnceEverybodyHasHadThem);
    CPPUNIT_TEST(idsRiseAfterThePurgeOfAll);
    CPPUNIT_TEST(theThreadDeliversByItself);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<EventsFixture> f;

    void subscribe(const std::string& plugin = "desk") {
        f->subscribers.handlers[plugin] = EventsFixture::keeps();
        f->active({{plugin, {"shop.sold/1"}}});
        f->thread.deliverDue();
    }
    /// The desk's handler writes, then fails.
    void failing() {
        subscribe();
        f->subscribers.handlers["desk"] = [](storage::Tx& tx, const Subscribers::Ask& ask) {
            EventsFixture::keep(tx, ask);
            throw Error(409, "desk.no");
        };
    }

public:
    void setUp() override { f = std::make_unique<EventsFixture>(); }
    void tearDown() override { f.reset(); }

    void eventsComeInTheOrderOfTheirCommits() {
        f->subscribers.handlers["desk"] = EventsFixture::keeps();
        f->active({{"desk", {"shop.sold/1", "shop.moved/1"}}});
        std::string expected;
        for (int i = 0; i < 100; ++i) {
            const std::string what = std::to_string(i);
            f->db.write([&](storage::Tx& tx) { f->publish(tx, i % 3 ? "shop.sold/1" : "shop.moved/1", what); });
            expected.append(i ? " " : "").append(what);
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{100}, f->thread.deliverDue());
        CPPUNIT_ASSERT_EQUAL(expected, f->got("desk"));
    }

    void handlersAreToldWhatWasPublished() {
        subscribe();
        std::string told;
        f->subscribers.handlers["desk"] = [&](storage::Tx&, const Subscribers::Ask& ask) {
            const ValueView a = ask.arguments;
            told = std::string(ask.name) + " " + a["id"].asText() + " " + std::string(a["plugin"].text()) + " " +
                   a["hops"].asText() + " " + std::to_string(ask.hops) + " " + std::string(ask.requestId) + " " +
                   a["at"].asText() + " " + std::string(a["payload"]["what"].text());
        };
        f->sold("tea");
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL("shop.sold/1 1 shop 1 1 r-1 " + std::to_string(f->clock) + " tea", told);
    }

    void eachIsDeliveredOnce() {
        subscribe();
        f->sold("a");
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, f->thread.deliverDue());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, f->thread.deliverDue());
        // A daemon that starts anew on the same rows.
        EventThread again(f->db.pool(), f->declarations, f->subscribers, [this] { return f->clock; });
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, again.deliverDue());
        CPPUNIT_ASSERT_EQUAL(std::string("a"), f->got("desk"));
    }

    void aHandlerThatThrowsHasWrittenNothingAndGetsItAgain() {
        failing();
        f->sold("a");
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(1, f->subscribers.calls["desk"]);
        CPPUNIT_ASSERT_EQUAL(std::string(), f->got("desk"));
        f->subscribers.handlers["desk"] = EventsFixture::keeps();
        f->clock += EventsFixture::second;
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("a"), f->got("desk"));
        CPPUNIT_ASSERT(f->dead().empty());
    }

    void thePauseDoublesAndLaterEventsWait() {
        failing();
        f->sold("a");
        f->sold("b");
        Micros pause = EventsFixture::second;
        for (int tries = 1; tries < Delivery::mostTries; ++tries) {
            f->thread.deliverDue();
            CPPUNIT_ASSERT_EQUAL(tries, f->subscribers.calls["desk"]);
            f->clock += std::min(pause, Delivery::longestPause) - 1;
            f->thread.deliverDue();
            CPPUNIT_ASSERT_EQUAL(tries, f->subscribers.calls["desk"]);
            f->clock += 1;
            pause *= 2;
        }
        CPPUNIT_ASSERT(f->dead().empty());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{7}, f->thread.counters().failed);
    }

    void aFaultAtCommitKeepsNeitherWritesNorMark() {
        subscribe();
        f->subscribers.handlers["desk"] = [](storage::Tx& tx, const Subscribers::Ask& ask) {
            EventsFixture::keep(tx, ask);
            tx.exec("INSERT INTO late (parent) VALUES (999)");
        };
        f->sold("a");
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(1, f->subscribers.calls["desk"]);
        CPPUNIT_ASSERT_EQUAL(std::string(), f->got("desk"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->count("SELECT position FROM event_cursor"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->count("SELECT tries FROM event_cursor"));
        f->subscribers.handlers["desk"] = EventsFixture::keeps();
        f->clock += EventsFixture::second;
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("a"), f->got("desk"));
    }

    void afterEightTriesItIsDeadAndTheNextComes() {
        subscribe();
        f->subscribers.handlers["desk"] = [](storage::Tx& tx, const Subscribers::Ask& ask) {
            EventsFixture::keep(tx, ask);
            if (ask.arguments["payload"]["what"].text() == "bad") throw Error(409, "desk.no");
        };
        f->sold("bad");
        f->sold("good");
        f->wearOut();
        CPPUNIT_ASSERT_EQUAL(std::string("good"), f->got("desk"));
        const auto dead = f->dead();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, dead.size());
        CPPUNIT_ASSERT_EQUAL(std::string("desk"), dead[0].subscriber);
        CPPUNIT_ASSERT_EQUAL(std::string("shop.sold/1"), dead[0].event.name);
        CPPUNIT_ASSERT_EQUAL(std::string("bad"), std::string(dead[0].event.payload.view()["what"].text()));
        CPPUNIT_ASSERT_EQUAL(std::string("desk.no"), std::string(dead[0].error.view()["id"].text()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, dead[0].tries);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->count("SELECT tries FROM event_cursor"));
    }

    void aReplayedLetterIsDelivered() {
        failing();
        f->sold("a");
        f->wearOut();
        const std::int64_t letter = f->dead().at(0).id;
        const int calls = f->subscribers.calls["desk"];
        f->subscribers.handlers["desk"] = EventsFixture::keeps();
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(calls, f->subscribers.calls["desk"]);
        f->db.write([&](storage::Tx& tx) { DeadLetters::ask(tx, letter, f->clock); });
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("a"), f->got("desk"));
        CPPUNIT_ASSERT(f->dead().empty());
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("a"), f->got("desk"));
        CPPUNIT_ASSERT_EQUAL(std::string("404 core.event.no_letter"), f->refusal([&] {
            f->db.write([&](storage::Tx& tx) { DeadLetters::ask(tx, letter, f->clock); });
        }));
    }

    void aReplayThatFailsStaysDead() {
        failing();
        f->sold("a");
        f->wearOut();
        f->db.write([&](storage::Tx& tx) { DeadLetters::ask(tx, f->dead().at(0).id, f->clock); });
        const int calls = f->subscribers.calls["desk"];
        f->thread.deliverDue();
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(calls + 1, f->subscribers.calls["desk"]);
        CPPUNIT_ASSERT_EQUAL(std::string(), f->got("desk"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, f->dead().at(0).tries);
        CPPUNIT_ASSERT_EQUAL(Micros{0}, f->dead().at(0).askedAt);
    }

    void subscribersDoNotHoldUpEachOther() {
        f->active({{"bad", {"shop.sold/1"}}, {"good", {"shop.sold/1"}}});
        f->subscribers.handlers["good"] = EventsFixture::keeps();
        f->subscribers.handlers["bad"] = [](storage::Tx&, const Subscribers::Ask&) { throw Error(409, "bad.no"); };
        f->sold("a");
        f->sold("b");
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("a b"), f->got("good"));
        CPPUNIT_ASSERT_EQUAL(1, f->subscribers.calls["bad"]);
        f->subscribers.handlers["bad"] = EventsFixture::keeps();
        f->clock += EventsFixture::second;
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("a b"), f->got("bad"));
        CPPUNIT_ASSERT_EQUAL(std::string("a b"), f->got("good"));
    }

    void aPluginThatIsAwayCatchesUp() {
        subscribe();
        f->sold("a");
        f->thread.deliverDue();
        f->active({});
        f->sold("b");
        f->thread.deliverDue();
        f->sold("c");
        CPPUNIT_ASSERT_EQUAL(std::string("a"), f->got("desk"));
        subscribe();
        CPPUNIT_ASSERT_EQUAL(std::string("a b c"), f->got("desk"));
    }

    void anActivePluginWithoutItsHandlerIsNotCounted() {
        subscribe();
        f->subscribers.handlers.clear();
        f->sold("a");
        for (int i = 0; i < 20; ++i) f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->count("SELECT tries FROM event_cursor"));
        subscribe();
        CPPUNIT_ASSERT_EQUAL(std::string("a"), f->got("desk"));
    }

    void aHandlerThatFindsAnotherAwayIsCounted() {
        subscribe();
        f->subscribers.handlers["desk"] = [](storage::Tx&, const test::Subscribers::Ask&) {
            throw Error(503, "core.plugin.away");
        };
        f->sold("a");
        f->wearOut();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, f->dead().size());
        CPPUNIT_ASSERT_EQUAL(std::string_view("core.plugin.away"), f->dead().at(0).error.view()["id"].text());
    }

    void aHandlerHasAFewSeconds() {
        subscribe();
        std::optional<Micros> until;
        f->subscribers.handlers["desk"] = [&](storage::Tx&, const test::Subscribers::Ask& ask) {
            until = ask.deadline;
        };
        f->sold("a");
        f->thread.deliverDue();
        CPPUNIT_ASSERT(until && *until > steadyNow() &&
                       *until <= steadyNow() + services::PluginCalls::onWriter);
    }

    void aNewSubscriberStartsAtItsFirstActivation() {
        f->sold("before");
        subscribe();
        f->sold("after");
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("after"), f->got("desk"));
        // A name that a later version adds starts likewise.
        f->db.write([&](storage::Tx& tx) { f->publish(tx, "shop.moved/1", "moved before"); });
        f->active({{"desk", {"shop.sold/1", "shop.moved/1"}}});
        f->thread.deliverDue();
        f->db.write([&](storage::Tx& tx) { f->publish(tx, "shop.moved/1", "moved"); });
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("after moved"), f->got("desk"));
    }

    void aSubscriberUpButNotSeenYetMissesNothing() {
        f->subscribers.handlers["desk"] = EventsFixture::keeps();
        f->active({{"desk", {"shop.sold/1"}}});
        f->sold("first"); // the thread has not looked since
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("first"), f->got("desk"));
    }

    void aNameNoLongerSubscribedComesNoMore() {
        subscribe();
        f->active({{"desk", {"shop.moved/1"}}});
        f->sold("a");
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string(), f->got("desk"));
    }

    void theCircleEndsAtTheHopLimit() {
        subscribe();
        f->subscribers.handlers["desk"] = [&](storage::Tx& tx, const Subscribers::Ask& ask) {
            EventsFixture::keep(tx, ask);
            f->publish(tx, "shop.sold/1", std::to_string(ask.hops), ask.hops);
        };
        f->sold("first");
        f->wearOut();
        CPPUNIT_ASSERT_EQUAL(std::string("first 1 2 3 4 5 6"), f->got("desk"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.event.hops"), std::string(f->dead().at(0).error.view()["id"].text()));
        CPPUNIT_ASSERT_EQUAL(mostHops, f->dead().at(0).event.hops);
    }

    void oldEventsGoOnceEverybodyHasHadThem() {
        f->subscribers.handlers["desk"] = EventsFixture::keeps();
        f->subscribers.handlers["slow"] = EventsFixture::keeps();
        f->active({{"desk", {"shop.sold/1"}}, {"slow", {"shop.sold/1"}}});
        f->thread.deliverDue();
        f->active({{"desk", {"shop.sold/1"}}});
        f->sold("a");
        f->db.write([&](storage::Tx& tx) { f->publish(tx, "shop.moved/1", "nobody's"); });
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->thread.purge());
        f->clock += EventThread::keep + 1;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->thread.purge());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->stored());
        f->active({{"desk", {"shop.sold/1"}}, {"slow", {"shop.sold/1"}}});
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("a"), f->got("slow"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->thread.purge());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->stored());
    }

    void idsRiseAfterThePurgeOfAll() {
        subscribe();
        const std::int64_t first = f->sold("a");
        f->thread.deliverDue();
        f->clock += EventThread::keep + 1;
        f->thread.purge();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->stored());
        CPPUNIT_ASSERT_EQUAL(first + 1, f->sold("b"));
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("a b"), f->got("desk"));
    }

    void theThreadDeliversByItself() {
        subscribe();
        f->thread.start();
        f->sold("a");
        f->thread.wake();
        const Micros until = steadyNow() + 10 * EventsFixture::second;
        while (f->thread.counters().delivered < 1 && steadyNow() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        // Not woken: it looks by itself.
        f->sold("b");
        while (f->thread.counters().delivered < 2 && steadyNow() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        f->thread.stop();
        CPPUNIT_ASSERT_EQUAL(std::string("a b"), f->got("desk"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeliveryTest);
