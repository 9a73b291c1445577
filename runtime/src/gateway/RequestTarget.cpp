// SPDX-License-Identifier: Apache-2.0
#include "gateway/RequestTarget.h"

#include "gateway/FormFields.h"

#include <algorithm>

namespace dalate::gateway {

bool isPlainPath(std::string_view path) {
    if (path.empty() || path.front() != '/') return false;
    const bool printable = std::all_of(path.begin(), path.end(), [](char c) {
        return c > 0x20 && c < 0x7f && c != '\\' && c != '#' && c != '?';
    });
    if (!printable) return false;
    std::string_view rest = path.substr(1);
    while (!rest.empty()) {
        const std::size_t slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        if (segment.empty()) return false;
        if (segment.find('%') == std::string_view::npos) {
            if (segment == "." || segment == "..") return false;
        } else {
            const auto decoded = decodePercent(segment);
            if (!decoded || *decoded == "." || *decoded == ".." || decoded->find('\\') != std::string::npos)
                return false;
        }
        rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    }
    return true;
}

std::string localPathOr(std::string_view back, std::string_view otherwise) {
    constexpr std::size_t most = 2048;
    const std::size_t question = back.find('?');
    const std::string_view path = back.substr(0, question);
    const std::string_view query =
        question == std::string_view::npos ? std::string_view() : back.substr(question);
    const bool printable = std::all_of(query.begin(), query.end(),
                                       [](char c) { return c > 0x20 && c < 0x7f && c != '\\' && c != '#'; });
    if (back.size() > most || !printable || !isPlainPath(path)) return std::string(otherwise);
    return std::string(back);
}

bool isPlainHost(std::string_view host) noexcept {
    return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == ':' || c == '[' || c == ']';
    });
}

} // namespace dalate::gateway
