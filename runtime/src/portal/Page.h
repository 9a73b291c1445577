// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/value.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace dalate::portal {

/// One entry of the menu or one way through it.
struct MenuEntry {
    std::string label;
    std::string href;
    /// Name of a symbol in icons.svg (`home`, `list`, `leaf`, …); empty for none.
    std::string icon;
    bool current = false;
};

/// One person of the demo county whom the home page signs in with a click.
struct DemoAccount {
    /// What `POST /demo/sign-in` gets as `account`.
    std::string account;
    /// 居民, 村医, …
    std::string label;
    /// What this person can see, in one line.
    std::string description;
    std::string icon;
};

/// Something to tell on top of the page.
struct Notice {
    enum class Kind { success, info, warning };
    Kind kind = Kind::info;
    std::string text;
};

/// Everything about a page that is not its model: filled by the gateway for each request, read by layout and
/// components as `page.…`. In the template: `page.language`, `page.elder`, `page.title`, `page.wrong`,
/// `page.csrf`, `page.path`, `page.base_url`, `page.request_id`, `page.phone`, `page.organiser`, `page.demo`,
/// `page.signed_in`, `page.person.id`, `page.person.name`, `page.person.organisation`, `page.person.roles`
/// (one text), `page.unread` (a number; null where it is 0), `page.menu` (label, href, icon, current),
/// `page.demo_accounts` (account, label, description, icon), `page.notices` (success|info|warning, text),
/// `page.languages` (tag, name, current).
///
/// The header's switches are links the gateway answers with a cookie and 303 to `back`, which must be a path
/// of this site: `GET /preferences?language=<tag>&back=<path>` and x?elder=on|off&back=<path>`.
struct PageContext {
    /// Tag of one of languages().
    std::string language = "zh-CN";
    /// 适老化: large type and targets.
    bool elder = false;
    /// Who is signed in, as the number of her account, by which a page's script tells its own drafts; and her
    /// name. Both empty for a visitor.
    std::string personId;
    std::string personName;
    std::string organisation;
    /// Already in the page's language.
    std::vector<std::string> roles;
    /// Her notices that she has not read.
    std::int64_t unread = 0;
    std::vector<MenuEntry> menu;
    /// Value for the hidden field `csrf` of every form that posts.
    std::string csrf;
    /// Goes into <title> before the portal's name; empty: the template's own.
    std::string title;
    /// What was sent was refused: <title> begins with the error prefix. For a title of the template's own.
    bool wrong = false;
    std::string requestId;
    /// Path and query of this page, as the client sent it; begins with one slash. For a page that answers a
    /// POST: the path to come back to.
    std::string path = "/";
    /// `https://host[:port]`, without slash at its end.
    std::string baseUrl;
    /// 服务热线, shown on every page.
    std::string phone = "12345";
    /// 主办单位 in the footer; empty: the text `core.footer.organiser`.
    std::string organiser;
    /// Shows the ribbon 演示数据 · 人物虚构.
    bool demo = false;
    std::vector<DemoAccount> demoAccounts;
    std::vector<Notice> notices;

    /// The `page.…` values in the flat form.
    Value value() const;
};

} // namespace dalate::portal
