// SPDX-License-Identifier: Apache-2.0
#include "gateway/Headers.h"

#include "base/Sha256.h"

namespace dalate::gateway {
namespace {

constexpr std::size_t mostTagged = 1 << 20;

std::string contentPolicy(const std::string& origin) {
    // Whoever names no usable host gets an answer without styles rather than one with a wider policy.
    const std::string ours = origin.empty() ? std::string("'none'") : origin + "/static/";
    return "default-src 'none'; script-src " + ours + "; style-src " + ours +
           "; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri "
           "'none'; "
           "frame-ancestors 'none'";
}

std::string weakTag(std::string_view body, std::string_view ignored) {
    std::string text;
    if (ignored.empty()) return "W/\"" + sha256Hex(body).substr(0, 24) + "\"";
    text.reserve(body.size());
    while (!body.empty()) {
        const std::size_t at = body.find(ignored);
        text.append(body.substr(0, at));
        if (at == std::string_view::npos) break;
        body.remove_prefix(at + ignored.size());
    }
    return "W/\"" + sha256Hex(text).substr(0, 24) + "\"";
}

} // namespace

void setSecurityHeaders(http::Response& response, const Visitor& who) {
    static const std::string policy = "Content-Security-Policy", sniff = "X-Content-Type-Options",
                             referrer = "Referrer-Policy", permissions = "Permissions-Policy",
                             opener = "Cross-Origin-Opener-Policy", resource = "Cross-Origin-Resource-Policy",
                             requestId = "X-Request-Id", hsts = "Strict-Transport-Security",
                             sameOrigin = "same-origin";
    response.set(policy, contentPolicy(who.origin));
    response.set(sniff, "nosniff");
    response.set(referrer, sameOrigin);
    response.set(permissions, "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    response.set(opener, sameOrigin);
    response.set(resource, sameOrigin);
    response.set(requestId, who.requestId);
    if (who.origin.starts_with("https:")) response.set(hsts, "max-age=31536000; includeSubDomains");
}

bool namesTag(std::string_view list, std::string_view etag) noexcept {
    const auto opaque = [](std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; };
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        std::string_view tag = list.substr(0, comma);
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
        while (!tag.empty() && tag.front() == ' ')
            tag.remove_prefix(1);
        while (!tag.empty() && tag.back() == ' ')
            tag.remove_suffix(1);
        if (tag == "*" || (!tag.empty() && opaque(tag) == opaque(etag))) return true;
    }
    return false;
}

void sendKept(http::Response& response, const Visitor& who, std::string_view ifNoneMatch, Keeping keeping,
              const std::string& contentType, std::string body, std::string_view ignored) {
    setSecurityHeaders(response, who);
    if (keeping == Keeping::never) {
        response.set("Cache-Control", "no-store");
        response.erase("ETag");
    } else {
        response.set("Cache-Control", keeping == Keeping::publicly ? "no-cache" : "private, no-cache");
        response.set("Vary", "Accept, Accept-Language, Authorization, Cookie");
        if (body.size() <= mostTagged && !response.has("ETag")) response.set("ETag", weakTag(body, ignored));
        if (response.has("ETag") && namesTag(ifNoneMatch, response.get("ETag"))) {
            response.status(304);
            return;
        }
    }
    response.status(200);
    response.set("Content-Type", contentType);
    response.body(std::move(body));
}

void redirect(http::Response& response, const std::string& localPath) {
    response.status(303);
    response.set("Location", localPath);
    response.set("Cache-Control", "no-store");
}

} // namespace dalate::gateway
