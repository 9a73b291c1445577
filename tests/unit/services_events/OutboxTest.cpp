// SPDX-License-Identifier: Apache-2.0
#include "unit/services_events/EventsFixture.h"

#include "services/CoreParts.h"
#include "services/events/EventsService.h"

using namespace dalate;
using namespace dalate::services;
using namespace dalate::services::events;
using dalate::test::EventsFixture;

class OutboxTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OutboxTest);
    CPPUNIT_TEST(rollbackPublishesNothing);
    CPPUNIT_TEST(onlyDeclaredNamesArePublished);
    CPPUNIT_TEST(theEighthHopIsTheLast);
    CPPUNIT_TEST(aPayloadHasItsBounds);
    CPPUNIT_TEST(anEventNeedsNoPayload);
    CPPUNIT_TEST(theServicePublishesForItsCaller);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<EventsFixture> f;

    Value ask(std::shared_ptr<const Declared> declared, ValueView in, int hops = 0) {
        const identity::Principal nobody;
        return f->db.write([&](storage::Tx& tx) {
            ServiceContext context{.plugin = "shop",
                                   .principal = nobody,
                                   .scope = {},
                                   .declaredJobs = {},
                                   .language = "zh-CN",
                                   .requestId = "r-2",
                                   .baseUrl = {},
                                   .deadline = {},
                                   .tx = &tx,
                                   .afterCommit = &f->after,
                                   .declared = std::move(declared),
                                   .hops = hops};
            Registry registry;
            offerEvents({f->db.pool(), registry, f->declarations, f->subscribers, [this] { return f->clock; }},
                        f->outbox);
            return registry.find("events/1", "publish")->answer(context, in);
        });
    }

public:
    void setUp() override { f = std::make_unique<EventsFixture>(); }
    void tearDown() override { f.reset(); }

    void rollbackPublishesNothing() {
        f->subscribers.handlers["desk"] = EventsFixture::keeps();
        f->active({{"desk", {"shop.sold/1"}}});
        f->thread.deliverDue();
        {
            auto lease = f->db.pool().lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            f->publish(tx, "shop.sold/1", "gone");
        }
        f->db.write([&](storage::Tx& tx) {
            storage::Tx::Savepoint part(tx);
            f->publish(tx, "shop.sold/1", "gone too");
        });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->stored());
        f->sold("kept");
        f->thread.deliverDue();
        CPPUNIT_ASSERT_EQUAL(std::string("kept"), f->got("desk"));
    }

    void onlyDeclaredNamesArePublished() {
        for (const char* name : {"shop.sold/2", "shop.sold", "desk.closed/1", ""})
            CPPUNIT_ASSERT_EQUAL(std::string("422 core.event.undeclared"), f->refusal([&] {
                f->db.write([&](storage::Tx& tx) { f->publish(tx, name, "x"); });
            }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->stored());
        CPPUNIT_ASSERT(f->after.empty());
    }

    void theEighthHopIsTheLast() {
        f->sold("x", mostHops - 1);
        CPPUNIT_ASSERT_EQUAL(std::string("422 core.event.hops"), f->refusal([&] { f->sold("x", mostHops); }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, f->count("SELECT MAX(hops) FROM event"));
    }

    void aPayloadHasItsBounds() {
        f->sold(std::string(Outbox::cap - 200, 'x'));
        CPPUNIT_ASSERT_EQUAL(std::string("413 core.event.size"),
                             f->refusal([&] { f->sold(std::string(Outbox::cap, 'x')); }));
    }

    void anEventNeedsNoPayload() {
        bool isNull = false;
        f->subscribers.handlers["desk"] = [&](storage::Tx&, const test::Subscribers::Ask& ask) {
            isNull = ask.arguments["payload"].isNull();
        };
        f->active({{"desk", {"shop.sold/1"}}});
        f->db.write([&](storage::Tx& tx) { f->outbox.publish(tx, f->after, {*f->shop, "shop.sold/1", {}}); });
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, f->thread.deliverDue());
        CPPUNIT_ASSERT(isNull);
    }

    void theServicePublishesForItsCaller() {
        const Value in = Value::map([](MapWriter& m) {
            m.set("event", "shop.sold/1");
            m.map("payload", [](MapWriter& p) { p.set("what", "tea"); });
        });
        const Value answer = ask(f->shop, in, 3);
        CPPUNIT_ASSERT_EQUAL(std::string("1"), std::string(answer.view()["id"].text()));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, f->after.size());
        f->after.front()();
        CPPUNIT_ASSERT_EQUAL(1, f->wakes);
        const auto event = f->db.read([](storage::Tx& tx) { return Outbox::find(tx, 1); });
        CPPUNIT_ASSERT(event && event->hops == 4 && event->requestId == "r-2" && event->plugin == "shop");
        CPPUNIT_ASSERT_EQUAL(std::string("422 core.event.undeclared"), f->refusal([&] { ask(nullptr, in); }));
        CPPUNIT_ASSERT_EQUAL(std::string("422 core.argument.missing"), f->refusal([&] { ask(f->shop, Value::map()); }));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OutboxTest);
