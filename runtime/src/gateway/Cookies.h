// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dalate::gateway {

/// Whether a cookie travels over plain HTTP on loopback (`sid`) or over TLS (`__Host-sid`, Secure).
enum class CookieWay { loopback, tls };

/// The cookies of the portal. Those that carry rights are `HttpOnly; SameSite=Lax; Path=/` and host-bound.
class Cookies {
public:
    static constexpr std::string_view session = "sid";
    static constexpr std::string_view form = "form";
    static constexpr std::string_view language = "language";
    static constexpr std::string_view elder = "elder";

    /// The value of a cookie in a `Cookie` field; empty when absent or sent twice with different values.
    static std::string_view value(std::string_view field, std::string_view name) noexcept;

    /// `sid` or `__Host-sid`.
    static std::string protectedName(std::string_view name, CookieWay way);
    /// A `Set-Cookie` value that ends with the browser.
    static std::string setProtected(std::string_view name, std::string_view value, CookieWay way);
    static std::string clearProtected(std::string_view name, CookieWay way);
    /// A preference, kept for a year; holds no right, so scripts may read it.
    static std::string setPreference(std::string_view name, std::string_view value, CookieWay way);
};

} // namespace dalate::gateway
