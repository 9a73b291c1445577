// SPDX-License-Identifier: Apache-2.0
// Guards, side effects and events: plugin code that runs inside a transaction of the core's.
#include "HostFixture.h"

#include "base/Json.h"
#include "host/PluginHost.h"
#include "plugin/Lifecycle.h"
#include "services/events/DeadLetters.h"
#include "services/events/EventThread.h"
#include "services/events/EventsService.h"
#include "services/events/Outbox.h"

#include <chrono>
#include <thread>

namespace {

using namespace dalate;
using namespace dalate::test;
using host::PluginHost;
using services::PluginCalls;
using Kind = services::PluginCalls::Kind;
using namespace std::chrono_literals;

class PluginCallsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginCallsTest);
    CPPUNIT_TEST(whatIsDeclaredIsPublishedWithTheRoutes);
    CPPUNIT_TEST(aGuardSaysYesByReturningAndNoByThrowing);
    CPPUNIT_TEST(aGuardReadsEverythingAndWritesNothing);
    CPPUNIT_TEST(anEffectIsDurableWhenTheMoveIs);
    CPPUNIT_TEST(whateverAnEffectThrowsUndoesWhatItWrote);
    CPPUNIT_TEST(whatWaitsForTheCommitWaitsForTheMoves);
    CPPUNIT_TEST(anEventsHandlerWritesInTheDeliverysTransaction);
    CPPUNIT_TEST(whatAPluginPublishesReachesItsSubscriber);
    CPPUNIT_TEST(aCircleOfEventsEndsAtTheHopLimit);
    CPPUNIT_TEST(whoIsAwayIsToldFromWhoRefuses);
    CPPUNIT_TEST(aFaultyDeclarationIsRefusedWithFileAndLine);
    CPPUNIT_TEST(namesThatTheCodeDoesNotBindAreRefusedWithFileAndLine);
    CPPUNIT_TEST(namesThatNoDeclarationHasAreRefused);
    CPPUNIT_TEST(aPluginOfDeclarationsAloneIsActive);
    CPPUNIT_TEST(anUpgradeSwapsDeclarationsAndAFailedOneKeepsThem);
    CPPUNIT_TEST_SUITE_END();

    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("dalate-plugin-calls-" + randomHex(8));
    std::unique_ptr<storage::Pool> pool_;
    std::unique_ptr<PluginHost> host_;
    std::unique_ptr<plugin::Lifecycle> lifecycle_;

    void up() {
        const std::filesystem::path source = DALATE_SOURCE_DIR;
        PluginHost::Options options;
        options.schemas = source / "sdk/schema";
        host_ = std::make_unique<PluginHost>(options, *pool_,
                                             portal::TemplateStore::core(folder_ / "core/templates",
                                                                         folder_ / "core/i18n",
                                                                         folder_ / "core/static"));
        plugin::LifecycleOptions life;
        life.folders = {folder_ / "plugins"};
        life.data = folder_ / "data";
        life.schema = source / "sdk/schema/plugin.schema.json";
        life.first = plugin::Desired::enabled;
        life.drain = 2s;
        lifecycle_ = std::make_unique<plugin::Lifecycle>(life, *pool_, *host_);
        host_->attach(lifecycle_->invoke(), lifecycle_->current());
        lifecycle_->start();
    }
    /// "state id@where …"
    std::string told(std::string_view plugin) {
        lifecycle_->settle(20s);
        const auto status = lifecycle_->status(plugin);
        CPPUNIT_ASSERT(status);
        std::string text(plugin::name(status->state));
        for (const auto& problem : status->problems)
            text += " " + problem.id + "@" + problem.where;
        return text;
    }
    std::int64_t words() {
        const auto lease = pool_->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        auto rows = tx.query("SELECT COUNT(*) FROM mover_word");
        rows.next();
        return rows.integer(0);
    }
    /// What a call inside a transaction that is then committed came to: "ok", or "409 mover.not_yet {…}".
    std::string moved(Kind kind, std::string_view name, ValueView arguments) {
        const auto lease = pool_->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        const std::string came = inside(tx, kind, name, arguments);
        // The transaction is usable whatever the plugin did.
        tx.exec("DELETE FROM plugin_state WHERE plugin = 'nobody'");
        tx.commit();
        for (const auto& act : after_)
            act();
        return came;
    }
    std::string inside(storage::Tx& tx, Kind kind, std::string_view name, ValueView arguments) {
        try {
            host_->call(
                tx, after_,
                {.plugin = "mover", .kind = kind, .name = name, .arguments = arguments, .requestId = "r1"});
            return "ok";
        } catch (const Error& error) {
            const std::string details = error.details().isNull() ? "" : " " + json::write(error.details());
            return std::to_string(error.status()) + " " + error.id() + details;
        }
    }
    static Value wish(std::string_view wish) {
        return Value::map([&](MapWriter& m) {
            m.set("case", 12).set("from", "open").set("to", "closed");
            m.map("answers", [&](MapWriter& answers) { answers.set("wish", wish); });
        });
    }
    std::string guard(std::string_view what) { return moved(Kind::guard, "may_close", wish(what)); }
    std::string effect(std::string_view what) { return moved(Kind::effect, "note", wish(what)); }
    /// Puts a line of the machine in another's place.
    void rewrite(const std::string& file, const std::string& from, const std::string& to) {
        std::ifstream in(folder_ / "plugins" / file);
        std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        const std::size_t at = text.find(from);
        CPPUNIT_ASSERT_MESSAGE(from, at != std::string::npos);
        writeFile(folder_ / "plugins" / file, text.replace(at, from.size(), to));
    }

    services::AfterCommit after_;

public:
    void setUp() override {
        writeFile(folder_ / "core/templates/layout.mustache",
                  "{{! page: layout\nexample: {}\n}}\n<title>{{>title}}</title><main>{{>content}}</main>\n");
        writeFile(folder_ / "core/i18n/zh-CN.json", "{}");
        writeFile(folder_ / "core/i18n/en.json", "{}");
        std::filesystem::copy(std::filesystem::path(DALATE_BINARY_DIR) / "case-plugins", folder_ / "plugins",
                              std::filesystem::copy_options::recursive);
        pool_ = std::make_unique<storage::Pool>(storage::PoolOptions{.file = folder_ / "test.db"});
        storage::Migrator(*pool_).run("core", std::filesystem::path(DALATE_SOURCE_DIR) / "migrations");
    }
    void tearDown() override {
        if (lifecycle_) lifecycle_->stop();
        lifecycle_.reset();
        host_.reset();
        pool_.reset();
        after_.clear();
        std::filesystem::remove_all(folder_);
    }

    void whatIsDeclaredIsPublishedWithTheRoutes() {
        up();
        CPPUNIT_ASSERT_EQUAL(std::string("active"), told("mover"));
        const auto declared = host_->declarations().find("mover");
        CPPUNIT_ASSERT(declared);
        CPPUNIT_ASSERT_EQUAL(std::string("0.1.0"), declared->version);
        CPPUNIT_ASSERT(declared->machine("hold") && !declared->machine("held"));
        CPPUNIT_ASSERT(declared->publishesEvent("mover.happened/1") &&
                       !declared->publishesEvent("mover.happened/2"));
        CPPUNIT_ASSERT(declared->subscribesTo("mover.happened/1"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), host_->declarations().all().size());
        CPPUNIT_ASSERT(host_->has("mover", Kind::guard, "may_close"));
        CPPUNIT_ASSERT(!host_->has("mover", Kind::effect, "may_close"));
        lifecycle_->want("mover", plugin::Desired::disabled, "test");
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), (std::this_thread::sleep_for(50ms), told("mover")));
        CPPUNIT_ASSERT(!host_->declarations().find("mover"));
        // Whoever took it goes on with what it was.
        CPPUNIT_ASSERT(declared->machine("hold"));
    }

    void aGuardSaysYesByReturningAndNoByThrowing() {
        up();
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), guard("yes"));
        CPPUNIT_ASSERT_EQUAL(std::string("409 mover.not_yet {\"case\":12}"), guard("no"));
    }

    void aGuardReadsEverythingAndWritesNothing() {
        up();
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), effect("yes"));
        // A row of somebody's, seen though nobody is signed in.
        CPPUNIT_ASSERT_EQUAL(std::string("409 mover.counted {\"rows\":1}"), guard("read"));
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.host.tx_read_only"), guard("write"));
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.host.tx_read_only"), guard("write by service"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), words());
    }

    void anEffectIsDurableWhenTheMoveIs() {
        up();
        {
            const auto lease = pool_->lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            CPPUNIT_ASSERT_EQUAL(std::string("ok"), inside(tx, Kind::effect, "note", wish("yes")));
            auto rows = tx.query("SELECT word FROM mover_word");
            CPPUNIT_ASSERT(rows.next());
            CPPUNIT_ASSERT_EQUAL(std::string("note open closed"), std::string(rows.text(0)));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), words());
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), effect("yes"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), words());
    }

    void whateverAnEffectThrowsUndoesWhatItWrote() {
        up();
        CPPUNIT_ASSERT_EQUAL(std::string("422 mover.refused"), effect("error"));
        CPPUNIT_ASSERT_EQUAL(std::string("500 core.plugin.exception {\"what\":\"mover\"}"),
                             effect("exception"));
        CPPUNIT_ASSERT_EQUAL(std::string("500 core.plugin.exception"), effect("number"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), words());
    }

    void whatWaitsForTheCommitWaitsForTheMoves() {
        up();
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), effect("job"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), after_.size());
        after_.clear();
        // A service that writes joins the move, though the handler has opened no part of its own: a second
        // transaction would wait for the first for ever.
        const auto began = std::chrono::steady_clock::now();
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), effect("job without tx"));
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - began < 2s);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), after_.size());
    }

    void anEventsHandlerWritesInTheDeliverysTransaction() {
        up();
        const auto deliver = [&](std::string_view payload) {
            return moved(Kind::event, "mover.happened/1",
                         Value::map([&](MapWriter& m) { m.set("id", 1).set("payload", payload); }));
        };
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), deliver("good"));
        CPPUNIT_ASSERT_EQUAL(std::string("503 mover.later"), deliver("bad"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), words());
    }

    /// The outbox and its delivery over this host; up() first.
    struct Events {
        Events(PluginHost& host, storage::Pool& pool, const Micros& clock)
            : outbox(host.declarations(), [&clock] { return clock; }, [] {}),
              thread(pool, host.declarations(), host, [&clock] { return clock; }) {
            services::events::offerEvents(host.parts(), outbox);
        }
        services::events::Outbox outbox;
        services::events::EventThread thread;
    };

    void whatAPluginPublishesReachesItsSubscriber() {
        up();
        Micros clock = now();
        Events events(*host_, *pool_, clock);
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), effect("tell"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), words());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(1), events.thread.deliverDue());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), words());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(0), events.thread.deliverDue());
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"(422 core.event.undeclared {"plugin":"mover","event":"mover.other/1"})"),
            effect("tell of another"));
        {
            const auto lease = pool_->lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            CPPUNIT_ASSERT_EQUAL(std::string("ok"), inside(tx, Kind::effect, "note", wish("tell")));
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(0), events.thread.deliverDue());
    }

    void aCircleOfEventsEndsAtTheHopLimit() {
        up();
        Micros clock = now();
        Events events(*host_, *pool_, clock);
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), effect("tell in a circle"));
        for (int tries = 0; tries < services::events::Delivery::mostTries; ++tries) {
            events.thread.deliverDue();
            clock += services::events::Delivery::longestPause;
        }
        // The move's own word, and those of the seven deliveries that could tell the next.
        CPPUNIT_ASSERT_EQUAL(std::int64_t(8), words());
        const auto lease = pool_->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        const auto dead = services::events::DeadLetters::list(tx, 0, 9);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), dead.size());
        CPPUNIT_ASSERT_EQUAL(std::string("core.event.hops"), std::string(dead[0].error.view()["id"].text()));
    }

    void whoIsAwayIsToldFromWhoRefuses() {
        up();
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"(503 core.plugin.away {"plugin":"mover","kind":"guard","name":"nothing"})"),
            moved(Kind::guard, "nothing", {}));
        lifecycle_->want("mover", plugin::Desired::disabled, "test");
        told("mover");
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"(503 core.plugin.away {"plugin":"mover","kind":"guard","name":"may_close"})"),
            guard("yes"));
    }

    void aFaultyDeclarationIsRefusedWithFileAndLine() {
        rewrite("mover/cases/hold.json", "\"to\": \"closed\"", "\"to\": \"clsoed\"");
        up();
        const std::string text = told("mover");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::size_t(0), text.find("failed core.case."));
        CPPUNIT_ASSERT_MESSAGE(text,
                               text.find("@cases/hold.json:11 $.transitions[0].to") != std::string::npos);
        CPPUNIT_ASSERT(!host_->declarations().find("mover"));
    }

    void namesThatTheCodeDoesNotBindAreRefusedWithFileAndLine() {
        rewrite("mover/cases/hold.json", "\"effects\": [\"note\"]", "\"effects\": [\"note\", \"count\"]");
        up();
        CPPUNIT_ASSERT_EQUAL(
            std::string("failed core.plugin.unbound@cases/hold.json:12 $.transitions[0].effects[1]"),
            told("mover"));
    }

    void namesThatNoDeclarationHasAreRefused() {
        rewrite("mover/cases/hold.json", "\"effects\": [\"note\"]", "\"effects\": []");
        up();
        CPPUNIT_ASSERT_EQUAL(std::string("failed core.plugin.undeclared@"), told("mover"));
        CPPUNIT_ASSERT_EQUAL(std::string("effect note"),
                             lifecycle_->status("mover")->problems.at(0).details["name"].asText());
    }

    void aPluginOfDeclarationsAloneIsActive() {
        writeFile(folder_ / "plugins/plain/plugin.json",
                  R"({"id": "plain", "version": "1.0.0", "vendor": "v", "api": "0.2", "name": "plain.name",
                     "cases": ["cases/hold.json"], "rules": ["rules/terms.json"],
                     "menu": [{"machine": "hold", "page": "open", "label": "plain.name"}]})");
        writeFile(folder_ / "plugins/plain/i18n/zh-CN.json", R"({"plain.name": "一"})");
        writeFile(folder_ / "plugins/plain/i18n/en.json", R"({"plain.name": "One"})");
        writeFile(folder_ / "plugins/plain/rules/terms.json",
                  R"({"rules": [{"name": "answer_term", "type": "term", "source": "test", "text_read": "no",
                     "values": [{"from": "2024-01-01", "value": "3 workdays"}]}]})");
        std::filesystem::create_directories(folder_ / "plugins/plain/cases");
        std::filesystem::copy_file(folder_ / "plugins/mover/cases/hold.json",
                                   folder_ / "plugins/plain/cases/hold.json");
        rewrite("plain/cases/hold.json", "\"guard\": \"may_close\", \"effects\": [\"note\"]",
                "\"effects\": []");
        up();
        CPPUNIT_ASSERT_EQUAL(std::string("active"), told("plain"));
        const auto declared = host_->declarations().find("plain");
        CPPUNIT_ASSERT(declared && declared->machine("hold") && declared->rules);
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), host_->declarations().all().size());
    }

    void anUpgradeSwapsDeclarationsAndAFailedOneKeepsThem() {
        up();
        const auto first = host_->declarations().find("mover");
        rewrite("mover/plugin.json", "\"0.1.0\"", "\"0.2.0\"");
        lifecycle_->rescan();
        CPPUNIT_ASSERT_EQUAL(std::string("active"), told("mover"));
        const auto second = host_->declarations().find("mover");
        CPPUNIT_ASSERT_EQUAL(std::string("0.2.0"), second->version);
        CPPUNIT_ASSERT(first != second);
        rewrite("mover/cases/hold.json", "{", "[");
        lifecycle_->rescan();
        CPPUNIT_ASSERT(told("mover").starts_with("failed core."));
        CPPUNIT_ASSERT_EQUAL(second, host_->declarations().find("mover"));
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), guard("yes"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginCallsTest);

} // namespace
