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
/// A handler is a member function, const or not, with its object, or anything callable with the same
/// signature.
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
    template <class T, class Member>
    void route(std::string_view name, T* self, Member handler) {
        route(name, of<Request>(self, handler));
    }

    /// jobs[].name: `Value (JobContext&)` or `void (JobContext&)`.
    template <class F>
    void job(std::string_view name, F handler) {
        addAnswering<JobContext>(DALATE_BIND_JOB, name, std::move(handler));
    }
    template <class T, class Member>
    void job(std::string_view name, T* self, Member handler) {
        job(name, of<JobContext>(self, handler));
    }

    /// provides[]: "<name>/<major>.<method>": `Value (ServiceCall&)`.
    template <class F>
    void service(std::string_view nameMajorMethod, F handler) {
        addAnswering<ServiceCall>(DALATE_BIND_SERVICE, nameMajorMethod, std::move(handler));
    }
    template <class T, class Member>
    void service(std::string_view nameMajorMethod, T* self, Member handler) {
        service(nameMajorMethod, of<ServiceCall>(self, handler));
    }

    /// A name under "guard" of a file in cases/: `void (CaseMove&)`. Refuses the move by throwing; may only
    /// read.
    template <class F>
    void guard(std::string_view name, F handler) {
        addAnswering<CaseMove>(DALATE_BIND_GUARD, name, std::move(handler));
    }
    template <class T, class Member>
    void guard(std::string_view name, T* self, Member handler) {
        guard(name, of<CaseMove>(self, handler));
    }

    /// A name under "effects" of a file in cases/: `void (CaseMove&)`. Writes in the transaction of the move.
    template <class F>
    void effect(std::string_view name, F handler) {
        addAnswering<CaseMove>(DALATE_BIND_EFFECT, name, std::move(handler));
    }
    template <class T, class Member>
    void effect(std::string_view name, T* self, Member handler) {
        effect(name, of<CaseMove>(self, handler));
    }

    /// subscribes[]: "helpdesk.ticket_closed/1": `void (Event&)`.
    template <class F>
    void on(std::string_view nameMajor, F handler) {
        addAnswering<Event>(DALATE_BIND_EVENT, nameMajor, std::move(handler));
    }
    template <class T, class Member>
    void on(std::string_view nameMajor, T* self, Member handler) {
        on(nameMajor, of<Event>(self, handler));
    }

private:
    template <class Context, class T, class Member>
    static auto of(T* self, Member handler) {
        static_assert(std::is_invocable_v<Member, T*, Context&>,
                      "a member function of the object, with this call");
        return [self, handler](Context& context) { return std::invoke(handler, self, context); };
    }
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
