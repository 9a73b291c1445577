// SPDX-License-Identifier: Apache-2.0
#include "EventText.h"

#include "base/Clock.h"

#include <fmt/format.h>

namespace dalate::simulator {

std::string stamp(std::int64_t at) {
    constexpr int east = 480;
    std::string text = toRfc3339(at + east * minute);
    text.pop_back();
    return text + "+08:00";
}

std::string head(const char* type, std::int64_t at) {
    return fmt::format(R"({{"type":"{}","eventTime":"{}","eventTimeZoneOffset":"+08:00")", type, stamp(at));
}

std::string located(const Place& place) {
    return fmt::format(R"(,"readPoint":{{"id":"{0}"}},"bizLocation":{{"id":"{0}"}})", place.readPoint());
}

std::string amount(const std::string& lotClass, int kilograms) {
    return fmt::format(R"({{"epcClass":"{}","quantity":{},"uom":"KGM"}})", lotClass, kilograms);
}

} // namespace dalate::simulator
