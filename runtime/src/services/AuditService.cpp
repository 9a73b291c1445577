// SPDX-License-Identifier: Apache-2.0
#include "base/Result.h"
#include "identity/Audit.h"
#include "services/CoreServices.h"

namespace dalate::services {

namespace {

constexpr std::size_t actionLimit = 128;
constexpr std::size_t objectLimit = 200;

Value record(ServiceContext& context, ValueView in) {
    const std::string_view action = in["action"].text(), object = in["object"].text();
    const ValueView details = in["details"];
    const bool own = action.size() > context.plugin.size() + 1 && action.starts_with(context.plugin) &&
                     action[context.plugin.size()] == '.';
    if (!own || action.size() > actionLimit)
        throw Error(400, "core.audit.bad_action",
                    Value::map([&](MapWriter& m) { m.set("action", action.substr(0, actionLimit)); }));
    if (object.empty() || object.size() > objectLimit || !(details.isMap() || details.isNull()))
        throw Error(400, "core.audit.bad_record", Value::map([&](MapWriter& m) { m.set("action", action); }));
    identity::Audit::record(*context.tx, context.principal, action, object, details, context.requestId);
    return {};
}

} // namespace

void offerAudit(Registry& registry) {
    registry.offer({"core", "audit/1", "record", Touch::writes, &record});
}

} // namespace dalate::services
