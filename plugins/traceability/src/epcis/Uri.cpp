// SPDX-License-Identifier: Apache-2.0
#include "epcis/Uri.h"

namespace dalate::traceability::epcis {

namespace {

bool isLetter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool isHex(char c) noexcept {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Behind the scheme's colon; npos when there is no scheme.
std::size_t schemeEnd(std::string_view text) noexcept {
    if (text.empty() || !isLetter(text.front())) return std::string_view::npos;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ':') return i + 1;
        if (!isLetter(c) && !isDigit(c) && c != '+' && c != '-' && c != '.') break;
    }
    return std::string_view::npos;
}

bool isAbsolute(std::string_view text, bool international) noexcept {
    const std::size_t start = schemeEnd(text);
    if (start == std::string_view::npos || start == text.size()) return false;
    bool fragment = false;
    for (std::size_t i = start; i < text.size(); ++i) {
        const char c = text[i];
        if (isLetter(c) || isDigit(c)) continue;
        if (static_cast<unsigned char>(c) >= 0x80) {
            if (!international) return false;
            continue;
        }
        if (c == '%') {
            if (i + 2 >= text.size() || !isHex(text[i + 1]) || !isHex(text[i + 2])) return false;
            i += 2;
            continue;
        }
        if (c == '#') {
            if (fragment) return false;
            fragment = true;
            continue;
        }
        if (std::string_view("-._~:/?[]@!$&'()*+,;=").find(c) == std::string_view::npos) return false;
    }
    return true;
}

} // namespace

bool isUri(std::string_view text) noexcept {
    return isAbsolute(text, false);
}

bool isExtensionKey(std::string_view key) noexcept {
    return isAbsolute(key, true);
}

} // namespace dalate::traceability::epcis
