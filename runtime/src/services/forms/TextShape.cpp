// SPDX-License-Identifier: Apache-2.0
#include "services/forms/TextShape.h"

#include "base/Utf8.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace dalate::services::forms {
namespace {

bool isBlank(char32_t point) noexcept {
    return point == U' ' || point == U'\t' || point == U'\n' || point == 0x3000 || point == 0xa0;
}

bool isRefused(char32_t point) noexcept {
    if (point == U'\t' || point == U'\n') return false;
    if (point < 0x20 || (point >= 0x7f && point < 0xa0)) return true;
    if (point == 0x2028 || point == 0x2029 || point == 0xfeff) return true;
    if (point >= 0x202a && point <= 0x202e) return true;
    if (point == 0x200e || point == 0x200f || (point >= 0x2066 && point <= 0x2069)) return true;
    if ((point & 0xfffe) == 0xfffe || (point >= 0xfdd0 && point <= 0xfdef)) return true;
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(point));
    return category == UTF8PROC_CATEGORY_CO || category == UTF8PROC_CATEGORY_CN;
}

/// Calls `each(point, bytes)` for well-formed text.
template <class Each>
void walk(std::string_view text, Each&& each) {
    while (!text.empty()) {
        utf8proc_int32_t point = 0;
        const auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                           static_cast<utf8proc_ssize_t>(text.size()), &point);
        if (used <= 0) return;
        each(static_cast<char32_t>(point), text.substr(0, static_cast<std::size_t>(used)));
        text.remove_prefix(static_cast<std::size_t>(used));
    }
}

/// Without blanks at its ends; their bytes are counted over code points.
std::string_view trimmed(std::string_view text) {
    std::size_t begin = text.size(), end = 0;
    walk(text, [&](char32_t point, std::string_view bytes) {
        if (isBlank(point)) return;
        const auto at = static_cast<std::size_t>(bytes.data() - text.data());
        if (begin > at) begin = at;
        end = at + bytes.size();
    });
    return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

} // namespace

std::optional<std::string> tidy(std::string_view typed) {
    if (findInvalidUtf8(typed) != std::string_view::npos) return std::nullopt;
    std::string lines;
    lines.reserve(typed.size());
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (typed[i] != '\r') {
            lines.push_back(typed[i]);
            continue;
        }
        lines.push_back('\n');
        if (i + 1 < typed.size() && typed[i + 1] == '\n') ++i;
    }
    bool refused = false;
    walk(lines, [&](char32_t point, std::string_view) { refused = refused || isRefused(point); });
    if (refused) return std::nullopt;
    utf8proc_uint8_t* mapped = nullptr;
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(lines.data()),
                                   static_cast<utf8proc_ssize_t>(lines.size()), &mapped,
                                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (size < 0) return std::nullopt;
    const std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> owned(mapped, &std::free);
    return std::string(trimmed({reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)}));
}

std::string narrowed(std::string_view typed) {
    std::string out;
    walk(typed, [&](char32_t point, std::string_view bytes) {
        if (point >= 0xff01 && point <= 0xff5e)
            out.push_back(static_cast<char>(point - 0xff01 + 0x21));
        else if (point == 0x3000 || point == 0xa0)
            out.push_back(' ');
        else
            out.append(bytes);
    });
    return std::string(trimmed(out));
}

std::size_t characters(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char c : text)
        if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) ++count;
    return count;
}

std::string_view firstCharacters(std::string_view text, std::size_t count) noexcept {
    std::size_t at = 0;
    for (; at < text.size(); ++at)
        if ((static_cast<unsigned char>(text[at]) & 0xc0) != 0x80 && count-- == 0) break;
    return text.substr(0, at);
}

} // namespace dalate::services::forms
