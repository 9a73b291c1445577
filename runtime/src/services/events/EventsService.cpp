// SPDX-License-Identifier: Apache-2.0
#include "services/events/EventsService.h"

#include "base/Result.h"
#include "services/Arguments.h"
#include "services/Declared.h"
#include "services/Registry.h"
#include "services/events/Outbox.h"

namespace dalate::services::events {

namespace {

Value publish(const Outbox& outbox, ServiceContext& context, ValueView in) {
    const std::string_view name = in["event"].text();
    if (!context.declared)
        throw Error(422, "core.event.undeclared", Value::map([&](MapWriter& m) {
                        m.set("plugin", context.plugin).set("event", name);
                    }));
    const std::int64_t id =
        outbox.publish(*context.tx, *context.afterCommit,
                       {*context.declared, name, in["payload"], context.hops, context.requestId});
    return Value::map([&](MapWriter& m) { m.set("id", std::to_string(id)); });
}

} // namespace

void offerEvents(const CoreParts& parts, const Outbox& outbox) {
    offerChecked(parts.registry, "events/1", "publish", Touch::writes,
                 {{"event", Argument::Type::text, Argument::Need::required}, {"payload"}},
                 [&outbox](ServiceContext& context, ValueView in) { return publish(outbox, context, in); });
}

} // namespace dalate::services::events
