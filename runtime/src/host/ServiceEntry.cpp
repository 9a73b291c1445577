// SPDX-License-Identifier: Apache-2.0
// The one door. What a method needs of the transaction (services::Touch) decides whether it gets the
// caller's, one of its own, or none; a core method runs with the core's rights and inside a savepoint of the
// caller's transaction, so that what it had written is undone when it fails. A call that runs inside the
// transaction of another (a service asked in one, a guard or an effect of a case) has that one even before it
// begins a part of its own: a second transaction of the same thread would wait for its own turn as writer.
#include "host/Entries.h"

#include "host/FlatCheck.h"
#include "storage/Session.h"

namespace dalate::host::entry {

namespace {

using services::Service;
using services::ServiceContext;
using services::Touch;

/// Lends a plugin's transaction to the core and gives it back.
class AsCore {
public:
    explicit AsCore(storage::Tx& tx) noexcept : tx_(tx), before_(tx.as(nullptr)) {}
    ~AsCore() { tx_.as(before_); }
    AsCore(const AsCore&) = delete;
    AsCore& operator=(const AsCore&) = delete;

private:
    storage::Tx& tx_;
    const storage::PluginAccess* before_;
};

/// The transaction that is open around the call, or null.
storage::Tx* surrounding(Call& call) noexcept {
    return call.tx() ? &call.tx()->tx() : call.joined();
}

bool mayWrite(Call& call) noexcept {
    if (call.readsOnly()) return false;
    return call.tx() ? call.tx()->writes() : call.joined()->mode() == storage::Tx::Mode::write;
}

Value inCallersTx(Call& call, const Service& service, ServiceContext& context, ValueView in) {
    if (service.touch == Touch::writes && !mayWrite(call)) throw Error(400, "core.host.tx_read_only");
    storage::Tx& open = *surrounding(call);
    const AsCore core(open);
    context.tx = &open;
    context.afterCommit = &call.afterCommit();
    if (service.touch == Touch::reads) return service.answer(context, in);
    storage::Tx::Savepoint part(open);
    Value result = service.answer(context, in);
    part.release();
    return result;
}

Value inOwnTx(Call& call, const Service& service, ServiceContext& context, ValueView in) {
    const auto lease = call.place().surroundings().pool.lease();
    storage::Tx tx(*lease,
                   service.touch == Touch::writes ? storage::Tx::Mode::write : storage::Tx::Mode::read);
    services::AfterCommit after;
    context.tx = &tx;
    context.afterCommit = &after;
    Value result = service.answer(context, in);
    tx.commit();
    for (const auto& act : after)
        act();
    return result;
}

Value answer(Call& call, const Service& service, ServiceContext& context, ValueView in, bool given) {
    const bool open = surrounding(call) != nullptr;
    switch (service.touch) {
    case Touch::nothing:
        return service.answer(context, in);
    case Touch::outside:
        if (open) throw Error(409, "core.host.tx_open");
        return service.answer(context, in);
    case Touch::reads:
        return open ? inCallersTx(call, service, context, in) : inOwnTx(call, service, context, in);
    case Touch::writes:
    case Touch::own:
        break;
    }
    // A second transaction of the same thread would wait for the first one's turn as writer, for ever.
    if (call.tx() && !given) throw Error(400, "core.host.tx_not_given");
    if (service.touch == Touch::writes)
        return open ? inCallersTx(call, service, context, in) : inOwnTx(call, service, context, in);
    if (call.depth() + 1 >= Call::depthLimit) throw Error(503, "core.plugin.depth");
    context.tx = surrounding(call);
    if (open) context.afterCommit = &call.afterCommit();
    return service.answer(context, in);
}

} // namespace

dalate_status service(dalate_call* handle, dalate_tx* tx, dalate_str nameMajor, dalate_str method,
                      dalate_value in, dalate_value* out) {
    return guarded("service", handle, [&](Call& call) {
        demand(out) = {};
        if (tx && !(call.tx() && call.tx()->is(tx))) return staleHandle("service");
        const std::string_view name = checkedText(nameMajor);
        const auto found = call.place().surroundings().services.find(name, checkedText(method));
        if (found->owner != "core" && found->owner != call.place().plugin() && !call.place().mayUse(name))
            throw Error(403, "core.service.undeclared",
                        Value::map([&](MapWriter& m) { m.set("service", name); }));
        const CallRequest& request = call.request();
        ServiceContext context{.plugin = call.place().plugin(),
                               .principal = call.principal(),
                               .scope = call.scope(),
                               .declaredJobs = call.place().jobs(),
                               .language = request.language,
                               .requestId = request.requestId,
                               .baseUrl = request.baseUrl,
                               .deadline = request.deadline,
                               .job = call.job(),
                               .declared = call.place().declared(),
                               .hops = call.hops(),
                               .uploads = request.uploads};
        *out = toRaw(call.keep(answer(call, *found, context, checkedValue(in), tx != nullptr)));
        return DALATE_OK;
    });
}

} // namespace dalate::host::entry
