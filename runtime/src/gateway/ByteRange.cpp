// SPDX-License-Identifier: Apache-2.0
#include "gateway/ByteRange.h"

#include <algorithm>
#include <charconv>

namespace dalate::gateway {

namespace {

/// Digits alone; nothing for anything else, an empty text among it.
std::optional<std::uint64_t> digits(std::string_view text) noexcept {
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

} // namespace

ByteRange rangeOf(std::optional<std::string_view> field, std::uint64_t size) noexcept {
    const ByteRange whole{ByteRange::Kind::whole, 0, size};
    constexpr std::string_view unit = "bytes=";
    if (!field || !field->starts_with(unit)) return whole;
    const std::string_view range = field->substr(unit.size());
    const std::size_t dash = range.find('-');
    if (dash == std::string_view::npos) return whole;
    const std::string_view from = range.substr(0, dash), to = range.substr(dash + 1);
    const auto first = digits(from), last = digits(to);
    // A number that is none, or a second range, is not understood; nothing before the dash asks for the end.
    if ((!from.empty() && !first) || (!to.empty() && !last) || (!first && !last)) return whole;
    if (!first) {
        const std::uint64_t length = std::min(*last, size);
        if (length == 0) return {ByteRange::Kind::unsatisfiable, 0, 0};
        return {ByteRange::Kind::part, size - length, length};
    }
    if (last && *last < *first) return whole;
    if (*first >= size) return {ByteRange::Kind::unsatisfiable, 0, 0};
    return {ByteRange::Kind::part, *first, std::min(last ? *last : size - 1, size - 1) - *first + 1};
}

} // namespace dalate::gateway
