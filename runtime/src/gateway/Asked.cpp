// SPDX-License-Identifier: Apache-2.0
#include "gateway/Asked.h"

#include "gateway/FormFields.h"
#include "gateway/Headers.h"

#include <charconv>

namespace dalate::gateway {

std::string pathParameter(const Visit& visit, std::string_view name) {
    for (const auto& [key, value] : visit.params)
        if (key == name) return value;
    return {};
}

std::int64_t pathNumber(const Visit& visit, std::string_view name) {
    const std::string digits = pathParameter(visit, name);
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.empty() || fault != std::errc() || end != digits.data() + digits.size())
        throw Error(404, "core.request.unknown");
    return number;
}

std::string sent(const Visit& visit, std::string_view name) {
    const std::string* value = firstOf(visit.form, name);
    if (value == nullptr) return {};
    constexpr std::string_view space = " \t\r\n";
    const std::size_t begin = value->find_first_not_of(space);
    if (begin == std::string::npos) return {};
    return value->substr(begin, value->find_last_not_of(space) - begin + 1);
}

void goTo(Visit& visit, const std::string& path, std::string_view done) {
    setSecurityHeaders(visit.response, visit.who);
    redirect(visit.response, done.empty() ? path : path + "?done=" + std::string(done));
}

} // namespace dalate::gateway
