// SPDX-License-Identifier: Apache-2.0
#include "base/Utf8.h"

#include <cstdint>
#include <cstring>

namespace dalate {

std::size_t utf8Sequence(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) -> unsigned {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
    };
    const auto between = [](unsigned b, unsigned low, unsigned high) { return b >= low && b <= high; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return at < text.size() ? 1 : 0;
    if (between(lead, 0xc2, 0xdf)) return between(byte(1), 0x80, 0xbf) ? 2 : 0;
    if (between(lead, 0xe0, 0xef)) {
        // The second byte's range shuts out overlong forms (E0) and surrogates (ED).
        const unsigned low = lead == 0xe0 ? 0xa0 : 0x80;
        const unsigned high = lead == 0xed ? 0x9f : 0xbf;
        return between(byte(1), low, high) && between(byte(2), 0x80, 0xbf) ? 3 : 0;
    }
    if (between(lead, 0xf0, 0xf4)) {
        const unsigned low = lead == 0xf0 ? 0x90 : 0x80;
        const unsigned high = lead == 0xf4 ? 0x8f : 0xbf;
        return between(byte(1), low, high) && between(byte(2), 0x80, 0xbf) && between(byte(3), 0x80, 0xbf)
                   ? 4
                   : 0;
    }
    return 0;
}

std::size_t findInvalidUtf8(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
    std::size_t at = 0;
    while (at < text.size()) {
        const unsigned char lead = byte(at);
        if (lead < 0x80) {
            // Eight plain ASCII bytes at a time: most of what comes in.
            for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
                std::memcpy(&eight, text.data() + at, sizeof eight);
                if ((eight & 0x8080808080808080u) != 0) break;
            }
            while (at < text.size() && byte(at) < 0x80)
                ++at;
            continue;
        }
        // Chinese and Mongolian are three bytes whose second is any continuation: E1 to EC.
        if (lead > 0xe0 && lead < 0xed && at + 2 < text.size() && follows(at + 1) && follows(at + 2)) {
            at += 3;
            continue;
        }
        const std::size_t length = utf8Sequence(text, at);
        if (length == 0) return at;
        at += length;
    }
    return std::string_view::npos;
}

std::string_view clipped(std::string_view text, std::size_t bytes) noexcept {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        --bytes;
    return text.substr(0, bytes);
}

} // namespace dalate
