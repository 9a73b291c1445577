// SPDX-License-Identifier: Apache-2.0
// A plugin that talks to the C table by hand, wrong in the one way that the build chooses.
#include "Witness.h"

#include <dalate/abi.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <thread>

#ifdef ZOO_POCO
#include <Poco/Logger.h>
#endif

#ifndef ZOO_MAJOR
#define ZOO_MAJOR DALATE_ABI_MAJOR
#endif
#ifndef ZOO_MINOR
#define ZOO_MINOR DALATE_ABI_MINOR
#endif

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define NOTE                                                                                                 \
    ".pushsection .note.dalate,\"a\",@note\n.balign 4\n.long 7, 16, 1\n.asciz \"dalate\"\n.balign 4\n"       \
    ".short " TEXT(ZOO_MAJOR) ", " TEXT(ZOO_MINOR) "\n.ascii \"by hand\"\n.zero 5\n.popsection\n"

#ifndef ZOO_NO_NOTE
__asm__(NOTE);
#endif
#ifdef ZOO_TWO_NOTES
__asm__(NOTE);
#endif
#ifdef ZOO_TEXT_RELOCATION
// An absolute address in the text: the loader would have to make the code writable.
__asm__(".pushsection .text\n.quad dalate_plugin_v1_get\n.popsection\n");
#endif
#ifdef ZOO_EXTRA_EXPORT
extern "C" __attribute__((visibility("default"))) int zoo_helper(void) {
    return 1;
}
#endif
#ifdef ZOO_UNIQUE
template <class T>
struct Shared {
    static int count;
};
template <class T>
int Shared<T>::count = 0;
int useShared() {
    return ++Shared<long>::count;
}
#endif
#ifdef ZOO_UNRESOLVED
extern "C" int zoo_nowhere_at_all(void);
int useNowhere() {
    return zoo_nowhere_at_all();
}
#endif

namespace {

const dalate_host_v1* host = nullptr;
int instance = 0;

dalate_status create(const dalate_host_v1* table, dalate_host*, void** self) {
#ifdef ZOO_THROW_CREATE
    throw std::runtime_error("zoo: create");
#endif
#ifdef ZOO_POCO
    Poco::Logger::root().information("zoo");
#endif
    host = table;
    *self = &instance;
    return DALATE_OK;
}

[[maybe_unused]] dalate_str str(const char* text, size_t n) {
    return {text, n};
}

dalate_status bind(void*, dalate_bind_fn fn, dalate_binder* binder) {
#ifdef ZOO_THROW_BIND
    throw 7;
#endif
#ifndef ZOO_MISSING_HANDLER
    if (const dalate_status status = fn(binder, DALATE_BIND_ROUTE, str("page", 4), 5)) return status;
#endif
#ifdef ZOO_EXTRA_HANDLER
    // What it answers is passed over, as a careless plugin would.
    fn(binder, DALATE_BIND_ROUTE, str("cellar", 6), 6);
#endif
    static_cast<void>(fn);
    static_cast<void>(binder);
    return DALATE_OK;
}

dalate_status start(void*, dalate_call*) {
#ifdef ZOO_THROW_START
    throw std::runtime_error("zoo: start");
#endif
#ifdef ZOO_LEAK_THREAD
    std::thread([] {
        for (;;)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }).detach();
#endif
    return DALATE_OK;
}

void quiesce(void*) {}

void stop(void*) {
#ifdef ZOO_THROW_STOP
    throw std::runtime_error("zoo: stop");
#endif
}

void destroy(void*) {}

dalate_status invoke(void*, uint32_t handler, dalate_call* call) {
    if (handler != 5) return 500;
#ifdef ZOO_THROW_INVOKE
    throw std::runtime_error("zoo: invoke");
#endif
#ifdef ZOO_ODD_STATUS
    return -7;
#endif
#ifdef ZOO_SEGFAULT
    // Not null, which a sanitizer would report in its own way: nothing is mapped there either.
    volatile std::uintptr_t nowhere = 64;
    *reinterpret_cast<volatile int*>(nowhere) = 1;
#endif
    return host->reply(call, 200, str("text/plain", 10), str("raw", 3));
}

const dalate_plugin_v1 table = {sizeof(dalate_plugin_v1),
                                ZOO_MAJOR,
                                ZOO_MINOR,
                                create,
                                bind,
                                start,
                                quiesce,
                                stop,
                                destroy,
#ifdef ZOO_NULL_ENTRY
                                nullptr
#else
                                invoke
#endif
};

} // namespace

#ifdef ZOO_NO_ENTRY
extern "C" __attribute__((visibility("hidden"))) const dalate_plugin_v1* dalate_plugin_v1_get(void) {
    return &table;
}
const void* keptForTheLinker() {
    return reinterpret_cast<const void*>(&dalate_plugin_v1_get);
}
#else
extern "C" __attribute__((visibility("default"))) const dalate_plugin_v1* dalate_plugin_v1_get(void) {
#ifdef ZOO_NULL_ENTRY
    static_cast<void>(&invoke);
#endif
    return &table;
}
#endif
