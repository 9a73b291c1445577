// SPDX-License-Identifier: Apache-2.0
#include "portal/Page.h"

#include "portal/Translator.h"

namespace dalate::portal {

namespace {

void writeMenu(MapWriter& m, const std::vector<MenuEntry>& menu) {
    m.list("menu", [&](ListWriter& list) {
        for (const MenuEntry& entry : menu)
            list.map([&](MapWriter& row) {
                row.set("label", entry.label)
                    .set("href", entry.href)
                    .set("icon", entry.icon)
                    .set("current", entry.current);
            });
    });
}

void writeDemo(MapWriter& m, const std::vector<DemoAccount>& accounts) {
    m.list("demo_accounts", [&](ListWriter& list) {
        for (const DemoAccount& account : accounts)
            list.map([&](MapWriter& row) {
                row.set("account", account.account)
                    .set("label", account.label)
                    .set("description", account.description)
                    .set("icon", account.icon.empty() ? std::string("user") : account.icon);
            });
    });
}

void writeNotices(MapWriter& m, const std::vector<Notice>& notices) {
    m.list("notices", [&](ListWriter& list) {
        for (const Notice& notice : notices)
            list.map([&](MapWriter& row) {
                row.set("success", notice.kind == Notice::Kind::success)
                    .set("info", notice.kind == Notice::Kind::info)
                    .set("warning", notice.kind == Notice::Kind::warning)
                    .set("text", notice.text);
            });
    });
}

} // namespace

Value PageContext::value() const {
    return Value::map([&](MapWriter& m) {
        m.set("language", language)
            .set("elder", elder)
            .set("title", title)
            .set("wrong", wrong)
            .set("csrf", csrf)
            .set("path", path);
        m.set("signed_in", !personName.empty())
            .set("demo", demo)
            .set("phone", phone)
            .set("organiser", organiser);
        if (unread > 0) m.set("unread", unread);
        m.set("request_id", requestId).set("base_url", baseUrl);
        m.map("person", [&](MapWriter& person) {
            std::string together;
            for (const std::string& role : roles)
                together += (together.empty() ? "" : " · ") + role;
            person.set("id", personId)
                .set("name", personName)
                .set("organisation", organisation)
                .set("roles", together);
        });
        m.list("languages", [&](ListWriter& list) {
            for (const Language& known : portal::languages())
                list.map([&](MapWriter& row) {
                    row.set("tag", known.tag).set("name", known.name).set("current", known.tag == language);
                });
        });
        writeMenu(m, menu);
        if (demo) writeDemo(m, demoAccounts);
        if (!notices.empty()) writeNotices(m, notices);
    });
}

} // namespace dalate::portal
