// SPDX-License-Identifier: Apache-2.0
#include "app/LiveWork.h"

#include "base/Result.h"
#include "host/PluginHost.h"
#include "services/cases/Engine.h"
#include "services/jobs/JobView.h"
#include "services/notices/Inbox.h"

#include <charconv>

namespace dalate::app {

namespace {

using identity::Principal;

/// 0 for what is no id.
std::int64_t idIn(std::string_view text) {
    std::int64_t id = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), id);
    return fault == std::errc() && end == text.data() + text.size() && id > 0 ? id : 0;
}

std::string unreadKey(std::int64_t account) {
    return "unread/" + std::to_string(account);
}

} // namespace

LiveWork::LiveWork(storage::Pool& pool) : topics_(pool), plugins_(topics_, [] { return now(); }) {
    topics_.add({"unread",
                 [](storage::Tx& tx, const Principal& who, std::string_view) -> std::optional<Value> {
                     if (!who.isPerson()) return std::nullopt;
                     const std::int64_t count = services::notices::Inbox::unread(tx, who.user);
                     return Value::map([&](MapWriter& m) { m.set("count", count); });
                 },
                 [](const Principal& who, std::string_view) { return unreadKey(who.user); }});
    topics_.add(
        {"job", [](storage::Tx& tx, const Principal& who, std::string_view object) -> std::optional<Value> {
             const auto view = services::jobs::viewJob(tx, who, idIn(object));
             return view ? std::optional(view->live()) : std::nullopt;
         }});
}

void LiveWork::join(host::PluginHost& host, services::cases::Engine& engine) {
    services::live::offerLive(host.services(), plugins_);
    topics_.add(
        {"case",
         [&engine](storage::Tx& tx, const Principal& who, std::string_view object) -> std::optional<Value> {
             services::AfterCommit after;
             const services::cases::Who asking{&who, after, "zh-CN", {}, {}, {}};
             const auto found = engine.find(tx, asking, idIn(object));
             return Value::map([&](MapWriter& m) { m.set("version", found.version); });
         }});
}

void LiveWork::jobMoved(std::int64_t id) noexcept {
    topics_.touch("job/" + std::to_string(id));
}

void LiveWork::told(std::int64_t account) noexcept {
    topics_.touch(unreadKey(account));
}

} // namespace dalate::app
