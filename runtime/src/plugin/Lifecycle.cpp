// SPDX-License-Identifier: Apache-2.0
#include "plugin/Lifecycle.h"

#include "plugin/Reconciler.h"

namespace dalate::plugin {

struct Lifecycle::Impl {
    Impl(LifecycleOptions options, storage::Pool& pool, HostPort& port)
        : reconciler(std::move(options), pool, port, current, invoke) {}

    // The reconciler ends first: it publishes and asks the register until its thread is done.
    Current current;
    Invoke invoke;
    Reconciler reconciler;
};

std::string_view name(State state) noexcept {
    switch (state) {
    case State::discovered:
        return "discovered";
    case State::verified:
        return "verified";
    case State::resolved:
        return "resolved";
    case State::loaded:
        return "loaded";
    case State::installed:
        return "installed";
    case State::starting:
        return "starting";
    case State::active:
        return "active";
    case State::draining:
        return "draining";
    case State::stopped:
        return "stopped";
    case State::rejected:
        return "rejected";
    case State::failed:
        return "failed";
    case State::quarantined:
        return "quarantined";
    }
    return "discovered";
}

Lifecycle::Lifecycle(LifecycleOptions options, storage::Pool& pool, HostPort& port)
    : impl_(std::make_unique<Impl>(std::move(options), pool, port)) {}

Lifecycle::~Lifecycle() = default;

void Lifecycle::start() {
    impl_->reconciler.start();
}
void Lifecycle::stop() {
    impl_->reconciler.stop();
}

void Lifecycle::want(std::string_view plugin, Desired desired, std::string_view changedBy,
                     const Beside& beside) {
    impl_->reconciler.want(plugin, desired, changedBy, beside);
}

void Lifecycle::rescan() {
    impl_->reconciler.rescan();
}
bool Lifecycle::settle(std::chrono::milliseconds most) {
    return impl_->reconciler.settle(most);
}
std::vector<PluginStatus> Lifecycle::status() const {
    return impl_->reconciler.status();
}

std::optional<PluginStatus> Lifecycle::status(std::string_view plugin) const {
    for (PluginStatus& s : impl_->reconciler.status())
        if (s.id == plugin) return std::move(s);
    return std::nullopt;
}

const Current& Lifecycle::current() const noexcept {
    return impl_->current;
}
Invoke& Lifecycle::invoke() noexcept {
    return impl_->invoke;
}

} // namespace dalate::plugin
