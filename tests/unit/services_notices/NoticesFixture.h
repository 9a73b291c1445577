// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "unit/identity/TestDatabase.h"

#include "plugin/Manifest.h"
#include "portal/Translator.h"
#include "services/Declared.h"
#include "services/notices/Inbox.h"
#include "services/notices/Notices.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>
#include <string>
#include <vector>

namespace dalate::test {

/// Two offices: 1 and 2 are agents of 70, 3 an agent of 80, 4 a citizen, 5 a barred agent of 70, 6 a
/// colleague of 70 to whom 1 has given her role for the clock's day. 1 and 5 sit at the desk `intake` of 70,
/// 3 at that of 80.
class NoticesFixture {
public:
    NoticesFixture() : notices([this] { return clock; }) {
        db.write([](storage::Tx& tx) {
            tx.exec(
                "INSERT INTO organisation (id, name, kind, created_at) VALUES (70, 'seventy', 'bureau', 1),"
                " (80, 'eighty', 'bureau', 1)");
            tx.exec("INSERT INTO account (id, login, name, organisation, password_hash, disabled, "
                    "created_at) VALUES"
                    " (1, 'u1', 'One', 70, '-', 0, 1), (2, 'u2', 'Two', 70, '-', 0, 1), (3, 'u3', 'Three', "
                    "80, '-', 0, 1),"
                    " (4, 'u4', 'Four', NULL, '-', 0, 1), (5, 'u5', 'Five', 70, '-', 1, 1),"
                    " (6, 'u6', 'Six', 70, '-', 0, 1)");
            tx.exec(
                "INSERT INTO account_role (account, role) VALUES (1, 'agent'), (2, 'agent'), (3, 'agent'),"
                " (4, 'citizen'), (5, 'agent'), (6, 'lead')");
            tx.exec("INSERT INTO desk (id, organisation, name, title, created_at) VALUES (7, 70, 'intake', "
                    "'I', 1),"
                    " (8, 80, 'intake', 'I', 1)");
            tx.exec("INSERT INTO desk_member (desk, account, since) VALUES (7, 1, 1), (7, 5, 1), (8, 3, 1)");
            tx.exec("INSERT INTO delegation (id, giver, taker, role, starts_at, ends_at, created_at)"
                    " VALUES (9, 1, 6, 'agent', :from, :until, 1)",
                    {{"from", noon}, {"until", noon + day}});
        });
    }

    std::int64_t send(storage::Tx& tx, const services::notices::Audience& to, std::string_view key,
                      ValueView values = {}) const {
        return notices.send(tx, {"desk", to, kind, values, key});
    }
    std::int64_t sendNow(const services::notices::Audience& to, std::string_view key, ValueView values = {}) {
        return db.write([&](storage::Tx& tx) { return send(tx, to, key, values); });
    }
    std::vector<services::notices::Notice> of(std::int64_t account) {
        return db.read(
            [&](storage::Tx& tx) { return services::notices::Inbox::list(tx, account, {}, 0, 100); });
    }
    std::int64_t unread(std::int64_t account) {
        return db.read([&](storage::Tx& tx) { return services::notices::Inbox::unread(tx, account); });
    }

    static services::notices::Audience person(std::int64_t account) {
        return {services::notices::Audience::Kind::account, account, {}, 0, 0};
    }
    static services::notices::Audience role(std::string_view name, std::int64_t organisation) {
        return {services::notices::Audience::Kind::role, 0, name, organisation, 0};
    }
    static services::notices::Audience desk(std::string_view name, std::int64_t organisation) {
        return {services::notices::Audience::Kind::desk, 0, name, organisation, 0};
    }
    static services::notices::Audience relation(std::string_view name, std::int64_t caseId) {
        return {services::notices::Audience::Kind::relation, 0, name, 0, caseId};
    }

    template <class F>
    static std::string refusal(F&& call) {
        try {
            call();
        } catch (const Error& error) {
            return std::string(error.id());
        }
        return "nothing";
    }

    /// The texts of the plugin `desk`.
    portal::Translator texts() const {
        const auto folder = db.folder() / "i18n";
        std::filesystem::create_directories(folder);
        std::ofstream(folder / "zh-CN.json")
            << R"({"desk.done": "{number} 已办结", "desk.done.text": "《{title}》现在：{state}", "desk.closed": "已关闭"})";
        std::ofstream(folder / "en.json")
            << R"({"desk.done": "{number} is done", "desk.done.text": "{title} is now {state}", "desk.closed": "closed"})";
        portal::Problems problems;
        auto texts = portal::Translator().with("desk", folder, problems);
        CPPUNIT_ASSERT_MESSAGE(problems.empty() ? "" : problems.front().text(), problems.empty());
        return texts;
    }

    static constexpr Micros noon = 1'704'859'200'000'000; ///< 2024-01-10 12:00 in China
    static constexpr Micros hour = 3'600'000'000, day = 24 * hour;

    mutable TestDatabase db;
    Micros clock = noon;
    plugin::NoticeRule kind{"done", "desk.done", "desk.done.text", false};
    services::notices::Notices notices;
};

} // namespace dalate::test
