// SPDX-License-Identifier: Apache-2.0
#include "services/notices/CaseNotices.h"

#include "services/Declared.h"
#include "services/notices/Notices.h"

namespace dalate::services::notices {

namespace {

Audience audienceOf(const cases::NoticeSink::Notice& notice) {
    using To = cases::NoticeSink::Notice::To;
    Audience audience;
    audience.kind = notice.to == To::account ? Audience::Kind::account
                    : notice.to == To::role  ? Audience::Kind::role
                                             : Audience::Kind::desk;
    audience.account = notice.account;
    audience.name = notice.name;
    audience.organisation = notice.organisation;
    return audience;
}

/// Of what the engine tells, the names of state and machine are ids of the plugin's texts.
Value valuesOf(ValueView told) {
    return Value::map([&](MapWriter& m) {
        for (const ValueView member : told) {
            const bool named = member.key() == "stateLabel" || member.key() == "machine";
            if (named && !member.text().empty())
                m.map(member.key(), [&](MapWriter& text) { text.set("text", member.text()); });
            else
                m.set(member.key(), member);
        }
    });
}

} // namespace

void CaseNotices::send(storage::Tx& tx, AfterCommit& after, const Notice& notice) {
    const auto declared = declarations_.find(notice.plugin);
    if (!declared)
        throw Error(503, "core.plugin.away",
                    Value::map([&](MapWriter& m) { m.set("plugin", notice.plugin); }));
    const plugin::NoticeRule* kind = declared->notice(notice.notice);
    if (kind == nullptr)
        throw Error(500, "core.notice.unknown", Value::map([&](MapWriter& m) {
                        m.set("plugin", notice.plugin).set("notice", notice.notice);
                    }));
    const Value values = valuesOf(notice.values);
    notices_.send(tx, {notice.plugin, audienceOf(notice), *kind, values, notice.key, &after});
}

} // namespace dalate::services::notices
