// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "unit/identity/TestDatabase.h"

#include "services/Declared.h"
#include "services/PluginCalls.h"
#include "services/events/DeadLetters.h"
#include "services/events/Delivery.h"
#include "services/events/EventThread.h"
#include "services/events/Outbox.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dalate::test {

/// What subscribers bind: by plugin, what it does. Undone when it throws, as the host does it.
class Subscribers : public services::PluginCalls {
public:
    using Handler = std::function<void(storage::Tx& tx, const Ask& ask)>;

    bool has(std::string_view plugin, Kind, std::string_view) const override {
        return handlers.count(std::string(plugin)) != 0;
    }
    Value call(storage::Tx& tx, services::AfterCommit&, const Ask& ask) override {
        CPPUNIT_ASSERT(ask.kind == Kind::event);
        ++calls[std::string(ask.plugin)];
        const auto at = handlers.find(std::string(ask.plugin));
        if (at == handlers.end()) throw Error(503, "core.plugin.away");
        storage::Tx::Savepoint part(tx);
        at->second(tx, ask);
        part.release();
        return {};
    }

    std::map<std::string, Handler> handlers;
    std::map<std::string, int> calls;
};

/// `shop` publishes sold/1 and moved/1; who is active and subscribes, each test says. A handler made by `keeps` writes
/// what it is told into the table `got`.
class EventsFixture {
public:
    EventsFixture()
        : outbox(declarations, [this] { return clock; }, [this] { ++wakes; }),
          thread(db.pool(), declarations, subscribers, [this] { return clock; }) {
        db.write([](storage::Tx& tx) {
            tx.exec("CREATE TABLE got (id INTEGER PRIMARY KEY, plugin TEXT NOT NULL, what TEXT NOT NULL)");
            // A row with a parent that is not there is only refused when its transaction commits.
            tx.exec("CREATE TABLE late (id INTEGER PRIMARY KEY,"
                    " parent INTEGER REFERENCES got (id) DEFERRABLE INITIALLY DEFERRED)");
        });
        declarations.onChange([this] { thread.changed(); });
        auto made = std::make_shared<services::Declared>();
        made->plugin = "shop";
        made->publishes = {"shop.sold/1", "shop.moved/1"};
        shop = made;
        active({});
    }

    /// Who is active beside the shop, with what each subscribes to; seen by the thread at once.
    void active(const std::map<std::string, std::vector<std::string>>& all) {
        std::vector<std::shared_ptr<const services::Declared>> list{shop};
        for (const auto& [plugin, names] : all) {
            auto made = std::make_shared<services::Declared>();
            made->plugin = plugin;
            made->subscribes = names;
            list.push_back(made);
        }
        declarations.publish(list);
    }

    std::int64_t publish(storage::Tx& tx, std::string_view name, std::string_view what, int hops = 0) {
        const Value payload = Value::map([&](MapWriter& m) { m.set("what", what); });
        return outbox.publish(tx, after, {*shop, name, payload.view(), hops, "r-1"});
    }
    std::int64_t sold(std::string_view what, int hops = 0) {
        return db.write([&](storage::Tx& tx) { return publish(tx, "shop.sold/1", what, hops); });
    }

    /// A handler that keeps what it is told.
    static Subscribers::Handler keeps() {
        return [](storage::Tx& tx, const Subscribers::Ask& ask) { keep(tx, ask); };
    }
    static void keep(storage::Tx& tx, const Subscribers::Ask& ask) {
        tx.exec("INSERT INTO got (plugin, what) VALUES (:plugin, :what)",
                {{"plugin", ask.plugin}, {"what", ask.arguments["payload"]["what"].text()}});
    }
    /// What a plugin has kept: "a b c".
    std::string got(std::string_view plugin) {
        return db.read([&](storage::Tx& tx) {
            std::string all;
            auto rows = tx.query("SELECT what FROM got WHERE plugin = :plugin ORDER BY id", {{"plugin", plugin}});
            while (rows.next()) all.append(all.empty() ? "" : " ").append(rows.text(0));
            return all;
        });
    }

    std::vector<services::events::DeadLetter> dead() {
        return db.read([](storage::Tx& tx) { return services::events::DeadLetters::list(tx, 0, 100); });
    }
    std::int64_t count(std::string_view sql) {
        return db.read([&](storage::Tx& tx) {
            auto rows = tx.query(sql);
            rows.next();
            return rows.integer(0);
        });
    }
    std::int64_t stored() { return count("SELECT COUNT(*) FROM event"); }

    /// Delivers, with the clock gone on by a minute each time, until a delivery is given up.
    void wearOut() {
        for (int tries = 0; tries < services::events::Delivery::mostTries; ++tries) {
            thread.deliverDue();
            clock += 61 * second;
        }
    }

    template <class F>
    static std::string refusal(F&& call) {
        try {
            call();
        } catch (const Error& error) {
            return std::to_string(error.status()) + " " + error.id();
        }
        return "nothing";
    }

    static constexpr Micros second = 1'000'000, day = 86'400 * second;

    TestDatabase db;
    Micros clock = 1'704'859'200'000'000;
    int wakes = 0;
    services::AfterCommit after;
    services::Declarations declarations;
    Subscribers subscribers;
    std::shared_ptr<const services::Declared> shop;
    services::events::Outbox outbox;
    services::events::EventThread thread;
};

} // namespace dalate::test
