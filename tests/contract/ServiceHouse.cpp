// SPDX-License-Identifier: Apache-2.0
#include "ServiceHouse.h"

#include "base/Ids.h"
#include "base/Log.h"
#include "services/files/FilesService.h"
#include "services/notices/NoticesService.h"
#include "services/rules/RulesService.h"
#include "storage/Migrator.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <cppunit/TestAssert.h>

#include <chrono>
#include <thread>

namespace dalate::contract {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

identity::Principal person(std::int64_t user, const char* name, std::int64_t organisation,
                           std::vector<std::string> roles) {
    identity::Principal who;
    who.kind = identity::Principal::Kind::person;
    who.user = user;
    who.name = name;
    who.organisation = organisation;
    who.roles = std::move(roles);
    return who;
}

} // namespace

ServiceHouse::ServiceHouse()
    : clerk(person(7, "wang", 1, {"agent"})), citizen(person(8, "li", 0, {"citizen"})),
      inspector(person(9, "zhao", 2, {"inspector"})), stranger(person(10, "sun", 2, {"agent"})),
      folder_(fs::temp_directory_path() / ("dalate-services-" + randomHex(8))),
      calendar_(
          services::rules::HolidayFile::read(fs::path(DALATE_SOURCE_DIR) / "runtime/data/holidays.json")),
      notices_([] { return now(); }) {
    log::configure(log::Form::text, static_cast<log::Level>(9));
    const fs::path source = DALATE_SOURCE_DIR;
    fs::create_directories(folder_);
    fs::copy(ZOO_CALLERS_FOLDER, folder_ / "plugins", fs::copy_options::recursive);
    pool_ = std::make_unique<storage::Pool>(storage::PoolOptions{.file = folder_ / "test.db"});
    storage::Migrator(*pool_).run("core", source / "migrations");
    for (const char* sql :
         {"INSERT INTO organisation (id, name, kind, created_at) VALUES (1, 'Office', 'bureau', 1)",
          "INSERT INTO organisation (id, name, kind, created_at) VALUES (2, 'Other', 'bureau', 1)",
          "INSERT INTO plugin_owner (plugin, organisation, changed_at) VALUES ('zoo_caller', 1, 1)",
          "INSERT INTO plugin_owner (plugin, organisation, changed_at) VALUES ('zoo_other', 1, 1)"})
        write(sql);
    for (const identity::Principal* who : {&clerk, &citizen, &inspector, &stranger}) {
        const std::string id = std::to_string(who->user);
        write("INSERT INTO account (id, login, name, organisation, password_hash, created_at) VALUES (" + id +
              ", '" + who->name + "', '" + who->name + "', " +
              (who->organisation ? std::to_string(who->organisation) : std::string("NULL")) + ", '-', 1)");
        write("INSERT INTO account_role (account, role) VALUES (" + id + ", '" + who->roles[0] + "')");
    }
    services::files::FileStore::Options store;
    store.folder = folder_ / "files";
    store.intake.maxBytes = 1u << 20;
    files_ = std::make_unique<services::files::FileStore>(store);

    host::PluginHost::Options options;
    options.schemas = source / "sdk/schema";
    options.countyRules = &countyRules_;
    options.threads.poll = 20ms;
    host_ = std::make_unique<host::PluginHost>(options, *pool_,
                                               portal::TemplateStore::core(source / "templates",
                                                                           source / "runtime/i18n",
                                                                           source / "runtime/static"));
    services::notices::offerNotices(host_->parts(), notices_);
    cases_ = std::make_unique<app::CaseWork>(*host_, *pool_, *files_, calendar_, notices_);
    events_ = std::make_unique<app::EventWork>(*host_, *pool_);
    services::files::offerFiles(host_->parts(), *files_);
    topics_ = std::make_unique<services::live::Topics>(*pool_);
    pluginTopics_ = std::make_unique<services::live::PluginTopics>(*topics_, [] { return now(); });
    services::live::offerLive(host_->services(), *pluginTopics_);
    services::rules::offerRules(host_->parts(), calendar_);

    plugin::LifecycleOptions life;
    life.folders = {folder_ / "plugins"};
    life.data = folder_ / "data";
    life.schema = source / "sdk/schema/plugin.schema.json";
    life.first = plugin::Desired::enabled;
    life.drain = 2s;
    lifecycle_ = std::make_unique<plugin::Lifecycle>(life, *pool_, *host_);
    host_->attach(lifecycle_->invoke(), lifecycle_->current());
    lifecycle_->start();
    lifecycle_->settle(20s);
    for (const char* plugin : {"zoo_caller", "zoo_other"}) {
        const auto status = lifecycle_->status(plugin);
        CPPUNIT_ASSERT_MESSAGE(plugin, status);
        std::string why;
        for (const auto& problem : status->problems)
            why += " " + problem.id + " " + problem.where;
        CPPUNIT_ASSERT_MESSAGE(plugin + why, plugin::name(status->state) == "active");
    }
    host_->startJobs();
    cases_->start();
    events_->start();
}

ServiceHouse::~ServiceHouse() {
    if (events_) events_->stop();
    if (cases_) cases_->stop();
    if (host_) host_->stopJobs(2s);
    if (lifecycle_) lifecycle_->stop();
    events_.reset();
    cases_.reset();
    host_.reset();
    lifecycle_.reset();
    pluginTopics_.reset();
    topics_.reset();
    files_.reset();
    pool_.reset();
    fs::remove_all(folder_);
    log::configure(log::Form::text, log::Level::error);
}

Value ServiceHouse::run(const identity::Principal& who, const std::string& steps, const Sending& how) {
    const plugin::Lease lease = lifecycle_->current().get()->find(how.plugin);
    CPPUNIT_ASSERT_MESSAGE(how.plugin, lease);
    const std::string path = "/" + how.plugin + "/" +
                             (how.route == "run" ? how.route : how.route.substr(std::string("run_").size()));
    const plugin::Match match = lifecycle_->current().get()->routes().match("POST", path);
    CPPUNIT_ASSERT_MESSAGE(path, match.kind == plugin::Match::Kind::found);
    host::CallRequest request;
    request.method = "POST";
    request.path = path;
    request.body = steps;
    request.header = [](std::string_view name) -> std::optional<std::string_view> {
        if (name == "Content-Type") return "application/json";
        return std::nullopt;
    };
    request.language = how.language;
    request.requestId = "r1";
    request.principal = &who;
    request.permission = match.route->permission;
    request.uploads = how.uploads;
    request.hops = how.hops;
    const host::Reply reply = host_->answer(*match.lease, *match.route, match.handler, request);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(reply.messageId + "\n" + steps, how.status, reply.status);
    if (reply.failed()) return Value::of(reply.messageId);
    return json::parse(reply.body).take();
}

Value ServiceHouse::ask(const identity::Principal& who, const std::string& service, const std::string& method,
                        const std::string& in, const Sending& how) {
    const Value answers = run(who, "[" + asking(service, method, in) + "]", how);
    return Value(*answers.view().begin());
}

Value ServiceHouse::good(const identity::Principal& who, const std::string& service,
                         const std::string& method, const std::string& in, const Sending& how) {
    const Value step = ask(who, service, method, in, how);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(service + "." + method + " " + in + "\n" + json::write(step),
                                 std::string("0"), wordOf(step));
    return Value(step["out"]);
}

void ServiceHouse::refuses(const identity::Principal& who, const std::vector<Bad>& all, const Sending& how) {
    const auto rows = [&] {
        std::int64_t sum = 0;
        for (const char* table :
             {"case_record", "case_history", "form_draft", "file", "notice", "event", "job"})
            sum += number(std::string("SELECT COUNT(*) FROM ") + table);
        return sum;
    };
    const std::int64_t before = rows();
    std::string wrong;
    for (const Bad& bad : all) {
        const std::string word = wordOf(ask(who, bad.service, bad.method, bad.in, how));
        if (word != bad.answer) wrong += bad.what + ": " + word + ", expected " + bad.answer + "\n";
    }
    CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong, std::string(), wrong);
    CPPUNIT_ASSERT_EQUAL(before, rows());
}

std::int64_t ServiceHouse::number(const std::string& sql) {
    const auto lease = pool_->lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    auto rows = tx.query(sql);
    rows.next();
    return rows.integer(0);
}

void ServiceHouse::write(const std::string& sql) {
    const auto lease = pool_->lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    tx.exec(sql);
    tx.commit();
}

std::int64_t ServiceHouse::awaited(const std::string& sql, std::int64_t expected) {
    std::int64_t found = number(sql);
    for (int waits = 0; waits < 1000 && found != expected; ++waits) {
        std::this_thread::sleep_for(10ms);
        found = number(sql);
    }
    return found;
}

std::vector<std::string> ServiceHouse::said(const std::string& plugin) {
    const auto lease = pool_->lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    std::vector<std::string> all;
    auto rows = tx.query("SELECT kind, said FROM " + plugin + "_said ORDER BY id");
    while (rows.next())
        all.push_back(std::to_string(rows.integer(0)) + " " + std::string(rows.text(1)));
    return all;
}

std::string wordOf(ValueView step) {
    const std::string status = step["status"].asText();
    const std::string error = step["error"].asText();
    return error.empty() ? status : status + " " + error;
}

std::string asking(const std::string& service, const std::string& method, const std::string& in,
                   const std::string& more) {
    return R"({"do":"ask","service":")" + service + R"(","method":")" + method + R"(","in":)" + in + more +
           "}";
}

} // namespace dalate::contract
