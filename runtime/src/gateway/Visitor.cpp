// SPDX-License-Identifier: Apache-2.0
#include "gateway/Visitor.h"

#include "base/Ids.h"
#include "base/Result.h"
#include "gateway/CsrfGuard.h"
#include "gateway/RequestTarget.h"
#include "portal/Translator.h"

namespace dalate::gateway {
namespace {

/// 13 digits of Crockford's base 32: no letter that is taken for a digit on the telephone.
std::string requestIdOf(std::int64_t id) {
    static constexpr char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::string text(13, '0');
    auto rest = static_cast<std::uint64_t>(id);
    for (std::size_t i = text.size(); i-- > 0; rest >>= 5)
        text[i] = digits[rest & 31];
    return text;
}

bool isLoopback(std::string_view address) noexcept {
    return address.starts_with("127.") || address == "::1";
}

/// The page that a form stood on, when the browser says so and it is ours.
std::string pageBefore(const http::Request& request, std::string_view origin) {
    const std::string_view referer = request.header("Referer").value_or(std::string_view());
    if (!referer.starts_with(origin)) return "/";
    return localPathOr(referer.substr(origin.size()));
}

} // namespace

std::string Visitor::counted() const {
    if (principal.isToken()) return "t" + std::to_string(principal.token);
    if (principal.isPerson()) return "u" + std::to_string(principal.user);
    return clientIp;
}

void readVisitor(const http::Request& request, Visitor& who) {
    who.requestId = requestIdOf(newId());
    who.method = request.method();
    who.clientIp = request.clientIp();
    who.way = request.isSecure() || !isLoopback(who.clientIp) ? CookieWay::tls : CookieWay::loopback;
    who.taste = tasteOf(request.header("Accept").value_or(std::string_view()));

    const std::string_view cookies = request.header("Cookie").value_or(std::string_view());
    const std::string_view chosen = Cookies::value(cookies, Cookies::language);
    who.language =
        portal::isLanguage(chosen)
            ? chosen
            : portal::preferredLanguage(request.header("Accept-Language").value_or(std::string_view()));
    who.elder = Cookies::value(cookies, Cookies::elder) == "on";

    const std::string_view host = request.host();
    if (!isPlainHost(host)) throw Error(400, "core.request.host");
    who.origin = request.isSecure() ? "https://" : "http://";
    who.origin += host;
    who.place =
        isSafeMethod(who.method) ? localPathOr(request.head().target()) : pageBefore(request, who.origin);
}

} // namespace dalate::gateway
