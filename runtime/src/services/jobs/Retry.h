// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <algorithm>
#include <cstdint>

namespace dalate::services::jobs {

/// How often a job is begun, and how long it waits in between: what its plugin declares under `retry` in
/// plugin.json, or these.
struct Retry {
    /// How often a job is begun before it is given up.
    std::int64_t attempts = 5;
    /// The pause before the second try; doubled with each further, up to `longest`.
    Micros pause = 2'000'000;
    Micros longest = 3'600'000'000;
    /// Whether faults (500 and above) are tried again, not only what was refused for the moment (503). A
    /// refusal (400 to 499) is an answer and never tried again.
    bool faults = false;

    /// The pause after the try `attempt`, 1 the first.
    Micros pauseAfter(std::int64_t attempt) const noexcept {
        Micros wait = std::min(pause, longest);
        for (std::int64_t i = 1; i < attempt && wait < longest; ++i)
            wait = wait > longest / 2 ? longest : wait * 2;
        return wait;
    }
    bool isAgain(int status, std::int64_t attempt) const noexcept {
        return attempt < attempts && (status == 503 || (faults && status >= 500));
    }
};

} // namespace dalate::services::jobs
