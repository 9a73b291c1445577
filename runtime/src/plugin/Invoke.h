// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Generation.h"
#include "plugin/InFlight.h"

namespace dalate::plugin {

/// What is said about a call for the register, the crumb and the log; borrowed.
struct Invocation {
    std::string_view kind; ///< route, job, service, start
    std::string_view name;
    std::string_view requestId;
    std::optional<Micros> deadline; ///< steady clock
};

/// How a call into a plugin ended.
struct Outcome {
    enum class Kind {
        returned, ///< status is the plugin's; where it is not 0 the plugin has set the failure, or it is a
                  ///< bare 500
        threw,    ///< an exception came through the table: `core.plugin.threw`
        busy,     ///< the plugin's declared concurrency is used up: `core.plugin.busy`, 503
        deep      ///< plugins call each other more than 8 levels deep: `core.plugin.depth`, 503
    };
    Kind kind = Kind::returned;
    dalate_status status = DALATE_OK;

    /// The message id for everything but `returned`.
    std::string_view messageId() const noexcept;
};

/// The only way into a plugin's code: leaves the crash crumb, keeps the register, holds the cap and catches
/// what comes through. Safe from any thread; holds no lock while the plugin runs.
class Invoke {
public:
    static constexpr int mostDepth = 8;

    /// Calls a handler. The caller holds the lease.
    Outcome run(const Generation& generation, std::uint32_t handler, dalate_call* call,
                const Invocation& about);

    /// Makes the start call; for HostPort::start.
    Outcome start(const Generation& generation, dalate_call* call);

    InFlight& inFlight() noexcept { return inFlight_; }
    const InFlight& inFlight() const noexcept { return inFlight_; }

private:
    template <class Work>
    Outcome guarded(const Generation& generation, const Invocation& about, Work&& work);

    InFlight inFlight_;
};

} // namespace dalate::plugin
