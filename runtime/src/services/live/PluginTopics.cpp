// SPDX-License-Identifier: Apache-2.0
#include "services/live/PluginTopics.h"

#include "base/Ids.h"
#include "base/Result.h"
#include "base/Sha256.h"
#include "identity/Digest.h"
#include "services/Arguments.h"
#include "services/Registry.h"

#include <algorithm>
#include <utility>

namespace dalate::services::live {

namespace {

constexpr std::size_t longestName = 100;
constexpr Argument topicName{"name", Argument::Type::text, Argument::Need::required};

std::string nameIn(ValueView in) {
    const std::string_view name = in["name"].text();
    const bool sound =
        !name.empty() && name.size() <= longestName && std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/';
        });
    if (!sound)
        throw Error(422, "core.live.name",
                    Value::map([&](MapWriter& m) { m.set("name", in["name"].asText()); }));
    return std::string(name);
}

std::string bareOf(std::string_view plugin, std::string_view name) {
    return std::string(plugin) + "/" + std::string(name);
}

} // namespace

PluginTopics::PluginTopics(Topics& topics, std::function<Micros()> clock)
    : topics_(topics), clock_(std::move(clock)), key_(randomHex(32)) {
    topics_.add({"plugin",
                 [this](storage::Tx&, const identity::Principal& who, std::string_view object) {
                     return state(who, object);
                 },
                 [](const identity::Principal&, std::string_view object) {
                     return "plugin/" + std::string(object.substr(0, object.rfind('~')));
                 }});
}

std::string PluginTopics::sealOf(const identity::Principal& who, std::string_view bare) const {
    const std::string text = std::to_string(who.user) + "\n" + std::string(bare);
    // Hashed twice under the key, so that no seal can be lengthened into another.
    return sha256Hex(key_ + sha256Hex(key_ + text));
}

std::string PluginTopics::sealed(const identity::Principal& who, std::string_view plugin,
                                 std::string_view name) const {
    const std::string bare = bareOf(plugin, name);
    return "plugin/" + bare + "~" + sealOf(who, bare);
}

void PluginTopics::say(std::string_view plugin, std::string_view name) {
    const std::string bare = bareOf(plugin, name);
    {
        const std::lock_guard lock(mutex_);
        Micros& at = changedAt_[bare];
        at = std::max(at + 1, clock_());
    }
    topics_.touch("plugin/" + bare);
}

std::optional<Value> PluginTopics::state(const identity::Principal& who, std::string_view object) const {
    const std::size_t mark = object.rfind('~');
    if (!who.isPerson() || mark == std::string_view::npos) return std::nullopt;
    const std::string_view bare = object.substr(0, mark);
    if (!identity::equalInConstantTime(sealOf(who, bare), object.substr(mark + 1))) return std::nullopt;
    const std::lock_guard lock(mutex_);
    const auto at = changedAt_.find(bare);
    const Micros changed = at == changedAt_.end() ? 0 : at->second;
    return Value::map([&](MapWriter& m) { m.set("changed", changed); });
}

void offerLive(Registry& registry, PluginTopics& topics) {
    offerChecked(registry, "live/1", "topic", Touch::nothing, {topicName},
                 [&topics](ServiceContext& context, ValueView in) {
                     const std::string name = nameIn(in);
                     const std::string topic = context.principal.isPerson()
                                                   ? topics.sealed(context.principal, context.plugin, name)
                                                   : std::string();
                     return Value::map([&](MapWriter& m) { m.set("topic", topic); });
                 });
    offerChecked(registry, "live/1", "changed", Touch::writes, {topicName},
                 [&topics](ServiceContext& context, ValueView in) {
                     auto say = [&topics, plugin = std::string(context.plugin), name = nameIn(in)] {
                         topics.say(plugin, name);
                     };
                     if (context.afterCommit)
                         context.afterCommit->push_back(std::move(say));
                     else
                         say();
                     return Value();
                 });
}

} // namespace dalate::services::live
