// SPDX-License-Identifier: Apache-2.0
#include "app/EventWork.h"

#include "host/PluginHost.h"
#include "services/Declared.h"
#include "services/events/EventsService.h"

namespace dalate::app {

EventWork::EventWork(host::PluginHost& host, storage::Pool& pool)
    : thread_(pool, host.declarations(), host, host.parts().clock),
      outbox_(host.declarations(), host.parts().clock, [this] { thread_.wake(); }) {
    const services::CoreParts parts = host.parts();
    services::events::offerEvents(parts, outbox_);
    parts.declarations.onChange([this] { thread_.changed(); });
}

} // namespace dalate::app
