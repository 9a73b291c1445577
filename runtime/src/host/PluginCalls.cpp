// SPDX-License-Identifier: Apache-2.0
// Calls from a service into the code that a plugin has bound to a name of its declarations.
#include "host/Call.h"
#include "host/PluginHost.h"

namespace dalate::host {

namespace {

using Kind = services::PluginCalls::Kind;

/// The one thing under its three names: to the binder, to the call, and in the log.
struct KindNames {
    std::int32_t bind;
    CallKind call;
    std::string_view text;
};

KindNames namesOf(Kind kind) noexcept {
    switch (kind) {
    case Kind::guard:
        return {DALATE_BIND_GUARD, CallKind::guard, "guard"};
    case Kind::effect:
        return {DALATE_BIND_EFFECT, CallKind::effect, "effect"};
    case Kind::event:
        break;
    }
    return {DALATE_BIND_EVENT, CallKind::event, "event"};
}

} // namespace

bool PluginHost::has(std::string_view plugin, Kind kind, std::string_view name) const {
    const plugin::Lease lease = current_ ? current_->get()->find(plugin) : nullptr;
    return lease && lease->namedHandler(namesOf(kind).bind, name) != plugin::Generation::noHandler;
}

Value PluginHost::call(storage::Tx& tx, services::AfterCommit& after, const Ask& ask) {
    const KindNames kind = namesOf(ask.kind);
    const plugin::Lease lease = current_ ? current_->get()->find(ask.plugin) : nullptr;
    const std::uint32_t handler =
        lease ? lease->namedHandler(kind.bind, ask.name) : plugin::Generation::noHandler;
    if (handler == plugin::Generation::noHandler)
        throw Error(503, "core.plugin.away", Value::map([&](MapWriter& m) {
                        m.set("plugin", ask.plugin).set("kind", kind.text).set("name", ask.name);
                    }));

    CallRequest request;
    request.kind = kind.call;
    request.language = ask.language;
    request.requestId = ask.requestId;
    request.baseUrl = options_.baseUrl;
    request.principal = ask.principal;
    request.deadline = ask.deadline;
    request.arguments = ask.arguments;
    request.subject = ask.name;
    request.hops = ask.hops;

    // The call's own part is released when the handler commits; this one takes that back too where the
    // handler fails after it.
    storage::Tx::Savepoint part(tx);
    const std::size_t waiting = after.size();
    Call call(Place::of(lease->place().handle()), request, tx, after);
    Reply reply = invoke(*lease, handler, call, {kind.text, ask.name, ask.requestId, ask.deadline});
    if (reply.failed()) {
        after.resize(waiting);
        throw Error(reply.status, reply.messageId, reply.model);
    }
    part.release();
    return std::move(reply.model);
}

} // namespace dalate::host
