// SPDX-License-Identifier: Apache-2.0
//
// The one header of a plugin's main file: a class derived from Plugin and DALATE_PLUGIN(ThatClass).
//
// The class never crosses the boundary. Between it and the host stand the thunks below: C functions that
// catch everything a plugin may throw and turn it into a status and a message, inside the plugin's own
// library.
#pragma once

#include <exception>
#include <memory>
#include <new>
#include <string>

#include <dalate/binder.hpp>
#include <dalate/log.hpp>

namespace dalate {

/// A sector application. Constructed when the library is loaded, destroyed when the last call has ended.
/// `bind`, `start`, `quiesce` and `stop` run one at a time; handlers run on several threads at once.
class Plugin {
public:
    explicit Plugin(const Host& host) noexcept : host_(host) {}
    virtual ~Plugin() = default;
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;

    /// Names the handlers; no input or output, no services.
    virtual void bind(Binder& binder) = 0;
    /// The schema is in place and the services answer. An Error thrown here keeps the plugin off.
    virtual void start(Call&) {}
    /// No new calls will come; those running go on.
    virtual void quiesce() {}
    /// No call is running. Threads of the plugin's own must be joined here.
    virtual void stop() {}

protected:
    const Host& host() const noexcept { return host_; }

private:
    Host host_;
};

namespace detail {

inline Value exceptionDetails(const char* what) {
    return Value::map([&](MapWriter& m) { m.set("what", std::string_view(what).substr(0, 200)); });
}

/// Runs `work` and tells what it threw to `tell(status, messageId, details)`. Never throws: telling may run
/// out of memory too, and then the status alone must do.
template <class Work, class Tell>
dalate_status guarded(Work&& work, Tell&& tell) noexcept {
    try {
        try {
            work();
            return DALATE_OK;
        } catch (const Error& error) {
            const int status = error.status() >= 400 && error.status() < 600 ? error.status() : 500;
            tell(status, error.id(), error.details());
            return status;
        } catch (const std::bad_alloc&) {
            tell(503, "core.plugin.memory", ValueView());
            return 503;
        } catch (const std::exception& error) {
            const Value details = exceptionDetails(error.what());
            tell(500, "core.plugin.exception", details.view());
        } catch (...) {
            tell(500, "core.plugin.exception", ValueView());
        }
    } catch (...) {}
    return 500;
}

/// A plugin object with what the thunks need beside it. Members in the order of their life: the handlers may
/// refer to the plugin, so they go first.
template <class T>
struct Instance {
    explicit Instance(const Host& h) : host(h), plugin(h) {}
    Host host;
    T plugin;
    std::vector<Handler> handlers;
};

template <class T>
struct Thunks {
    static Instance<T>& of(void* self) noexcept { return *static_cast<Instance<T>*>(self); }

    static auto logTo(const Host& host) noexcept {
        return [host](int, std::string_view id, ValueView details) { log::error(host, id, details); };
    }
    static auto failOf(const Host& host, dalate_call* call) noexcept {
        return [&host, call](int status, std::string_view id, ValueView details) {
            host.table().fail(call, status, str(id), raw(details));
        };
    }

    static dalate_status create(const dalate_host_v1* table, dalate_host* place, void** self) noexcept {
        if (!table || table->size < sizeof(dalate_host_v1) || !self) return 500;
        const Host host(table, place);
        return guarded([&] { *self = new Instance<T>(host); }, logTo(host));
    }
    static dalate_status bind(void* self, dalate_bind_fn fn, dalate_binder* binder) noexcept {
        return guarded(
            [&] {
                Binder names(fn, binder, of(self).handlers);
                of(self).plugin.bind(names);
            },
            logTo(of(self).host));
    }
    static dalate_status start(void* self, dalate_call* call) noexcept {
        return guarded(
            [&] {
                Call context(of(self).host, call);
                of(self).plugin.start(context);
            },
            failOf(of(self).host, call));
    }
    static void quiesce(void* self) noexcept {
        guarded([&] { of(self).plugin.quiesce(); }, logTo(of(self).host));
    }
    static void stop(void* self) noexcept {
        guarded([&] { of(self).plugin.stop(); }, logTo(of(self).host));
    }
    static void destroy(void* self) noexcept { delete static_cast<Instance<T>*>(self); }
    static dalate_status invoke(void* self, std::uint32_t handler, dalate_call* call) noexcept {
        Instance<T>& instance = of(self);
        if (handler >= instance.handlers.size()) return 500;
        return guarded([&] { instance.handlers[handler](instance.host, call); }, failOf(instance.host, call));
    }

    static constexpr dalate_plugin_v1 table = {sizeof(dalate_plugin_v1),
                                               DALATE_ABI_MAJOR,
                                               DALATE_ABI_MINOR,
                                               &create,
                                               &bind,
                                               &start,
                                               &quiesce,
                                               &stop,
                                               &destroy,
                                               &invoke};
};

} // namespace detail
} // namespace dalate

#define DALATE_DETAIL_TEXT_(x) #x
#define DALATE_DETAIL_TEXT(x) DALATE_DETAIL_TEXT_(x)

// clang-format off

/// Makes the library a plugin: the ELF note that the runtime reads before it loads the library, and the one
/// exported symbol. Stands once in a plugin, outside every namespace.
// The note is written by the assembler because only there its section is surely of type SHT_NOTE, which the
// linker keeps through strip, LTO and --gc-sections.
#define DALATE_PLUGIN(PluginClass)                                                                         \
    __asm__(".pushsection .note.dalate,\"a\",@note\n"                                                      \
            ".balign 4\n"                                                                                  \
            ".long 7, 16, " DALATE_DETAIL_TEXT(DALATE_NOTE_TYPE) "\n"                                      \
            ".asciz \"" DALATE_NOTE_OWNER "\"\n"                                                           \
            ".balign 4\n"                                                                                  \
            ".short " DALATE_DETAIL_TEXT(DALATE_ABI_MAJOR) ", " DALATE_DETAIL_TEXT(DALATE_ABI_MINOR) "\n"  \
            "1: .ascii \"" DALATE_SDK_VERSION "\"\n"                                                       \
            ".zero 12 - (. - 1b)\n"                                                                        \
            ".popsection\n");                                                                              \
    extern "C" __attribute__((visibility("default"))) const dalate_plugin_v1* dalate_plugin_v1_get(void) { \
        return &::dalate::detail::Thunks<PluginClass>::table;                                              \
    }

// clang-format on
