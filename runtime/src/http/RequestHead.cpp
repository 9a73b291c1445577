// SPDX-License-Identifier: Apache-2.0
#include "http/RequestHead.h"

namespace dalate::http {

namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

} // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

std::string_view RequestHead::path() const noexcept {
    return target().substr(0, pathLength_);
}

std::string_view RequestHead::query() const noexcept {
    const std::string_view whole = target();
    return whole.size() > pathLength_ ? whole.substr(pathLength_ + 1u) : std::string_view{};
}

std::optional<std::string_view> RequestHead::header(std::string_view name) const noexcept {
    for (const FieldSpan& field : fields_)
        if (equalsIgnoringCase(view(field.name), name)) return view(field.value);
    return std::nullopt;
}

} // namespace dalate::http
