// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/events/EventThread.h"
#include "services/events/Outbox.h"

namespace dalate::host {
class PluginHost;
}

namespace dalate::app {

/// The outbox and the thread that delivers from it. Offers events/1. Made before the lifecycle starts; everything
/// given outlives it.
class EventWork {
public:
    EventWork(host::PluginHost& host, storage::Pool& pool);
    EventWork(const EventWork&) = delete;
    EventWork& operator=(const EventWork&) = delete;

    void start() { thread_.start(); }
    /// Ends after the event that is being delivered.
    void stop() noexcept { thread_.stop(); }

private:
    services::events::EventThread thread_;
    services::events::Outbox outbox_;
};

} // namespace dalate::app
