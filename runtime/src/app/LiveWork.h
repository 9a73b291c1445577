// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/live/PluginTopics.h"
#include "services/live/Topics.h"

namespace dalate::host {
class PluginHost;
}
namespace dalate::services::cases {
class Engine;
}

namespace dalate::app {

/// What live pages follow: `unread` (a person's notices), `job/<id>`, `case/<id>` and the plugins' topics.
/// Made before the host, whose jobs tell it when they move; everything given outlives its thread.
class LiveWork {
public:
    explicit LiveWork(storage::Pool& pool);
    LiveWork(const LiveWork&) = delete;
    LiveWork& operator=(const LiveWork&) = delete;

    /// Offers live/1, and takes the engine's cases among the topics. Before `start`.
    void join(host::PluginHost& host, services::cases::Engine& engine);

    void start() { topics_.start(); }
    void stop() noexcept { topics_.stop(); }

    /// After the commit. Any thread.
    void jobMoved(std::int64_t id) noexcept;
    void told(std::int64_t account) noexcept;

    services::live::Topics& topics() noexcept { return topics_; }

private:
    services::live::Topics topics_;
    services::live::PluginTopics plugins_;
};

} // namespace dalate::app
