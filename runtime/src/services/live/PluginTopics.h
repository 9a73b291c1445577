// SPDX-License-Identifier: Apache-2.0
// A plugin's topic has no row of its own: its state is the moment at which the plugin last said that
// something has changed, kept in memory. Whoever may follow it is for the plugin to say: it hands a page the
// topic sealed for its reader, and only that reader's stream is fed under the seal. After a restart the pages
// that are open ask in vain and stand still until they are loaded again.
#pragma once

#include "base/Clock.h"
#include "services/live/Topics.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace dalate::services {
class Registry;
}

namespace dalate::services::live {

/// The topics of plugins, as the kind `plugin`: `plugin/<id>/<name>~<seal>`. Safe from any thread.
class PluginTopics {
public:
    /// `topics` outlives this, and its kind's last use is before this one's end.
    PluginTopics(Topics& topics, std::function<Micros()> clock);

    /// The topic as the page of one person may follow it.
    std::string sealed(const identity::Principal& who, std::string_view plugin, std::string_view name) const;

    /// After the commit: something has changed.
    void say(std::string_view plugin, std::string_view name);

private:
    std::optional<Value> state(const identity::Principal& who, std::string_view object) const;
    std::string sealOf(const identity::Principal& who, std::string_view bare) const;

    Topics& topics_;
    std::function<Micros()> clock_;
    const std::string key_;
    mutable std::mutex mutex_;
    std::map<std::string, Micros, std::less<>> changedAt_;
};

/// live/1: `topic {name} -> {topic}` for a page's `data-live`, empty where nobody is signed in; `changed
/// {name} -> null`, told to the pages once the caller's transaction has committed. Both throw 422
/// `core.live.name` (details: name) for what is no name of 1 to 100 of a-z, 0-9, `_`, `-` and `/`. The
/// references outlive the registry. Callers: traceability (lots), the contract tests' zoo_jobs.
void offerLive(Registry& registry, PluginTopics& topics);

} // namespace dalate::services::live
