// SPDX-License-Identifier: Apache-2.0
#include "portal/Escape.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace dalate::portal {

namespace {

enum Kind : std::uint8_t { plain, amp, lt, gt, quot, apos, control };

constexpr std::array<std::uint8_t, 256> makeKinds() {
    std::array<std::uint8_t, 256> kinds{};
    for (std::size_t c = 0; c < 0x20; ++c)
        kinds[c] = control;
    kinds['\t'] = kinds['\n'] = kinds['\r'] = plain;
    kinds[0x7f] = control;
    kinds['&'] = amp;
    kinds['<'] = lt;
    kinds['>'] = gt;
    kinds['"'] = quot;
    kinds['\''] = apos;
    return kinds;
}

constexpr auto kinds = makeKinds();
constexpr std::array<std::string_view, 7> entities{"",       "&amp;",  "&lt;",        "&gt;",
                                                   "&quot;", "&apos;", "\xEF\xBF\xBD"};

/// Sixteen octets that are compared at once, on whatever the machine has for it.
using Block [[gnu::vector_size(16)]] = std::uint8_t;
constexpr std::size_t blockSize = sizeof(Block);

/// Whether a block holds a control octet, `\\` or anything with an entity: text in pages hardly ever does.
bool isSpecial(const char* bytes) noexcept {
    Block c;
    std::memcpy(&c, bytes, sizeof c);
    const auto hits = (c < 0x20) | (c == 0x7f) | (c == '&') | (c == '<') | (c == '>') | (c == '"') |
                      (c == '\'') | (c == '\\');
    std::uint64_t halves[2];
    static_assert(sizeof halves == sizeof hits);
    std::memcpy(halves, &hits, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

bool startsWithScheme(std::string_view url, std::string_view scheme) {
    if (url.size() < scheme.size()) return false;
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        const char c = url[i] >= 'A' && url[i] <= 'Z' ? static_cast<char>(url[i] + ('a' - 'A')) : url[i];
        if (c != scheme[i]) return false;
    }
    return true;
}

} // namespace

void escapeHtml(std::string_view text, std::string& out) {
    std::size_t from = 0;
    for (std::size_t block = 0; block < text.size(); block += blockSize) {
        const std::size_t end = std::min(block + blockSize, text.size());
        if (end - block == blockSize && !isSpecial(text.data() + block)) continue;
        for (std::size_t i = block; i < end; ++i) {
            const std::uint8_t kind = kinds[static_cast<unsigned char>(text[i])];
            if (kind == plain) continue;
            out.append(text.data() + from, i - from);
            out.append(entities[kind]);
            from = i + 1;
        }
    }
    out.append(text.data() + from, text.size() - from);
}

void escapeUrlPart(std::string_view text, std::string& out) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
            c == '.' || c == '_' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
}

bool isSafeUrl(std::string_view url, std::string_view baseUrl) {
    for (std::size_t block = 0; block < url.size(); block += blockSize) {
        const std::string_view part = url.substr(block, blockSize);
        if (part.size() == blockSize && !isSpecial(part.data())) continue;
        for (const char c : part)
            if (c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
    }
    if (url.empty() || url[0] == '#' || url[0] == '?') return true;
    if (url[0] == '/') return url.size() == 1 || url[1] != '/';
    if (startsWithScheme(url, "https://") || startsWithScheme(url, "tel:") ||
        startsWithScheme(url, "mailto:"))
        return true;
    return !baseUrl.empty() && url.starts_with(baseUrl) &&
           (url.size() == baseUrl.size() || url[baseUrl.size()] == '/' || url[baseUrl.size()] == '?');
}

} // namespace dalate::portal
