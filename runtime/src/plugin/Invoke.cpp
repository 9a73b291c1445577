// SPDX-License-Identifier: Apache-2.0
#include "plugin/Invoke.h"

#include "base/Log.h"
#include "plugin/CrashCrumb.h"

#include <cxxabi.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace dalate::plugin {
namespace {

thread_local int depth = 0;

int threadId() noexcept {
    thread_local const int mine = static_cast<int>(syscall(SYS_gettid));
    return mine;
}

/// Counts one up for its life.
template <class Number>
class Counted {
public:
    explicit Counted(Number& number) noexcept : number_(number), value_(++number) {}
    ~Counted() { --number_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    int value() const noexcept { return value_; }

private:
    Number& number_;
    int value_;
};

void tellThrown(const Generation& generation, const Invocation& about, std::string_view what) noexcept {
    try {
        log::error("core.plugin.threw", Value::map([&](MapWriter& m) {
                       m.set("plugin", generation.id())
                           .set("kind", about.kind)
                           .set("name", about.name)
                           .set("what", what);
                   }));
    } catch (...) {
        // Telling may fail for want of memory; the outcome says it anyway.
    }
}

} // namespace

std::string_view Outcome::messageId() const noexcept {
    switch (kind) {
    case Kind::threw:
        return "core.plugin.threw";
    case Kind::busy:
        return "core.plugin.busy";
    case Kind::deep:
        return "core.plugin.depth";
    case Kind::returned:
        break;
    }
    return {};
}

template <class Work>
Outcome Invoke::guarded(const Generation& generation, const Invocation& about, Work&& work) {
    const Counted level(depth);
    if (level.value() > mostDepth) return {Outcome::Kind::deep, 503};
    const Counted running(generation.running_);
    if (const auto cap = generation.manifest().concurrency; cap && running.value() > *cap)
        return {Outcome::Kind::busy, 503};

    RunningCall call;
    call.plugin = generation.id();
    call.generation = generation.number();
    call.what = std::string(about.kind) + " " + std::string(about.name);
    call.requestId = about.requestId;
    call.thread = threadId();
    call.since = steadyNow();
    call.deadline = about.deadline;
    const InFlight::Entry entry(inFlight_, std::move(call));
    const CrumbScope crumb(generation.id(), about.kind, about.name, generation.number());
    try {
        const dalate_status status = work();
        // Whatever is no HTTP failure is no answer to give to anybody.
        const bool known = status == DALATE_OK || (status >= 400 && status < 600);
        return {Outcome::Kind::returned, known ? status : 500};
    } catch (const std::exception& fault) {
        tellThrown(generation, about, fault.what());
    } catch (const abi::__forced_unwind&) {
        throw; // a thread that is being ended must go on ending
    } catch (...) {
        tellThrown(generation, about, "not a std::exception");
    }
    return {Outcome::Kind::threw, 500};
}

Outcome Invoke::run(const Generation& generation, std::uint32_t handler, dalate_call* call,
                    const Invocation& about) {
    return guarded(generation, about,
                   [&] { return generation.table_.invoke(generation.self_, handler, call); });
}

Outcome Invoke::start(const Generation& generation, dalate_call* call) {
    return guarded(generation, {"start", generation.id(), {}, {}},
                   [&] { return generation.table_.start(generation.self_, call); });
}

} // namespace dalate::plugin
