// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Ids.h"
#include "host/Call.h"
#include "host/HostTable.h"
#include "host/Place.h"
#include "services/CoreServices.h"
#include "services/jobs/Jobs.h"
#include "services/jobs/JobsService.h"
#include "storage/Migrator.h"
#include "storage/Session.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::test {

inline void writeFile(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

/// A database with the core's schema and that of a plugin `fake`, the plugin's place, and the core's
/// services. `fake_note` is scoped by owner and by organisation, `fake_word` is not scoped.
class HostFixture {
public:
    HostFixture()
        : folder(std::filesystem::temp_directory_path() / ("dalate-host-" + randomHex(8))),
          pool((std::filesystem::create_directories(folder),
                storage::PoolOptions{.file = folder / "test.db"})),
          jobs(pool, {}) {
        storage::Migrator migrator(pool);
        migrator.run("core", std::filesystem::path(DALATE_SOURCE_DIR) / "migrations");
        writeFile(folder / "fake/migrations/0001_tables.sql",
                  "CREATE TABLE fake_note (id BIGINT NOT NULL PRIMARY KEY, owner BIGINT NOT NULL, org BIGINT "
                  "NOT NULL, "
                  "body VARCHAR(200) NOT NULL CHECK (body <> 'bad'));\n"
                  "CREATE TABLE fake_word (id BIGINT NOT NULL PRIMARY KEY, word VARCHAR(200) UNIQUE);\n");
        migrator.run("fake", folder / "fake/migrations");
        writeFile(folder / "fake/templates/note.mustache",
                  "{{! page: fake/note\nlayout: none\nexample: {\"body\": \"hello\"}\n}}\n<p>{{body}}</p>\n");
        writeFile(folder / "fake/i18n/zh-CN.json", "{\"fake.hello\": \"您好 {name}\"}");
        writeFile(folder / "fake/i18n/en.json", "{\"fake.hello\": \"Hello {name}\"}");
        writeFile(folder / "fake/data/steps.json", "[1,2,3]");
        services::jobs::offerJobs(registry, jobs, [this] { ++wakes; });
        services::offerPrint(registry);
        services::offerAudit(registry);
        permissions = std::make_shared<const identity::Permissions>(std::vector<identity::Permission>{
            {"fake.note.own", "read", "self", {"farmer"}, {}},
            {"fake.note.org", "read", "organisation", {"cooperative"}, {"fake.feed"}},
            {"fake.note.all", "read", "county", {"regulator"}, {}}});
        place = std::make_unique<host::Place>(
            host::Surroundings{pool, registry, [this] { return permissions; }},
            host::PlaceSpec{.plugin = "fake",
                            .folder = folder / "fake",
                            .tables = {{"fake_note", true, "owner", {"org"}}, {"fake_word", false, {}, {}}},
                            .permissions = permissions->all(),
                            .settings = {{"colour", "green"}},
                            .jobs = {"import"},
                            .uses = {"people/1"}});
        farmer.kind = identity::Principal::Kind::person;
        farmer.user = 7;
        farmer.organisation = 70;
        farmer.name = "Wang";
        farmer.roles = {"farmer"};
        regulator = farmer;
        regulator.user = 9;
        regulator.organisation = 90;
        regulator.roles = {"regulator"};
    }
    ~HostFixture() {
        place.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }

    /// Runs SQL for the core in a write transaction of its own.
    void write(std::string_view sql) {
        const auto lease = pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        tx.exec(sql);
        tx.commit();
    }
    /// The one number that a query answers.
    std::int64_t number(std::string_view sql) {
        const auto lease = pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        auto rows = tx.query(sql);
        CPPUNIT_ASSERT(rows.next());
        return rows.integer(0);
    }

    std::filesystem::path folder;
    storage::Pool pool;
    services::Registry registry;
    services::jobs::Jobs jobs;
    std::shared_ptr<const identity::Permissions> permissions;
    std::unique_ptr<host::Place> place;
    identity::Principal farmer, regulator;
    int wakes = 0;
};

inline const dalate_host_v1& table() {
    return host::hostTable();
}
inline dalate_str str(std::string_view text) {
    return {text.data(), text.size()};
}
inline std::string_view view(dalate_str text) {
    return {text.p, text.n};
}
inline dalate_value raw(ValueView value) {
    return {value.raw().data(), value.raw().size()};
}
inline dalate_param param(std::string_view name, std::int64_t number) {
    return {str(name), {DALATE_CELL_INTEGER, 0, number, 0, {}}};
}
inline dalate_param param(std::string_view name, std::string_view text) {
    return {str(name), {DALATE_CELL_TEXT, 0, 0, 0, str(text)}};
}

/// A statement without rows.
inline dalate_status exec(dalate_tx* tx, std::string_view sql, std::vector<dalate_param> params = {},
                          std::int64_t* affected = nullptr) {
    return table().db_run(tx, str(sql), params.data(), params.size(), sizeof(dalate_param), nullptr,
                          affected);
}

/// The message id of the call's last failure.
inline std::string failureOf(host::Call& call) {
    dalate_str id{};
    return table().call_text(call.handle(), DALATE_FIELD_FAILURE, {}, &id) == DALATE_OK
               ? std::string(view(id))
               : std::string();
}

} // namespace dalate::test
