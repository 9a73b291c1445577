// SPDX-License-Identifier: Apache-2.0
#include "gateway/CorePage.h"

#include "gateway/FormFields.h"

#include <optional>

namespace dalate::gateway {
namespace {

using Params = std::vector<std::pair<std::string, std::string>>;

std::string_view nextSegment(std::string_view& rest) noexcept {
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    return segment;
}

std::optional<Params> matched(std::string_view pattern, std::string_view path) {
    if (pattern == path) return Params{};
    if (pattern.find('{') == std::string_view::npos) return std::nullopt;
    Params params;
    pattern.remove_prefix(1);
    path.remove_prefix(1);
    while (!pattern.empty() && !path.empty()) {
        const std::string_view wanted = nextSegment(pattern), given = nextSegment(path);
        if (wanted.starts_with('{')) {
            auto value = decodePercent(given);
            if (!value || value->empty()) return std::nullopt;
            params.emplace_back(wanted.substr(1, wanted.size() - 2), std::move(*value));
        } else if (wanted != given) {
            return std::nullopt;
        }
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return params;
}

} // namespace

void CorePages::add(CorePage page) {
    pages_.push_back(std::move(page));
}

CorePages::Found CorePages::find(std::string_view method, std::string_view path) const {
    const std::string_view wanted = method == "HEAD" ? std::string_view("GET") : method;
    Found found;
    for (const CorePage& page : pages_) {
        auto params = matched(page.path, path);
        if (!params) continue;
        if (page.method == wanted) {
            found.page = &page;
            found.params = std::move(*params);
            return found;
        }
        if (!found.allow.empty()) found.allow += ", ";
        found.allow += page.method == "GET" ? std::string("GET, HEAD") : page.method;
        found.beside = &page;
    }
    return found;
}

} // namespace dalate::gateway
