// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/CoreParts.h"

namespace dalate::services::events {

class Outbox;

/// events/1:
///   - `publish {event, payload?} -> {id}`: writes an event of the calling plugin in the caller's transaction. Who
///     publishes on account of an event, while it is being delivered, is one hop further than that.
/// Callers: traceability (holds), samples/helpdesk (tickets closed).
/// Errors: those of `Outbox::publish`. `outbox` outlives the registry.
void offerEvents(const CoreParts& parts, const Outbox& outbox);

} // namespace dalate::services::events
