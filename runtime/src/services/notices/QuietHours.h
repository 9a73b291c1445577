// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "base/Result.h"

#include <string_view>

namespace dalate::services::notices {

/// The part of the day in which no telephone rings for what can wait (免打扰时段). A plain value.
class QuietHours {
public:
    /// None.
    QuietHours() = default;
    /// Reads `21:30-08:00`, local times of a county `utcOffset` minutes east of UTC; over midnight where the
    /// second is the earlier, empty for none. 400 `core.notice.quiet` (details: value) for any other form.
    static Result<QuietHours> parse(std::string_view text, int utcOffset);

    /// When what happens at `time` may be sent: then, or when the quiet hours are over.
    Micros sendAt(Micros time) const noexcept;

private:
    /// Minutes of the local day; the same: none.
    int from_ = 0, to_ = 0;
    int utcOffset_ = 0;
};

} // namespace dalate::services::notices
