// SPDX-License-Identifier: Apache-2.0
#include "host/FlatCheck.h"

#include "base/Result.h"
#include "base/Utf8.h"
#include "host/Reply.h"

#include <array>

namespace dalate::host {

namespace {

[[noreturn]] void refuse(std::string_view reason) {
    throw Error(400, "core.host.value", Value::map([&](MapWriter& m) { m.set("reason", reason); }));
}

/// RFC 8259, 6.
bool isJsonNumber(std::string_view text) noexcept {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t from = at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9')
            ++at;
        return at - from;
    };
    if (at < text.size() && text[at] == '-') ++at;
    const std::size_t first = at;
    const std::size_t whole = digits();
    if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (digits() == 0) return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        if (digits() == 0) return false;
    }
    return at == text.size();
}

void checkScalar(Tag tag, std::string_view payload) {
    switch (tag) {
    case Tag::null:
    case Tag::no:
    case Tag::yes:
        if (!payload.empty()) refuse("payload");
        return;
    case Tag::integer:
        if (payload.size() != 8) refuse("integer");
        return;
    case Tag::number:
        if (!isJsonNumber(payload)) refuse("number");
        return;
    case Tag::text:
        if (findInvalidUtf8(payload) != std::string_view::npos) refuse("encoding");
        return;
    default:
        return;
    }
}

} // namespace

ValueView checkedValue(dalate_value value) {
    if (value.n == 0) return {};
    if (value.p == nullptr) refuse("pointer");
    if (value.n > Reply::cap) throw Error(413, "core.host.value_size");

    // One container per level; no recursion on a plugin's depth.
    struct Level {
        const char* end;
        bool map;
    };
    std::array<Level, flatDepth + 1> levels;
    std::size_t depth = 0;
    levels[0] = {value.p + value.n, false};
    const char* at = value.p;
    for (bool root = true;; root = false) {
        while (at == levels[depth].end) {
            if (depth == 0) return ValueView(value.p, value.n);
            --depth;
        }
        if (depth == 0 && !root) refuse("trailing bytes");
        const Level parent = levels[depth];
        const auto room = static_cast<std::size_t>(parent.end - at);
        if (room < ValueView::headSize) refuse("size");
        const std::size_t size = ValueView::u32(at);
        const std::size_t keyLength = ValueView::u16(at + 4);
        const auto tag = static_cast<std::uint8_t>(at[6]);
        if (size > room || size < ValueView::headSize + keyLength) refuse("size");
        if (tag > static_cast<std::uint8_t>(Tag::map) || at[7] != 0) refuse("tag");
        const std::string_view key(at + ValueView::headSize, keyLength);
        // The root may keep the key it had where it was cut out of a tree.
        if (!root && !parent.map && keyLength != 0) refuse("key");
        if (findInvalidUtf8(key) != std::string_view::npos) refuse("encoding");
        const char* const payload = at + ValueView::headSize + keyLength;
        const char* const end = at + size;
        const auto kind = static_cast<Tag>(tag);
        if (kind == Tag::list || kind == Tag::map) {
            if (depth == flatDepth) refuse("depth");
            levels[++depth] = {end, kind == Tag::map};
            at = payload;
        } else {
            checkScalar(kind, {payload, static_cast<std::size_t>(end - payload)});
            at = end;
        }
    }
}

std::string_view checkedBytes(dalate_str bytes) {
    if (bytes.p == nullptr && bytes.n != 0) throw Error(400, "core.host.text");
    return {bytes.p, bytes.n};
}

std::string_view checkedText(dalate_str text) {
    const std::string_view bytes = checkedBytes(text);
    if (findInvalidUtf8(bytes) != std::string_view::npos) throw Error(400, "core.host.text");
    return bytes;
}

} // namespace dalate::host
