// SPDX-License-Identifier: Apache-2.0
#include "host/HeaderRules.h"

#include "base/Result.h"

#include <algorithm>
#include <array>
#include <string>

namespace dalate::host {

namespace {

constexpr std::size_t valueLimit = 4096;

/// Sorted, in lower case.
constexpr std::array<std::string_view, 41> reserved = {"accept-ranges",
                                                       "access-control-allow-credentials",
                                                       "access-control-allow-headers",
                                                       "access-control-allow-methods",
                                                       "access-control-allow-origin",
                                                       "access-control-expose-headers",
                                                       "access-control-max-age",
                                                       "allow",
                                                       "alt-svc",
                                                       "authorization",
                                                       "clear-site-data",
                                                       "connection",
                                                       "content-encoding",
                                                       "content-length",
                                                       "content-range",
                                                       "content-security-policy",
                                                       "content-security-policy-report-only",
                                                       "content-type",
                                                       "cookie",
                                                       "cross-origin-embedder-policy",
                                                       "cross-origin-opener-policy",
                                                       "cross-origin-resource-policy",
                                                       "date",
                                                       "host",
                                                       "keep-alive",
                                                       "origin-agent-cluster",
                                                       "permissions-policy",
                                                       "referrer-policy",
                                                       "refresh",
                                                       "server",
                                                       "service-worker-allowed",
                                                       "set-cookie",
                                                       "set-cookie2",
                                                       "strict-transport-security",
                                                       "te",
                                                       "trailer",
                                                       "transfer-encoding",
                                                       "upgrade",
                                                       "www-authenticate",
                                                       "x-content-type-options",
                                                       "x-frame-options"};
static_assert(std::is_sorted(reserved.begin(), reserved.end()));

bool isTokenCharacter(unsigned char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

[[noreturn]] void refuse(std::string_view name, std::string_view reason) {
    throw Error(400, "core.host.header", Value::map([&](MapWriter& m) {
                    // A name that is not even a token must not reach a log or a page.
                    const bool shown = std::all_of(name.begin(), name.end(), isTokenCharacter);
                    m.set("header", shown ? name.substr(0, 64) : std::string_view()).set("reason", reason);
                }));
}

/// Below this site: a path with one slash in front (two, or a backslash, name another host), or the site's
/// own address.
bool isLocal(std::string_view location, std::string_view baseUrl) noexcept {
    if (!baseUrl.empty() && location.starts_with(baseUrl)) {
        location.remove_prefix(baseUrl.size());
        return location.empty() || location.front() == '/' || location.front() == '?';
    }
    return location.starts_with('/') && !location.starts_with("//") && !location.starts_with("/\\");
}

bool isPrintable(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return c == '\t' || (c >= 0x20 && c < 0x7f); });
}

} // namespace

void checkHeader(std::string_view name, std::string_view value, std::string_view baseUrl) {
    if (name.empty() || name.size() > 64 || !std::all_of(name.begin(), name.end(), isTokenCharacter))
        refuse(name, "name");
    const std::string key = lower(name);
    if (std::binary_search(reserved.begin(), reserved.end(), std::string_view(key)) ||
        key.starts_with("proxy-"))
        refuse(name, "reserved");
    if (value.size() > valueLimit) refuse(name, "size");
    if (!isPrintable(value)) refuse(name, "characters");
    if ((key == "location" || key == "content-location") && !isLocal(value, baseUrl)) refuse(name, "address");
}

void checkContentType(std::string_view type) {
    if (type.empty()) return;
    const std::size_t slash = type.find('/');
    if (type.size() > 200 || !isPrintable(type) || slash == std::string_view::npos || slash == 0 ||
        !isTokenCharacter(static_cast<unsigned char>(type[slash - 1])) || slash + 1 == type.size())
        throw Error(400, "core.host.content_type");
}

} // namespace dalate::host
