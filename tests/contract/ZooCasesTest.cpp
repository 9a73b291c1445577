// SPDX-License-Identifier: Apache-2.0
// Plugins with case machines against the real host and the real engine: what does not fit together is refused
// with file and line, and whatever a guard or a side effect does, a case is moved whole or not at all.
#include "base/Ids.h"
#include "host/PluginHost.h"
#include "plugin/Lifecycle.h"
#include "services/cases/Engine.h"
#include "services/notices/Inbox.h"
#include "services/notices/Notices.h"
#include "services/notices/NoticesService.h"
#include "services/rules/Calendar.h"
#include "storage/Migrator.h"
#include "storage/Session.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace dalate;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace cases = services::cases;

void writeFile(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

std::string readAll(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The machines here have no forms and tell nobody.
class NoAnswers : public cases::AnswerCheck {
public:
    Value check(storage::Tx&, const cases::Who&, const services::Declared&, std::string_view, ValueView,
                Micros) override {
        return Value::map();
    }
};
class NoNotices : public cases::NoticeSink {
public:
    void send(storage::Tx&, services::AfterCommit&, const Notice&) override {}
};

/// The zoo's plugins in a folder of their own, a host over them and the engine.
class CaseHouse {
    cases::Case find(storage::Tx& tx, const cases::Who& who, std::int64_t id) {
        return engine_->find(tx, who, id);
    }

    /// Commits, unless the work throws.
    template <class Work>
    auto inTx(Work&& work) {
        services::AfterCommit after;
        const auto lease = pool_->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        cases::Who who{.principal = &clerk, .after = after, .requestId = "r1", .ip = {}, .declared = {}};
        auto result = work(tx, who);
        tx.commit();
        return result;
    }

public:
    CaseHouse() {
        writeFile(folder_ / "core/templates/layout.mustache",
                  "{{! page: layout\nexample: {}\n}}\n<title>{{>title}}</title><main>{{>content}}</main>\n");
        writeFile(folder_ / "core/i18n/zh-CN.json", "{}");
        writeFile(folder_ / "core/i18n/en.json", "{}");
        fs::copy(ZOO_CASES_FOLDER, folder_ / "plugins", fs::copy_options::recursive);
        clerk.kind = identity::Principal::Kind::person;
        clerk.user = 7;
        clerk.name = "Wang";
        clerk.roles = {"agent"};
        clerk.organisation = 1;
    }
    ~CaseHouse() {
        if (lifecycle_) lifecycle_->stop();
        engine_.reset();
        lifecycle_.reset();
        host_.reset();
        pool_.reset();
        fs::remove_all(folder_);
    }
    CaseHouse(const CaseHouse&) = delete;
    CaseHouse& operator=(const CaseHouse&) = delete;

    fs::path plugins() const { return folder_ / "plugins"; }

    /// Puts a text in another's place, in a file of a plugin.
    void rewrite(const std::string& file, const std::string& from, const std::string& to) {
        std::string text = readAll(plugins() / file);
        const std::size_t at = text.find(from);
        CPPUNIT_ASSERT_MESSAGE(file + ": " + from, at != std::string::npos);
        writeFile(plugins() / file, text.replace(at, from.size(), to));
    }

    void up() {
        const fs::path source = DALATE_SOURCE_DIR;
        pool_ = std::make_unique<storage::Pool>(storage::PoolOptions{.file = folder_ / "test.db"});
        storage::Migrator(*pool_).run("core", source / "migrations");
        host::PluginHost::Options options;
        options.schemas = source / "sdk/schema";
        host_ = std::make_unique<host::PluginHost>(options, *pool_,
                                                   portal::TemplateStore::core(folder_ / "core/templates",
                                                                               folder_ / "core/i18n",
                                                                               folder_ / "core/static"));
        inTx([this](storage::Tx& tx, const cases::Who&) {
            tx.exec("INSERT INTO organisation (id, name, kind, created_at) VALUES (1, 'Office', 'bureau', 1)");
            for (const auto& plugin : fs::directory_iterator(plugins()))
                tx.exec("INSERT INTO plugin_owner (plugin, organisation, changed_at) VALUES (:plugin, 1, 1)",
                        {{"plugin", plugin.path().filename().string()}});
            return tx.exec("INSERT INTO account (id, login, name, organisation, password_hash, created_at)"
                           " VALUES (7, 'wang', 'Wang', 1, '-', 1)");
        });
        services::notices::offerNotices(host_->parts(), told_);
        plugin::LifecycleOptions life;
        life.folders = {plugins()};
        life.data = folder_ / "data";
        life.schema = source / "sdk/schema/plugin.schema.json";
        life.first = plugin::Desired::enabled;
        life.drain = 2s;
        lifecycle_ = std::make_unique<plugin::Lifecycle>(life, *pool_, *host_);
        host_->attach(lifecycle_->invoke(), lifecycle_->current());
        lifecycle_->start();
        engine_ = std::make_unique<cases::Engine>(
            cases::Engine::Parts{host_->parts().declarations, *host_, answers_, notices_,
                                 [this]() -> const services::rules::Calendar& { return calendar_; },
                                 [] { return now(); }, [](Micros) {}});
    }

    void rescan() { lifecycle_->rescan(); }

    /// "state id@where id@where …"
    std::string told(const std::string& plugin) const {
        lifecycle_->settle(20s);
        const auto status = lifecycle_->status(plugin);
        CPPUNIT_ASSERT_MESSAGE(plugin, status);
        std::string text(plugin::name(status->state));
        for (const auto& problem : status->problems)
            text += " " + problem.id + "@" + problem.where;
        return text;
    }

    /// Opens a case that is about `subject`; its id.
    std::int64_t open(const std::string& plugin, const std::string& subject) {
        return inTx([&](storage::Tx& tx, const cases::Who& who) {
            return engine_->open(tx, who, plugin, "hold", {.answers = {}, .subject = subject}).id;
        });
    }
    /// "ok", or "409 zoo.taken".
    std::string close(std::int64_t id) {
        try {
            inTx([&](storage::Tx& tx, const cases::Who& who) {
                engine_->move(tx, who, id, {"close", find(tx, who, id).version, {}, {}});
                return 0;
            });
            return "ok";
        } catch (const Error& error) {
            return std::to_string(error.status()) + " " + error.id();
        }
    }
    /// "state, n entries"
    std::string stands(std::int64_t id) {
        return inTx([&](storage::Tx& tx, const cases::Who& who) {
            return find(tx, who, id).state + ", " + std::to_string(engine_->history(tx, who, id).size()) +
                   " entries";
        });
    }
    std::int64_t words(const std::string& plugin) {
        const auto lease = pool_->lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        auto rows = tx.query("SELECT COUNT(*) FROM " + plugin + "_word");
        rows.next();
        return rows.integer(0);
    }

    /// What the clerk was told, newest first.
    std::vector<services::notices::Notice> told() {
        return inTx([&](storage::Tx& tx, const cases::Who&) {
            return services::notices::Inbox::list(tx, clerk.user, {}, 0, 100);
        });
    }

    identity::Principal clerk;

private:
    fs::path folder_ = fs::temp_directory_path() / ("dalate-zoo-cases-" + randomHex(8));
    std::unique_ptr<storage::Pool> pool_;
    std::unique_ptr<host::PluginHost> host_;
    std::unique_ptr<plugin::Lifecycle> lifecycle_;
    NoAnswers answers_;
    NoNotices notices_;
    services::notices::Notices told_{[] { return now(); }};
    services::rules::Calendar calendar_{{}, {}};
    std::unique_ptr<cases::Engine> engine_;
};

class ZooCasesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ZooCasesTest);
    CPPUNIT_TEST(whatFitsTogetherMoves);
    CPPUNIT_TEST(aGuardThatFailsInAnyWayMovesNothing);
    CPPUNIT_TEST(anEffectThatFailsInAnyWayMovesNothing);
    CPPUNIT_TEST(anEffectTellsPeopleWithTheMoveAlone);
    CPPUNIT_TEST(namesThatCodeAndDeclarationDoNotShareAreRefused);
    CPPUNIT_TEST(aMalformedMachineIsRefusedWithFileAndLine);
    CPPUNIT_TEST(declarationsAloneAreAPlugin);
    CPPUNIT_TEST(aVersionThatWouldStrandACaseIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatFitsTogetherMoves() {
        CaseHouse house;
        house.up();
        CPPUNIT_ASSERT_EQUAL(std::string("active"), house.told("zoo_cases"));
        const auto id = house.open("zoo_cases", "all is well");
        CPPUNIT_ASSERT_EQUAL(std::string("open, 1 entries"), house.stands(id));
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), house.close(id));
        CPPUNIT_ASSERT_EQUAL(std::string("closed, 2 entries"), house.stands(id));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), house.words("zoo_cases"));
    }

    void fails(const std::vector<std::pair<std::string, std::string>>& wishes) {
        CaseHouse house;
        house.up();
        for (const auto& [wish, answer] : wishes) {
            const auto id = house.open("zoo_cases", wish);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wish, answer, house.close(id));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wish, std::string("open, 1 entries"), house.stands(id));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), house.words("zoo_cases"));
        // Nobody else's case is the worse for it.
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), house.close(house.open("zoo_cases", "all is well")));
    }

    void aGuardThatFailsInAnyWayMovesNothing() {
        fails({{"guard refuses", "409 zoo.not_yet"},
               {"guard throws", "500 core.plugin.exception"},
               {"guard throws a number", "500 core.plugin.exception"},
               {"guard writes", "400 core.host.tx_read_only"}});
    }

    void anEffectThatFailsInAnyWayMovesNothing() {
        fails({{"effect refuses", "409 zoo.taken"},
               {"effect throws", "500 core.plugin.exception"},
               {"effect throws a number", "500 core.plugin.exception"},
               {"effect breaks a rule", "409 core.storage.check"},
               {"effect forgets", "500 core.host.tx_left_open"}});
    }

    void anEffectTellsPeopleWithTheMoveAlone() {
        fails({{"effect tells and refuses", "409 zoo.taken"},
               {"effect tells in other words", "404 core.notice.unknown"}});
        CaseHouse house;
        house.up();
        CPPUNIT_ASSERT_EQUAL(std::string("409 zoo.taken"),
                             house.close(house.open("zoo_cases", "effect tells and refuses")));
        CPPUNIT_ASSERT(house.told().empty());
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), house.close(house.open("zoo_cases", "effect tells")));
        const auto told = house.told();
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), told.size());
        CPPUNIT_ASSERT_EQUAL(std::string("zoo_cases.name"), told[0].subject);
        CPPUNIT_ASSERT_EQUAL(std::string("effect tells"), told[0].details["title"].asText());
    }

    void namesThatCodeAndDeclarationDoNotShareAreRefused() {
        CaseHouse house;
        house.up();
        CPPUNIT_ASSERT_EQUAL(
            std::string("failed core.plugin.unbound@cases/hold.json:12 $.transitions[0].guard"),
            house.told("zoo_unbound_guard"));
        CPPUNIT_ASSERT_EQUAL(std::string("failed core.plugin.undeclared@"),
                             house.told("zoo_undeclared_effect"));
        CPPUNIT_ASSERT_EQUAL(std::string("active"), house.told("zoo_cases"));
    }

    void aMalformedMachineIsRefusedWithFileAndLine() {
        const std::string file = "zoo_cases/cases/hold.json", at = "@cases/hold.json:";
        const struct {
            std::string from, to, told;
        } faults[] = {
            {"\"to\": \"closed\"", "\"to\": \"clsoed\"", "11 $.transitions[0].to"},
            {"\"kind\": \"done\"", "\"kind\": \"over\"", "8 $.states[1].kind"},
            {"\"number\"", "\"nubmer\"", "4 $.nubmer"},
            {"{\"to\": \"open\"", "{\"to\": 5", "5 $.open.to"},
            {"\"guard\": \"may_close\"", "\"guard\": \"May Close\"", "12 $.transitions[0].guard"},
            {"\"machine\": \"hold\"", "\"machine\": \"held\"", "2 $.machine"},
        };
        for (const auto& fault : faults) {
            CaseHouse house;
            house.rewrite(file, fault.from, fault.to);
            house.up();
            const std::string told = house.told("zoo_cases");
            CPPUNIT_ASSERT_MESSAGE(told, told.starts_with("failed core."));
            CPPUNIT_ASSERT_MESSAGE(told, told.find(at + fault.told) != std::string::npos);
        }
        CaseHouse house;
        fs::remove(house.plugins() / file);
        house.up();
        CPPUNIT_ASSERT_EQUAL(std::string("failed core.manifest.no_file@cases/hold.json"),
                             house.told("zoo_cases"));
    }

    void declarationsAloneAreAPlugin() {
        CaseHouse house;
        CPPUNIT_ASSERT(!fs::exists(house.plugins() / "zoo_declared/bin"));
        house.up();
        CPPUNIT_ASSERT_EQUAL(std::string("active"), house.told("zoo_declared"));
        const auto id = house.open("zoo_declared", "no code");
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), house.close(id));
        CPPUNIT_ASSERT_EQUAL(std::string("closed, 2 entries"), house.stands(id));
    }

    void aVersionThatWouldStrandACaseIsRefused() {
        CaseHouse house;
        house.up();
        const auto id = house.open("zoo_declared", "it waits");
        const std::string file = "zoo_declared/cases/hold.json";
        house.rewrite(file, "{\"to\": \"open\"", "{\"to\": \"new\"");
        house.rewrite(file, "{\"name\": \"open\"", "{\"name\": \"new\"");
        house.rewrite(file, "\"from\": [\"open\"]", "\"from\": [\"new\"]");
        house.rescan();
        CPPUNIT_ASSERT_EQUAL(std::string("failed core.case.state_gone@cases/hold.json"),
                             house.told("zoo_declared"));
        // The old version goes on, and once its last case has ended the new one may come.
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), house.close(id));
        house.rescan();
        CPPUNIT_ASSERT_EQUAL(std::string("active"), house.told("zoo_declared"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ZooCasesTest);

} // namespace
