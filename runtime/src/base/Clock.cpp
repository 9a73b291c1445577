// SPDX-License-Identifier: Apache-2.0
#include "base/Clock.h"

#include <chrono>

#include <fmt/format.h>

namespace dalate {

namespace {

struct Civil {
    int year, month, day, hour, minute, second, milli;
};

Civil civil(Micros time) {
    using namespace std::chrono;
    const sys_time<microseconds> point{microseconds{time}};
    const auto day = floor<days>(point);
    const year_month_day date{day};
    const auto rest = point - day;
    return {static_cast<int>(date.year()),
            static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day())),
            static_cast<int>(duration_cast<hours>(rest).count()),
            static_cast<int>(duration_cast<minutes>(rest).count() % 60),
            static_cast<int>(duration_cast<seconds>(rest).count() % 60),
            static_cast<int>(duration_cast<milliseconds>(rest).count() % 1000)};
}

} // namespace

Micros now() noexcept {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

Micros steadyNow() noexcept {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string toRfc3339(Micros time) {
    const Civil c = civil(time);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", c.year, c.month, c.day, c.hour, c.minute,
                       c.second, c.milli);
}

std::string toLocalMinute(Micros time, int offsetMinutes) {
    const Civil c = civil(time + Micros{offsetMinutes} * 60'000'000);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute);
}

} // namespace dalate
