// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "unit/services_forms/FormFixture.h"
#include "unit/storage/Database.h"

#include "services/lists/Composer.h"
#include "services/lists/ListReader.h"
#include "services/lists/Rows.h"
#include "services/lists/UrlQuery.h"

#include <string>
#include <vector>

namespace dalate::test {

inline constexpr std::string_view lotList = R"({
    "list": "lots", "title": "helpdesk.lots", "access": "permission:helpdesk.work",
    "from": "helpdesk_lot l", "scope": ["l"], "where": "l.hidden = 0", "key": "l.id", "href": "/helpdesk/lots/{key}",
    "columns": [
        {"name": "name", "label": "helpdesk.name", "sql": "l.name", "type": "text", "sort": true, "filter": "words"},
        {"name": "state", "label": "helpdesk.state", "sql": "l.state", "type": "choice", "filter": "is", "options": [
            {"value": "open", "label": "helpdesk.open", "kind": "busy"}, {"value": "shut", "label": "helpdesk.shut"}]},
        {"name": "fee", "label": "helpdesk.fee", "sql": "l.fee", "type": "money", "sort": true, "filter": "range"},
        {"name": "phone", "label": "helpdesk.phone", "sql": "l.phone", "type": "text", "personal": "phone"}],
    "order": "-fee"})";

/// "id place" of each problem.
inline std::vector<std::string> listFaults(std::string_view text, std::string_view file = "lists/lots.json") {
    static const Value schema = schemaNamed("list.schema.json");
    plugin::Problems problems;
    const auto list = services::lists::readList(schema, "helpdesk", text, file, problems);
    CPPUNIT_ASSERT(list.has_value() == problems.empty());
    std::vector<std::string> shown;
    for (const auto& problem : problems)
        shown.push_back(problem.id + " " + problem.where);
    return shown;
}

inline services::lists::List listOf(std::string_view text) {
    static const Value schema = schemaNamed("list.schema.json");
    plugin::Problems problems;
    auto list = services::lists::readList(schema, "helpdesk", text, "lists/lots.json", problems);
    CPPUNIT_ASSERT_MESSAGE(problems.empty() ? "" : problems.front().id + " " + problems.front().where,
                           list.has_value());
    return *std::move(list);
}

inline std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const std::size_t at = text.find(what);
    CPPUNIT_ASSERT(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

/// Lots of two organisations, 7 and 8, with ties and nothing in the sorted column.
class Lots : public storage::Database {
public:
    Lots() {
        run({"CREATE TABLE helpdesk_lot (id BIGINT PRIMARY KEY, name TEXT, state TEXT, fee BIGINT, phone "
             "TEXT, "
             "hidden BIGINT NOT NULL DEFAULT 0, organisation BIGINT NOT NULL)",
             "CREATE TABLE helpdesk_other (id BIGINT PRIMARY KEY)",
             "INSERT INTO helpdesk_lot (id, name, state, fee, phone, hidden, organisation) VALUES "
             "(1, '瓜', 'open', 300, '13912345678', 0, 7), (2, '=1+1', 'open', 300, NULL, 0, 7), "
             "(3, '100%', 'shut', NULL, NULL, 0, 7), (4, 'a_b', 'shut', NULL, NULL, 0, 7), "
             "(5, '椒', 'open', -50, NULL, 0, 7), (6, 'secret', 'open', 1, NULL, 1, 7), (9, '别家', 'open', "
             "5, NULL, 0, 8)"});
    }
    const storage::TableRules rules{"helpdesk", {{"helpdesk_lot", true, "", {"organisation"}}}};

    storage::PluginAccess access(std::int64_t organisation = 7) const {
        return {&rules, {storage::Scope::Kind::organisation, 0, organisation}};
    }
    /// Keys of all pages, a page after another by the URL of each.
    std::vector<std::int64_t> walk(const services::lists::List& list, services::lists::Asked asked,
                                   std::int64_t limit) {
        std::vector<std::int64_t> keys;
        const storage::PluginAccess who = access();
        for (int pages = 0; pages < 20; ++pages) {
            const auto query = services::lists::UrlQuery::read(list, asked);
            const auto lease = pool->lease();
            storage::Tx tx(*lease, storage::Tx::Mode::read);
            const auto around = services::lists::ListRows(tx, list, who)
                                    .page(query, limit, [&](const services::lists::RowView& row) {
                                        keys.push_back(row.key);
                                    });
            if (!around.behind) return keys;
            const std::string text = query.behindText(around.behind->key, around.behind->value);
            std::string after = text.substr(text.find("after=") + 6);
            std::erase_if(asked, [](const auto& each) { return each.first == "after"; });
            asked.emplace_back("after", std::vector<std::string>{after});
        }
        CPPUNIT_FAIL("the pages do not end");
        return keys;
    }

    /// The same from behind a row on back to the first page, each page's keys in the list's order.
    std::vector<std::int64_t> walkBack(const services::lists::List& list, services::lists::Asked asked,
                                       std::string before, std::int64_t limit) {
        std::vector<std::int64_t> keys;
        const storage::PluginAccess who = access();
        for (int pages = 0; pages < 20; ++pages) {
            std::erase_if(asked, [](const auto& each) { return each.first == "before"; });
            asked.emplace_back("before", std::vector<std::string>{before});
            const auto query = services::lists::UrlQuery::read(list, asked);
            const auto lease = pool->lease();
            storage::Tx tx(*lease, storage::Tx::Mode::read);
            std::vector<std::int64_t> page;
            const auto around = services::lists::ListRows(tx, list, who)
                                    .page(query, limit, [&](const services::lists::RowView& row) {
                                        page.push_back(row.key);
                                    });
            keys.insert(keys.begin(), page.begin(), page.end());
            if (!around.before) return keys;
            const std::string text = query.beforeText(around.before->key, around.before->value);
            before = text.substr(text.find("before=") + 7);
        }
        CPPUNIT_FAIL("the pages do not begin");
        return keys;
    }
};

} // namespace dalate::test
