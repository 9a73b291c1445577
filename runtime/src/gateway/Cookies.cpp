// SPDX-License-Identifier: Apache-2.0
#include "gateway/Cookies.h"

namespace dalate::gateway {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::string assembled(const std::string& name, std::string_view value, std::string_view attributes,
                      CookieWay way) {
    std::string cookie = name;
    cookie.append("=").append(value).append("; Path=/; ").append(attributes);
    if (way == CookieWay::tls) cookie.append("; Secure");
    return cookie;
}

} // namespace

std::string_view Cookies::value(std::string_view field, std::string_view name) noexcept {
    std::string_view found;
    while (!field.empty()) {
        const std::size_t end = field.find(';');
        const std::string_view pair = trimmed(field.substr(0, end));
        field.remove_prefix(end == std::string_view::npos ? field.size() : end + 1);
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
        const std::string_view value = pair.substr(equals + 1);
        // Two of one name means that somebody else planted one: neither is believed.
        if (!found.empty() && found != value) return {};
        found = value;
    }
    return found;
}

std::string Cookies::protectedName(std::string_view name, CookieWay way) {
    return way == CookieWay::tls ? "__Host-" + std::string(name) : std::string(name);
}

std::string Cookies::setProtected(std::string_view name, std::string_view value, CookieWay way) {
    return assembled(protectedName(name, way), value, "HttpOnly; SameSite=Lax", way);
}

std::string Cookies::clearProtected(std::string_view name, CookieWay way) {
    return assembled(protectedName(name, way), {}, "Max-Age=0; HttpOnly; SameSite=Lax", way);
}

std::string Cookies::setPreference(std::string_view name, std::string_view value, CookieWay way) {
    return assembled(std::string(name), value, "Max-Age=31536000; SameSite=Lax", way);
}

} // namespace dalate::gateway
