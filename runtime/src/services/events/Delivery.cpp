// SPDX-License-Identifier: Apache-2.0
#include "services/events/Delivery.h"

#include "base/Log.h"
#include "base/Result.h"
#include "services/PluginCalls.h"
#include "services/events/DeadLetters.h"
#include "services/events/Outbox.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>
#include <optional>

namespace dalate::services::events {

namespace {

/// What `work` threw, if anything.
template <class Work>
std::optional<Error> fault(Work&& work) {
    try {
        work();
        return std::nullopt;
    } catch (const Error& error) {
        return error;
    } catch (const std::exception&) {
        return Error(500, "core.event.fault");
    }
}

void tell(std::string_view id, std::string_view plugin, const Event& event, const Error& error) {
    log::warning(id, Value::map([&](MapWriter& m) {
                     m.set("subscriber", plugin).set("event", event.name).set("number", event.id);
                     m.set("error", error.id());
                 }));
}

} // namespace

Delivery::Delivery(storage::Pool& pool, PluginCalls& calls, std::function<Micros()> clock)
    : pool_(pool), calls_(calls), clock_(std::move(clock)) {}

Delivery::Outcome Delivery::next(std::string_view plugin) {
    Cursors::Pending tried;
    AfterCommit after;
    bool overtaken = false;
    std::string name;
    std::optional<Error> error;
    {
        const auto lease = pool_.lease();
        {
            storage::Tx tx(*lease, storage::Tx::Mode::read);
            const auto pending = Cursors::pending(tx, plugin);
            if (!pending) return Outcome::nothing;
            const Micros pause = pending->retryAt - clock_();
            // A longer one is from before the clock was set back.
            if (pause > 0 && pause <= longestPause) return Outcome::waiting;
            tried = *pending;
        }
        error = fault([&] {
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            const auto pending = Cursors::pending(tx, plugin);
            overtaken = !pending || pending->event != tried.event || pending->tries != tried.tries;
            const auto event = overtaken ? std::nullopt : Outbox::find(tx, tried.event);
            if (!event) return;
            name = event->name;
            call(tx, after, plugin, *event);
            Cursors::pass(tx, plugin, event->id);
            tx.commit();
        });
    }
    if (overtaken) return Outcome::delivered;
    if (error) return passes(plugin, name, *error) ? Outcome::waiting : failed(plugin, tried, *error);
    for (const auto& then : after) then();
    return Outcome::delivered;
}

Delivery::Outcome Delivery::replay(std::string_view plugin) {
    std::optional<DeadLetter> letter;
    AfterCommit after;
    std::optional<Error> error;
    const auto lease = pool_.lease();
    {
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        if (!DeadLetters::asked(tx, plugin)) return Outcome::nothing;
    }
    error = fault([&] {
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        letter = DeadLetters::asked(tx, plugin);
        if (!letter) return;
        call(tx, after, plugin, letter->event);
        DeadLetters::settle(tx, letter->id);
        tx.commit();
    });
    if (!error) {
        for (const auto& then : after) then();
        return Outcome::delivered;
    }
    if (!letter || passes(plugin, letter->event.name, *error)) return Outcome::waiting;
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    DeadLetters::failedAgain(tx, letter->id, *error);
    tx.commit();
    tell("core.event.dead", plugin, letter->event, *error);
    return Outcome::dead;
}

/// Whether it is not the handler's fault, and over by itself.
bool Delivery::passes(std::string_view plugin, std::string_view name, const Error& error) const {
    // A handler may say "away" of another plugin that it called; that counts as any other failure of it.
    if (error.id() == "core.plugin.away") return !calls_.has(plugin, PluginCalls::Kind::event, name);
    return error.id() == "core.plugin.busy" || error.id() == "core.storage.busy" ||
           error.id() == "core.storage.full";
}

void Delivery::call(storage::Tx& tx, AfterCommit& after, std::string_view plugin, const Event& event) {
    const Value record = Value::map([&](MapWriter& m) {
        m.set("id", event.id).set("plugin", event.plugin).set("payload", event.payload.view());
        m.set("hops", event.hops).set("at", event.publishedAt);
    });
    PluginCalls::Ask ask;
    ask.plugin = plugin;
    ask.kind = PluginCalls::Kind::event;
    ask.name = event.name;
    ask.arguments = record.view();
    ask.requestId = event.requestId;
    ask.deadline = steadyNow() + PluginCalls::onWriter;
    ask.hops = event.hops;
    calls_.call(tx, after, ask);
}

Delivery::Outcome Delivery::failed(std::string_view plugin, const Cursors::Pending& tried, const Error& error) {
    const auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const auto pending = Cursors::pending(tx, plugin);
    const bool overtaken = !pending || pending->event != tried.event || pending->tries != tried.tries;
    const auto event = overtaken ? std::nullopt : Outbox::find(tx, tried.event);
    if (!event) return Outcome::waiting;
    const std::int64_t tries = tried.tries + 1;
    const bool dead = tries >= mostTries;
    if (dead) {
        DeadLetters::put(tx, plugin, *event, error, tries, clock_());
        Cursors::pass(tx, plugin, event->id);
    } else {
        const Micros pause = std::min(longestPause, firstPause << (tries - 1));
        Cursors::putOff(tx, plugin, tries, clock_() + pause);
    }
    tx.commit();
    tell(dead ? "core.event.dead" : "core.event.put_off", plugin, *event, error);
    return dead ? Outcome::dead : Outcome::failed;
}

} // namespace dalate::services::events
