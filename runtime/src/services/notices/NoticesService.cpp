// SPDX-License-Identifier: Apache-2.0
#include "services/notices/NoticesService.h"

#include "services/Arguments.h"
#include "services/Declared.h"
#include "services/Registry.h"
#include "services/notices/Inbox.h"
#include "services/notices/Notices.h"
#include "storage/Tx.h"

#include <array>

namespace dalate::services::notices {

namespace {

using Need = Argument::Need;
using Type = Argument::Type;

constexpr std::int64_t usualPage = 50, longestPage = 200;

[[noreturn]] void refuse(std::string_view key) {
    throw Error(422, "core.notice.asked", Value::map([&](MapWriter& m) { m.set("key", key); }));
}

[[noreturn]] void unknown(const ServiceContext& context, ValueView notice) {
    throw Error(404, "core.notice.unknown", Value::map([&](MapWriter& m) {
                    m.set("plugin", context.plugin).set("notice", notice.asText());
                }));
}

/// A whole number above zero.
std::int64_t idIn(ValueView raw, std::string_view key) {
    const auto id = raw.integer();
    if (!id || *id <= 0) refuse(key);
    return *id;
}

Audience audienceIn(ValueView to) {
    static const Arguments takes("notices/1", "send",
                                 {{"account"}, {"role"}, {"desk"}, {"relation"}, {"case"}, {"organisation"}},
                                 "to.");
    takes.check(to);
    constexpr std::array<std::pair<std::string_view, Audience::Kind>, 4> kinds{
        {{"account", Audience::Kind::account},
         {"role", Audience::Kind::role},
         {"desk", Audience::Kind::desk},
         {"relation", Audience::Kind::relation}}};
    Audience audience;
    int named = 0;
    for (const auto& [key, kind] : kinds)
        if (to.has(key)) {
            audience.kind = kind;
            ++named;
            if (kind == Audience::Kind::account)
                audience.account = idIn(to[key], "to.account");
            else if ((audience.name = to[key].text()).empty())
                refuse("to." + std::string(key));
        }
    if (named != 1) refuse("to");
    if (audience.kind == Audience::Kind::relation) audience.caseId = idIn(to["case"], "to.case");
    if (to.has("organisation")) audience.organisation = idIn(to["organisation"], "to.organisation");
    return audience;
}

Value send(const Notices& notices, ServiceContext& context, ValueView in) {
    const plugin::NoticeRule* kind =
        context.declared ? context.declared->notice(in["notice"].text()) : nullptr;
    if (kind == nullptr) unknown(context, in["notice"]);
    const std::int64_t people =
        notices.send(*context.tx, {context.plugin, audienceIn(in["to"]), *kind, in["values"],
                                   in["key"].text(), context.afterCommit});
    return Value::map([&](MapWriter& m) { m.set("people", people); });
}

Value list(ServiceContext& context, ValueView in) {
    const std::int64_t limit = in.has("limit") ? idIn(in["limit"], "limit") : usualPage;
    if (limit > longestPage) refuse("limit");
    const std::int64_t before = in.has("before") ? idIn(in["before"], "before") : 0;
    const std::int64_t reader = context.principal.user;
    const auto found = Inbox::list(*context.tx, reader, context.plugin, before, limit);
    return Value::map([&](MapWriter& m) {
        m.list("notices", [&](ListWriter& all) {
            for (const Notice& notice : found)
                all.map([&](MapWriter& one) {
                    one.set("notice", std::to_string(notice.id)).set("name", notice.name);
                    one.set("subject", notice.subject).set("text", notice.text).set("values", notice.details);
                    one.set("href", notice.href).set("urgent", notice.urgent);
                    one.set("sentAt", notice.sentAt).set("readAt", notice.readAt);
                });
        });
        m.set("unread", Inbox::unread(*context.tx, reader, context.plugin));
    });
}

Value read(ServiceContext& context, ValueView in, Micros time) {
    const std::int64_t id = idIn(in["notice"], "notice");
    const auto notice = Inbox::find(*context.tx, context.principal.user, id);
    if (!notice || notice->plugin != context.plugin) unknown(context, in["notice"]);
    Inbox::markRead(*context.tx, context.principal.user, id, time);
    return {};
}

} // namespace

void offerNotices(const CoreParts& parts, const Notices& notices) {
    offerChecked(parts.registry, "notices/1", "send", Touch::writes,
                 {{"notice", Type::text, Need::required},
                  {"to", Type::map, Need::required},
                  {"values", Type::map},
                  {"key", Type::text, Need::required, longestKey}},
                 [&notices](ServiceContext& context, ValueView in) { return send(notices, context, in); });
    offerChecked(parts.registry, "notices/1", "list", Touch::reads,
                 {{"limit", Type::number}, {"before", Type::number}}, &list);
    offerChecked(
        parts.registry, "notices/1", "read", Touch::writes, {{"notice", Type::id, Need::required}},
        [clock = parts.clock](ServiceContext& context, ValueView in) { return read(context, in, clock()); });
}

} // namespace dalate::services::notices
