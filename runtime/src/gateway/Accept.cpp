// SPDX-License-Identifier: Apache-2.0
#include "gateway/Accept.h"

#include "http/RequestHead.h"

namespace dalate::gateway {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool isJson(std::string_view type) noexcept {
    return http::equalsIgnoringCase(type, "application/json") ||
           http::equalsIgnoringCase(type, "application/problem+json") ||
           http::equalsIgnoringCase(type, "application/ld+json");
}

} // namespace

Taste tasteOf(std::string_view accept) noexcept {
    bool json = false;
    while (!accept.empty()) {
        const std::size_t comma = accept.find(',');
        const std::string_view type =
            trimmed(accept.substr(0, comma).substr(0, accept.substr(0, comma).find(';')));
        accept.remove_prefix(comma == std::string_view::npos ? accept.size() : comma + 1);
        if (http::equalsIgnoringCase(type, "text/html") ||
            http::equalsIgnoringCase(type, "application/xhtml+xml"))
            return Taste::page;
        json = json || isJson(type);
    }
    return json ? Taste::json : Taste::unsaid;
}

bool typeMatches(std::string_view contentType, std::string_view admitted) noexcept {
    const std::string_view type = trimmed(contentType.substr(0, contentType.find(';')));
    if (!admitted.ends_with("/*")) return http::equalsIgnoringCase(type, admitted);
    const std::string_view family = admitted.substr(0, admitted.size() - 1);
    return type.size() > family.size() && http::equalsIgnoringCase(type.substr(0, family.size()), family);
}

} // namespace dalate::gateway
