// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <type_traits>
#include <vector>

#include <dalate/cases.hpp>
#include <dalate/events.hpp>
#include <dalate/jobs.hpp>
#include <dalate/response.hpp>
#include <dalate/services.hpp>

namespace dalate {

/// What the plugin's handlers are kept as: each takes the call and answers it, or throws.
using Handler = std::function<void(const Host&, dalate_call*)>;

/// Ties the names in plugin.json to code. Valid during `Plugin::bind` only. Throws where the manifest does
/// not declare the name; a declared name that is never bound fails the load too.
///
/// A handler is a member function with its object, or anything callable with the same signature.
class Binder {
public:
    Binder(dalate_bind_fn bind, dalate_binder* binder, std::vector<Handler>& handlers) noexcept
        : bind_(bind), binder_(binder), handlers_(handlers) {}

    /// routes[].name: `Response (Request&)`.
    template <class F>
    void route(std::string_view name, F handler) {
        add(DALATE_BIND_ROUTE, name, [handler = std::move(handler)](const Host& host, dalate_call* call) {
            Request request(host, call);
            const Response response = handler(request);
            response.send(request);
        });
    }
    template <class T>
    void route(std::string_view name, T* self, Response (T::*handler)(Request&)) {
        route(name, [self, handler](Request& request) { return (self->*handler)(request); });
    }

    /// jobs[].name: `Value (JobContext&)` or `void (JobContext&)`.
    template <class F>
    void job(std::string_view name, F handler) {
        addAnswering<JobContext>(DALATE_BIND_JOB, name, std::move(handler));
    }
    template <class T, class R>
    void job(std::string_view name, T* self, R (T::*handler)(JobContext&)) {
        job(name, [self, handler](JobContext& context) { return (self->*handler)(context); });
    }

    /// provides[]: "<name>/<major>.<method>": `Value (ServiceCall&)`.
    template <class F>
    void service(std::string_view nameMajorMethod, F handler) {
        addAnswering<ServiceCall>(DALATE_BIND_SERVICE, nameMajorMethod, std::move(handler));
    }
    template <class T, class R>
    void service(std::string_view nameMajorMethod, T* self, R (T::*handler)(ServiceCall&)) {
        service(nameMajorMethod, [self, handler](ServiceCall& call) { return (self->*handler)(call); });
    }

    /// A name under "guard" of a file in cases/: `void (CaseMove&)`. Refuses the move by throwing; may only read.
    template <class F>
    void guard(std::string_view name, F handler) {
        addAnswering<CaseMove>(DALATE_BIND_GUARD, name, std::move(handler));
    }
    template <class T>
    void guard(std::string_view name, T* self, void (T::*handler)(CaseMove&)) {
        guard(name, [self, handler](CaseMove& move) { (self->*handler)(move); });
    }

    /// A name under "effects" of a file in cases/: `void (CaseMove&)`. Writes in the transaction of the move.
    template <class F>
    void effect(std::string_view name, F handler) {
        addAnswering<CaseMove>(DALATE_BIND_EFFECT, name, std::move(handler));
    }
    template <class T>
    void effect(std::string_view name, T* self, void (T::*handler)(CaseMove&)) {
        effect(name, [self, handler](CaseMove& move) { (self->*handler)(move); });
    }

    /// subscribes[]: "helpdesk.ticket_closed/1": `void (Event&)`.
    template <class F>
    void on(std::string_view nameMajor, F handler) {
        addAnswering<Event>(DALATE_BIND_EVENT, nameMajor, std::move(handler));
    }
    template <class T>
    void on(std::string_view nameMajor, T* self, void (T::*handler)(Event&)) {
        on(nameMajor, [self, handler](Event& event) { (self->*handler)(event); });
    }

private:
    template <class Context, class F>
    void addAnswering(std::int32_t kind, std::string_view name, F handler) {
        add(kind, name, [handler = std::move(handler)](const Host& host, dalate_call* call) {
            Context context(host, call);
            if constexpr (std::is_void_v<std::invoke_result_t<const F&, Context&>>) {
                handler(context);
            } else {
                const Value answer = handler(context);
                if (const dalate_status status = host.table().reply_value(call, detail::raw(answer)))
                    throw detail::failure(host.table(), call, status);
            }
        });
    }
    void add(std::int32_t kind, std::string_view name, Handler handler) {
        const dalate_status status =
            bind_(binder_, kind, detail::str(name), static_cast<std::uint32_t>(handlers_.size()));
        if (status != DALATE_OK)
            throw Error(status, "core.plugin.undeclared",
                        Value::map([&](MapWriter& m) { m.set("name", name); }));
        handlers_.push_back(std::move(handler));
    }

    dalate_bind_fn bind_;
    dalate_binder* binder_;
    std::vector<Handler>& handlers_;
};

} // namespace dalate
