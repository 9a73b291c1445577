// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>

namespace dalate::app {

/// The end of the process as an event: SIGTERM and SIGINT are blocked in this thread and every thread it starts, and
/// waited for. SIGPIPE is ignored, since a client that goes away is no fault. Made before any other thread.
class Signals {
public:
    Signals() noexcept {
        ::signal(SIGPIPE, SIG_IGN);
        ::sigemptyset(&ends_);
        ::sigaddset(&ends_, SIGTERM);
        ::sigaddset(&ends_, SIGINT);
        ::pthread_sigmask(SIG_BLOCK, &ends_, nullptr);
    }

    /// Returns when the process is to end.
    void wait() const noexcept {
        int which = 0;
        while (::sigwait(&ends_, &which) != 0) {
        }
    }

private:
    sigset_t ends_{};
};

} // namespace dalate::app
